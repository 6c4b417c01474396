"""The power goes at every point of a short day: what may be left on the disk is opened and goes on.

The long day, with checkpoints in the middle of the work and every kind of loss, and all the mutants, also
those of the day of records (coming in, sending, giving out, erasing, backups):
`python -m tests.crash.lost_writes [--mutants]`.
"""

from pathlib import Path
from random import Random

import pytest

from tests.crash.lost_writes.campaign import Campaign, run
from tests.crash.lost_writes.cuts import FEW, MANY, SOME, remains
from tests.crash.lost_writes.days import OF_RECORDS, SHORT
from tests.crash.lost_writes.disk import (
    Disk,
    Enter,
    Leave,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Write,
)
from tests.crash.lost_writes.hunting import PROJECT, commits_of_the_day, hunt, hunt_commit
from tests.crash.lost_writes.mutant import Mutant
from tests.crash.lost_writes.mutants import MUTANTS, unguarded
from tests.crash.lost_writes.rules import broken_rules

IN_EVERY_RUN = ("synchronous=NORMAL", "PIN marker not synced", "segment's name not synced")


@pytest.mark.timeout(240)
def test_no_power_cut_loses_what_was_acknowledged() -> None:
    counts = run(Campaign(SHORT, FEW))
    assert counts.failures == []
    assert counts.holds
    assert counts.cuts > 200
    assert counts.opened > 400
    assert counts.recovered > 60


@pytest.mark.timeout(600)
def test_no_power_cut_on_a_day_of_records_loses_what_was_acknowledged() -> None:
    counts = run(Campaign(OF_RECORDS, SOME))
    assert counts.failures == []
    assert counts.holds
    assert counts.cuts > 200
    assert counts.opened > 250
    assert counts.recovered > 100


def test_rules_that_no_cut_can_show(tmp_path: Path) -> None:
    assert broken_rules(tmp_path) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", IN_EVERY_RUN)
def test_a_missing_line_is_noticed(name: str) -> None:
    mutant = next(mutant for mutant in MUTANTS if mutant.name == name)
    assert hunt(mutant).by.startswith("lost writes")


@pytest.mark.timeout(240)
def test_an_intent_that_is_not_committed_first_is_noticed() -> None:
    intent = next(site for site in commits_of_the_day() if site.startswith("cards/desk.py:perform"))
    assert "write_ahead" in hunt_commit(intent).by


def test_every_line_that_makes_something_durable_has_its_mutant() -> None:
    assert list(unguarded(PROJECT)) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutants_follow_the_code(mutant: Mutant) -> None:
    text = PROJECT.joinpath(mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.line) == 1
    assert mutant.instead != mutant.line


# The model of the disk itself


def _disk(*events: Enter | Write | Truncate | Rename | Leave | SyncFile | SyncFolder) -> Disk:
    disk = Disk()
    for event in events:
        disk.take(event)
    return disk


def _everything(disk: Disk) -> dict[str, bytes]:
    return disk.after_cut(disk.pending)


def test_what_was_synced_is_there() -> None:
    disk = _disk(Enter("a", 1), Write(1, 0, b"new"), SyncFile(1), SyncFolder(""), Write(1, 1, b"--"))
    assert disk.after_cut([]) == {"a": b"new"}
    assert _everything(disk) == {"a": b"n--"}


def test_a_synced_file_is_lost_with_its_name() -> None:
    disk = _disk(Enter("a", 1), Write(1, 0, b"new"), SyncFile(1))
    assert disk.after_cut([]) == {}
    assert disk.after_cut([Enter("a", 1)]) == {"a": b"new"}


def test_a_file_is_lost_with_the_folder_that_it_is_in() -> None:
    disk = _disk(Enter("d", None), Enter("d/a", 1), SyncFolder("d"))
    assert disk.after_cut([]) == {}
    assert disk.after_cut([Enter("d", None)]) == {"d/a": b""}


def test_a_rename_before_its_data_leaves_an_empty_file() -> None:
    old = (Enter("a", 1), Write(1, 0, b"old"), SyncFile(1), SyncFolder(""))
    disk = _disk(*old, Enter("b", 2), Write(2, 0, b"new"), Rename("b", "a"))
    assert disk.after_cut([Enter("b", 2), Rename("b", "a")]) == {"a": b""}
    assert disk.after_cut([Enter("b", 2)]) == {"a": b"old", "b": b""}
    assert disk.after_cut([Rename("b", "a")]) == {"a": b"old"}


def test_a_file_goes_with_the_folder_that_is_renamed() -> None:
    made = (Enter("d", None), Enter("d/a", 1), Write(1, 0, b"new"), SyncFile(1))
    disk = _disk(*made, SyncFolder("d"), SyncFolder(""), Rename("d", "e"))
    assert disk.after_cut([]) == {"d/a": b"new"}
    assert _everything(disk) == {"e/a": b"new"}
    disk = _disk(*made, SyncFolder(""), Rename("d", "e"), SyncFolder(""))
    assert disk.after_cut([]) == {"e/": b""}
    assert _everything(disk) == {"e/a": b"new"}
    disk.take(SyncFolder("e"))
    assert disk.after_cut([]) == {"e/a": b"new"}


def test_a_move_is_there_when_both_folders_are_synced() -> None:
    made = (Enter("d", None), Enter("a", 1), SyncFolder(""))
    for first, second in (("d", ""), ("", "d")):
        disk = _disk(*made, Rename("a", "d/a"), SyncFolder(first))
        assert disk.after_cut([]) == {"a": b"", "d/": b""}
        disk.take(SyncFolder(second))
        assert disk.after_cut([]) == {"d/a": b""}


def test_a_removed_name_may_come_back() -> None:
    disk = _disk(Enter("a", 1), SyncFolder(""), Leave("a"))
    assert disk.after_cut([]) == {"a": b""}
    assert _everything(disk) == {}


def test_later_writes_may_land_without_earlier_ones() -> None:
    disk = _disk(Enter("a", 1), SyncFolder(""), Write(1, 0, b"12"), Write(1, 4, b"56"), Truncate(1, 5))
    assert disk.after_cut([Write(1, 4, b"56")]) == {"a": b"\0\0\0\00056"}
    assert _everything(disk) == {"a": b"12\0\0005"}


def test_writes_are_torn_at_sectors_of_the_file() -> None:
    write = Write(1, 500, bytes(range(1, 31)))
    assert write.boundaries() == [512]
    assert write.part(500, 512).data == bytes(range(1, 13))
    assert write.part(512, 530) == Write(1, 512, bytes(range(13, 31)))


def test_every_kind_of_loss_is_built() -> None:
    disk = _disk(Enter("a", 1), SyncFolder(""), Write(1, 0, bytes([1]) * 2048), Write(1, 2048, b"end"))
    built = list(remains(disk, MANY, Random(1)))
    assert {one.kind for one in built} == {"none", "all", "prefix", "dropped", "torn", "zeroed", "mixed"}
    found = {disk.after_cut(one.landed)["a"] for one in built}
    assert b"" in found
    assert bytes([1]) * 512 + bytes(1536) + b"end" in found
    assert bytes(2048) + b"end" in found
