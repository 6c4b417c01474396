"""A small version of the mass offices, and what the program says when something is wrong.

The other stages: tests/crash/test_crash_points.py, tests/crash/test_lost_writes.py, and beside this file.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.reliability import __main__ as program
from tests.reliability.invariants import Counts, Examination
from tests.reliability.mass import Demand, MassResult, simulate
from tests.reliability.mass_office import MassTally
from tests.reliability.options import Options, read_options
from tests.reliability.page import BLOCK, PAGE, publish
from tests.reliability.report import Report
from tests.reliability.stages import Say, Stage

NONE = (0, 0, 0)


def _zeros(counts: Counts) -> tuple[int, int, int]:
    return counts.duplicates, counts.unaccounted, counts.unverified


# ---- the stages ----


@pytest.mark.timeout(600)
def test_mass_offices_lose_nothing() -> None:
    result = simulate(Demand(cards=200, seed=70, jobs=50))
    assert result.failures == []
    assert _zeros(result.tally.examination.counts) == NONE
    assert result.cards >= 200
    assert len(result.tally.struck) > 5


@pytest.mark.timeout(600)
def test_a_person_who_lies_is_noticed() -> None:
    with (
        patch("tests.reliability.person.is_good", lambda card: True),
        patch("tests.reliability.mass.FAULTS", (0.8,)),
        patch("tests.reliability.mass.DEATHS", (0.0,)),
    ):
        result = simulate(Demand(cards=1, seed=3, jobs=25, offices=1))
    assert any("is ready in the books, but removed" in failure for failure in result.failures)


# ---- the program ----


def _stages(result: MassResult) -> Mapping[str, Stage]:
    def mass(options: Options, report: Report, say: Say) -> None:
        """Say what the test wants."""
        report.mass = result
        report.failures += result.failures

    return {"mass": mass}


def _run(result: MassResult, *words: str) -> int:
    with patch.object(program, "BY_NAME", _stages(result)):
        return program.main(["--only", "mass", "--cards", "10", *words])


def _result(cards: int = 10, duplicates: int = 0, failures: tuple[str, ...] = ()) -> MassResult:
    examination = Examination(Counts(cards, duplicates))
    tally = MassTally(questions=3, latches=1, deaths=20, examination=examination)
    tally.struck["no_answer"] = 30
    return MassResult(1, tally, list(failures), wall=60.0)


def test_it_ends_with_the_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(_result(), "--json", str(tmp_path / "counts.json")) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == ["duplicates: 0", "unaccounted blanks: 0", "chips printed unverified: 0"]
    assert "questions asked of a person per 1,000 faults: 60.0" in said
    document = json.loads((tmp_path / "counts.json").read_text())
    assert document["holds"] is True
    assert document["counts"]["cards simulated in process"] == 10


def test_a_duplicate_is_no_success() -> None:
    assert _run(_result(duplicates=1)) == 1


def test_too_few_cards_are_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_result(cards=9)) == 1
    assert "NOT REACHED cards in process: 9 of 10" in capsys.readouterr().out


def test_a_failure_is_said_and_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_result(failures=("office 7: a card was printed twice",))) == 1
    assert "FAILED office 7: a card was printed twice" in capsys.readouterr().out


def test_a_part_of_the_proof_is_not_published(capsys: pytest.CaptureFixture[str]) -> None:
    before = PAGE.read_text(encoding="utf-8")
    assert _run(_result(), "--write") == 0
    assert "is left as it is" in capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8") == before


def test_the_page_has_a_place_for_the_counts(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    publish(Report(mass=_result(), seconds={"mass": 60.0}), page)
    block = BLOCK.search(page.read_text(encoding="utf-8"))
    assert block is not None
    assert "| cards simulated in process | 10 |" in block[0]
    assert "| station killed | 20 |" in block[0]
    with pytest.raises(LookupError):
        (tmp_path / "bare.md").write_text("no marks\n")
        publish(Report(), tmp_path / "bare.md")


def test_options_name_a_case_and_a_sample() -> None:
    assert read_options(["--deaths", "2:12,40"]).deaths == (2, (12, 40))
    assert read_options(["--second-deaths", "7"]).second_deaths == 7
    assert read_options([]).second_deaths is None
    assert read_options(["--only", "mass", "--only", "crash"]).only == ("crash", "mass")
    for wrong in (["--cards", "0"], ["--deaths", "2"], ["--only", "luck"]):
        with pytest.raises(SystemExit):
            read_options(wrong)
