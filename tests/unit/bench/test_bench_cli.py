"""The command line of the bench, on which `make bench` and whoever reads its last line rely."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from tests.bench.__main__ import main
from tests.bench.groups import GROUPS
from tests.bench.rows import BenchFailed, Group, Row

PROJECT = Path(__file__).parents[3]
QUICKEST = "chip"


class LineRow(BaseModel):
    """One row of the last line."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    ours: float
    peer: float
    ratio: float
    goal: float | None


class LastLine(BaseModel):
    """The last line."""

    model_config = ConfigDict(extra="forbid")

    rows: tuple[LineRow, ...]


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the bench as the Makefile does."""
    command = [sys.executable, "-m", "tests.bench", *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def groups_of(*rows: Row) -> tuple[Group, ...]:
    """One group for each row, named by its place: g1, g2, ..."""
    return tuple(Group(f"g{place}", "made up", partial(tuple, (row,))) for place, row in enumerate(rows, 1))


def last_line(text: str) -> LastLine:
    return LastLine.model_validate_json(text.splitlines()[-1])


def test_one_group_as_table_and_as_last_line() -> None:
    done = bench("--name", QUICKEST, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = last_line(done.stdout).rows
    assert rows
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.ratio == pytest.approx(row.ours / row.peer, abs=0.001)
        assert row.name in done.stdout.splitlines()[2 + rows.index(row)]


def test_without_json_there_is_only_the_table() -> None:
    done = bench("--name", QUICKEST)
    assert done.returncode == 0
    assert "{" not in done.stdout


def test_unknown_group_is_wrong_usage() -> None:
    done = bench("--name", "letter-box")
    assert (done.returncode, done.stdout) == (2, "")
    assert QUICKEST in done.stderr  # it says which there are


def test_missed_goal_is_marked_and_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    met, missed = Row("fast: ms", 1.0, 2.0, "a peer", 1.0), Row("slow: ms", 3.0, 2.0, "a peer", 1.0)
    assert main(["--json"], groups_of(met, missed)) == 0
    text = capsys.readouterr().out
    marked = [line for line in text.splitlines() if "MISSED" in line]
    assert len(marked) == 1
    assert marked[0].startswith("slow: ms")
    assert [(row.ratio, row.goal) for row in last_line(text).rows] == [(0.5, 1.0), (1.5, 1.0)]


def test_all_groups_are_measured_when_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    groups = groups_of(Row("a", 1.0, 1.0, "p"), Row("b", 1.0, 1.0, "p"))
    assert main(["--json"], groups) == 0
    assert [row.name for row in last_line(capsys.readouterr().out).rows] == ["a", "b"]
    assert main(["--json", "--name", "g2"], groups) == 0
    rows = last_line(capsys.readouterr().out).rows
    assert [(row.name, row.goal) for row in rows] == [("b", None)]


def test_numbers_are_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"], groups_of(Row("a", 98, 86, "p"))) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"][0]
    assert row == {"name": "a", "ours": 98, "peer": 86, "ratio": 1.1395, "goal": None}


def test_group_names_are_unique() -> None:
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_what_cannot_be_measured_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> tuple[Row, ...]:
        raise BenchFailed("the printer is not there")

    assert main(["--json"], (Group("broken", "made up", fail),)) == 1
    written = capsys.readouterr()
    assert written.err == "tests.bench: broken: the printer is not there\n"
    assert "rows" not in written.out
