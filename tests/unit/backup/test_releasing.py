"""After a restore nobody gets a second card, whatever was made after the backup and whoever knows of it."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from station.audit.verify import verify
from station.blanks.ledger import Account
from station.cards.store import JobState
from station.database import Database
from station.errors import Refused
from station.ports import ChipState
from tests.fakes.backup import BackupStation
from tests.fakes.devices import FakeCard, FakeLane
from tests.fakes.forging import forging
from tests.unit.backup.conftest import BLANKS, Opener


class Death(BaseException):
    """The power goes, and takes the disk with it."""


def lose_the_disk(station: BackupStation, opened: Opener) -> BackupStation:
    target = station.folder.parent / f"restored-{len(station.place.names())}"
    station.restore(target)
    back = opened(target, station.devices)
    with pytest.raises(Refused):
        back.worker().run_batch()  # notes the printer's counters, and does nothing else
    return back


def the_card_of(station: BackupStation, nik: str) -> FakeCard | None:
    """The card of a person that the devices hold, printed."""
    cards = [
        card for card in station.devices.cards if card.faces and card.content and card.content.nik == nik
    ]
    assert len(cards) <= 1, "one person has two printed cards"
    return cards[0] if cards else None


def nik_of(station: BackupStation, job: int) -> str:
    from station.records.folder import read_record

    return read_record(Path(station.job(job).folder)).data.nik


def answer_truthfully(station: BackupStation) -> None:
    """A person looks at the cards that exist and says what is so."""
    for question in station.questions():
        verdict = "not_made"
        if question.name == "made_since_backup":
            card = the_card_of(station, nik_of(station, question.job or 0))
            verdict = "made" if card else "not_made"
        elif question.name == "print_unknown":
            card = next(one for one in station.devices.cards if one.uid.hex() in question.payload)
            verdict = "printed_good" if card.faces and card.place == "tray" else "spoiled"
        elif question.name == "print_again":
            verdict = "print_again"
        elif question.name == "load_unknown":
            verdict = "spoiled"
        elif question.name in ("card_missing", "reject_unknown"):
            verdict = "missing"
        station.answering.answer(question.sequence, verdict, "Siti", "looked at the cards")


def work_off(station: BackupStation) -> None:
    for _ in range(8):
        station.worker().run_batch()
        if not station.questions():
            return
        answer_truthfully(station)


def take_card_out(devices: FakeLane) -> None:
    if devices.inside is not None:
        devices.leave("taken out")


def nobody_has_two(devices: FakeLane) -> None:
    faces = Counter(card.content.nik for card in devices.cards if card.faces and card.content)
    assert max(faces.values(), default=0) <= 1, "one person has two printed cards"
    assert all(len(card.faces) <= 1 for card in devices.cards)


def test_cards_that_nobody_has_written_down_are_seen_by_the_printers_counter(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    station.add(folders[:3])
    station.worker().run_batch(1)
    station.back_up()
    station.worker().run_batch(1)
    back = lose_the_disk(station, opened)
    (lane,) = back.compare().unexplained
    assert lane.before is not None and lane.after is not None
    assert (lane.before.inserted, lane.after.inserted, lane.unexplained) == (1, 2, 1)
    back.count_everything()
    with pytest.raises(Refused) as refused:
        back.release()
    assert refused.value.code == "RESTORE_UNEXPLAINED"
    assert refused.value.values["lanes"] == "A: 1"
    back.release(ask_each=True)
    work_off(back)
    nobody_has_two(station.devices)
    assert [back.job(number).state for number in (1, 2, 3)] == [
        JobState.READY,
        JobState.GIVEN_UP,
        JobState.READY,
    ]


def test_a_job_that_is_added_later_is_asked_about_too(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    """Its record may have come in, been printed and been lost between the backup and the restore."""
    station.add(folders[:1])
    station.worker().run_batch()
    station.back_up()
    station.add(folders[1:2])
    station.worker().run_batch()
    back = lose_the_disk(station, opened)
    back.count_everything()
    back.release(ask_each=True)
    back.add(folders[1:3])
    work_off(back)
    nobody_has_two(station.devices)
    assert [back.job(number).state for number in (2, 3)] == [JobState.GIVEN_UP, JobState.READY]
    with pytest.raises(Refused) as refused:
        back.add(folders[1:2])
    assert refused.value.code == "CARD_SINCE_BACKUP"


def test_the_database_itself_knows_a_card_that_was_made_since(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    test_a_job_that_is_added_later_is_asked_about_too(station, opened, folders)
    back = opened(station.folder.parent / "restored-1", station.devices)
    with pytest.raises(Refused) as rule, back.database.transaction() as transaction:
        transaction.exec_driver_sql("UPDATE jobs SET state = 'queued' WHERE id = 2")
    assert "made after the backup" in str(rule.value)


FORGED_CARDS = (
    "DELETE FROM cards_since_backup",
    "UPDATE cards_since_backup SET person = 'x'",
    "UPDATE cards_since_backup SET issue = issue + 1",
    "UPDATE cards_since_backup SET card = '80'",
    "UPDATE cards_since_backup SET restoration = restoration + 1",
    "UPDATE cards_since_backup SET journal = journal + 1",
    "UPDATE cards_since_backup SET source = 'trail'",
    "INSERT INTO cards_since_backup SELECT 'x', issue, card, restoration, journal, source"
    " FROM cards_since_backup",
)
FORGED_RESTORES = (
    "DELETE FROM restorations",
    "UPDATE restorations SET journal = journal + 1",
    "UPDATE restorations SET backup = 'x'",
    "UPDATE restorations SET state_of = 'x'",
    "UPDATE restorations SET released = NULL",
    "UPDATE restorations SET asks_each = 0",
    "INSERT INTO restorations SELECT 1, backup, state_of, restored_at, released, asks_each FROM restorations",
)


def test_what_a_restore_has_written_is_held_against_the_journal(
    station: BackupStation, opened: Opener, folders: list[Path], tmp_path: Path
) -> None:
    """Without the row of a card that was made since, its person would get a second one."""
    test_a_job_that_is_added_later_is_asked_about_too(station, opened, folders)
    back = opened(station.folder.parent / "restored-1", station.devices)
    assert back.audit() == []
    for statement in (*FORGED_CARDS, *FORGED_RESTORES):
        found = found_in_forged_copy(back, tmp_path / "copy", statement)
        kind = "made_cards_differ" if statement in FORGED_CARDS else "restores_differ"
        assert kind in found, statement


def found_in_forged_copy(station: BackupStation, folder: Path, statement: str) -> set[str]:
    """The faults that an audit finds in a copy of the database to which somebody has done this."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with station.database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(folder / "station.db"),))
        cursor.close()
    copy = Database("sqlite:///station.db", folder)
    with forging(copy) as forged:
        assert forged.execute(statement).rowcount == 1, statement
    faults = verify(copy, station.key, station.source.anchor).faults
    copy.close()
    return {fault.kind.value for fault in faults}


