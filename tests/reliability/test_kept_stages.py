"""A proof of more than an hour goes on where it ended: with what held, for the same program only."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.crash.lost_writes.campaign import Counts as PowerCounts
from tests.reliability import __main__ as program
from tests.reliability import kept
from tests.reliability.exploring import Tally
from tests.reliability.invariants import Counts, Examination
from tests.reliability.kept import PARTS, KeptStages, program_digest
from tests.reliability.mass import MassResult
from tests.reliability.mass_office import MassTally
from tests.reliability.options import STAGES, Options
from tests.reliability.report import Report
from tests.reliability.stages import Say, Stage
from tests.reliability.state_machine import StateMachineTally


class OneStage:
    """A stage that counts how often it was run."""

    def __init__(self, duplicates: int = 0, failures: tuple[str, ...] = ()) -> None:
        self.runs, self._duplicates, self._failures = 0, duplicates, failures

    def stage(self, options: Options, report: Report, say: Say) -> None:
        """Make ten cards."""
        self.runs += 1
        tally = MassTally(deaths=4, examination=Examination(Counts(10, self._duplicates)))
        report.mass = MassResult(1, tally, wall=60.0)
        report.failures += self._failures

    @property
    def by_name(self) -> Mapping[str, Stage]:
        return {"mass": self.stage}


def _run(stage: OneStage, folder: Path, *words: str) -> int:
    with patch.object(program, "BY_NAME", stage.by_name):
        return program.main(["--only", "mass", "--cards", "10", "--keep", str(folder), *words])


def test_what_held_is_not_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = OneStage()
    assert (_run(stage, tmp_path), _run(stage, tmp_path)) == (0, 0)
    assert stage.runs == 1
    first, second = capsys.readouterr().out.split("== mass")[1:]
    assert "held already" not in first
    assert "held already" in second
    assert "cards simulated in process: 10" in second


def test_other_options_are_another_proof(tmp_path: Path) -> None:
    stage = OneStage()
    _run(stage, tmp_path)
    _run(stage, tmp_path, "--seed", "2")
    assert stage.runs == 2


def test_another_program_is_another_proof(tmp_path: Path) -> None:
    stage = OneStage()
    _run(stage, tmp_path)
    with patch.object(kept, "program_digest", lambda: "another"):
        _run(stage, tmp_path)
    assert stage.runs == 2


@pytest.mark.parametrize("bad", [OneStage(failures=("office 7: lost a blank",)), OneStage(duplicates=1)])
def test_what_did_not_hold_is_run_again(bad: OneStage, tmp_path: Path) -> None:
    assert (_run(bad, tmp_path), _run(bad, tmp_path)) == (1, 1)
    assert bad.runs == 2


def test_a_torn_file_is_no_proof(tmp_path: Path) -> None:
    stage = OneStage()
    _run(stage, tmp_path)
    file = tmp_path / "mass.json"
    file.write_bytes(file.read_bytes()[:100])
    _run(stage, tmp_path)
    assert stage.runs == 2


def test_every_stage_comes_back_as_it_was(tmp_path: Path) -> None:
    tally = MassTally(struck=Counter({"jam": 3}), examination=Examination(Counts(7)))
    report = Report(
        first=Tally(5, 5, 1, Counts(4)),
        second=Tally(50, 9, 2, Counts(8)),
        power=PowerCounts(events=Counter({"write": 2}), cuts=3, opened=4, passed=4),
        mass=MassResult(2, tally, wall=3.0),
        pcscd=tally,
        machine=StateMachineTally(3, 40),
        seconds=dict.fromkeys(STAGES, 1.5),
    )
    stages, again = KeptStages(tmp_path, Options()), Report()
    for stage in PARTS:
        stages.keep(stage, report)
        assert stages.take(stage, again) is not None
    assert tuple(PARTS) == STAGES
    assert again == report


def test_every_byte_of_the_program_counts(tmp_path: Path) -> None:
    room = tmp_path / "station"
    room.mkdir()
    (tmp_path / "requirements.lock").write_text("")
    digests = set[str]()
    for name, content in (("a.py", "1"), ("a.py", "2"), ("b.toml", "1"), ("notes.txt", "1")):
        (room / name).write_text(content)
        digests.add(program_digest(tmp_path))
    assert len(digests) == 3