def test_a_card_made_since_a_backup_is_known_after_the_next_disk_has_died(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    """The answer was written down beside the second backup; the card it tells of is a live card still."""
    station.add(folders[:1])
    station.worker().run_batch()
    station.back_up()
    station.add(folders[1:2])
    station.worker().run_batch()
    back = lose_the_disk(station, opened)
    back.count_everything()
    back.release(ask_each=True)
    back.back_up(known=True)
    back.add(folders[1:2])
    work_off(back)
    back.keeper().round()
    again = lose_the_disk(back, opened)
    assert again.audit() == []
    with pytest.raises(Refused) as refused:
        again.add(folders[1:2])
    assert refused.value.code == "CARD_SINCE_BACKUP"
    nobody_has_two(station.devices)


def test_a_printer_that_was_exchanged_explains_nothing(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    station.add(folders[:2])
    station.worker().run_batch(1)
    station.back_up()
    station.devices.cards_inserted = 0  # another printer, nearly new
    back = lose_the_disk(station, opened)
    (lane,) = back.compare().unexplained
    assert lane.unexplained is None


def test_asking_ends_when_two_people_have_settled_it(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    station.add(folders[:3])
    station.back_up()
    station.worker().run_batch(1)
    back = lose_the_disk(station, opened)
    back.count_everything()
    back.release(ask_each=True)
    back.worker().run_batch()
    answer_truthfully(back)
    back.release()
    with pytest.raises(Refused) as refused:
        back.release()
    assert refused.value.code == "RESTORE_NOT_OPEN"
    back.add(folders[3:4])
    back.worker().run_batch()
    assert back.questions() == []
    nobody_has_two(station.devices)


def test_a_hold_that_was_lifted_with_a_tool_is_found(station: BackupStation, opened: Opener) -> None:
    station.back_up()
    back = lose_the_disk(station, opened)
    with back.database.transaction() as transaction:
        transaction.exec_driver_sql("DROP TRIGGER restorations_counted_first")
        transaction.exec_driver_sql("UPDATE restorations SET released = 1")
    assert [fault.kind.value for fault in back.audit()] == ["restores_differ"]


def test_a_release_needs_a_reason(station: BackupStation, opened: Opener) -> None:
    from station.backup.releasing import release

    with pytest.raises(Refused) as refused:
        release(station.database, station.journal, ["A"], ("Siti", "Budi"), " ", ask_each=True)
    assert refused.value.code == "REASON_MISSING"


# ---- the disk dies at every point of the work ----


@contextmanager
def dying(station: BackupStation, at: int | None, known_until: int = 0) -> Iterator[list[int]]:
    """The station dies at the n-th commit or device command; counts them.

    Until some point before, what a device is about to do or has done finds its rows beside the backup.
    """
    reached, keeper, keeping = [0], station.keeper(), list[bool]()

    def point(where: str) -> None:
        reached[0] += 1
        if reached[0] == at:
            raise Death(where)

    def before_commit(connection: Connection) -> None:
        if not keeping:
            point("commit")

    def before_device(where: str) -> None:
        if reached[0] < known_until:
            keeping.append(True)
            keeper.round()
            keeping.clear()
        point(where)

    event.listen(station.database.engine, "commit", before_commit)
    station.devices.hook = before_device
    try:
        yield reached
    finally:
        station.devices.hook = lambda where: None
        event.remove(station.database.engine, "commit", before_commit)


def work_until_death(station: BackupStation, at: int | None, known_until: int = 0) -> int:
    with dying(station, at, known_until) as reached:
        try:
            station.worker().run_batch()
        except Death:
            return -1
    return reached[0]


POINTS = 42


@pytest.mark.timeout(600)
@pytest.mark.parametrize("behind", [0, 1, 4, 9, POINTS])
@pytest.mark.parametrize("at", range(1, POINTS, 4))
def test_no_death_of_the_disk_makes_a_second_card(
    station: BackupStation, opened: Opener, folders: list[Path], at: int, behind: int
) -> None:
    """With the continuation up to the death, some points behind, and without any: then the counters speak."""
    station.devices.cards[0].bad = True
    station.add(folders[:2])
    station.back_up()
    assert work_until_death(station, at, at - behind if behind else 0) == -1
    if not behind:
        station.keeper().round()
    back = lose_the_disk(station, opened)
    back.count_everything()
    if back.compare().unexplained:  # the manual: take it out first, nobody knows whose it is
        take_card_out(station.devices)
    back.release(ask_each=bool(back.compare().unexplained))
    work_off(back)
    nobody_has_two(station.devices)
    assert back.audit() == []
    printed = sum(bool(card.faces) for card in station.devices.cards)
    assert printed == 2
    if not behind:
        assert [back.job(number).state for number in (1, 2)] == [JobState.READY, JobState.READY]
        assert back.balances().difference == 0
        assert back.balances().totals[Account.ISSUED] == 2
        assert len(station.devices.hopper) == back.balances().totals[Account.IN_MACHINE]


def test_a_chip_that_was_locked_behind_the_last_known_row_becomes_its_card(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    """It carries a working identity already: rejected as a bad blank it would be a second one in the box."""
    station.add(folders[:1])
    station.back_up()
    keeper = station.keeper()

    def die(where: str) -> None:
        if where == "after write":
            keeper.round()
        if where == "after activate":
            raise Death(where)

    station.devices.hook = die
    with pytest.raises(Death):
        station.worker().run_batch()
    station.devices.hook = lambda where: None
    back = lose_the_disk(station, opened)
    assert back.compare().unexplained == ()
    back.count_everything()
    back.release()
    back.worker().run_batch()
    assert back.job(1).state is JobState.READY
    assert [card.place for card in station.devices.cards if card.state is ChipState.ACTIVATED] == ["tray"]
    assert back.audit() == []


def test_the_points_cover_the_whole_work(station: BackupStation, folders: list[Path]) -> None:
    station.devices.cards[0].bad = True
    station.add(folders[:2])
    assert work_until_death(station, None) + 3 >= POINTS
    assert len(station.devices.cards) == BLANKS
