"""Letters in a backup: carried, opened, erased again; and no number used twice after a restore."""

import shutil
from pathlib import Path

import pytest

from station.audit.heads import JournalSeal
from station.audit.verify import verify
from station.backup.continuation import ContinuationWriter
from station.backup.making import BackupMaker, BackupSource
from station.backup.place import ANCHOR, BackupPlace
from station.backup.releasing import RestoreReleased
from station.backup.restoring import Restorer
from station.backup.verifying import BackupFault, Verifier
from station.disk_space.guard import DiskSpaceGuard
from station.errors import Refused
from station.letters import after_restore
from station.letters.after_restore import NumbersKnown
from station.letters.rows import LetterState, VoidCause, WithdrawalCause
from station.letters.status_list import of_register
from station.letters.store import Letter
from station.letters.withdrawing import withdraw
from station.restoration import store as restorations
from station.restoration.rows import RELEASED
from station.retention.erasing import Erasing
from station.vault.segments import segment_path
from tests.fakes.backup import NO_LIMITS
from tests.fakes.letters import LOST, LetterClock, LetterStation
from tests.fakes.software_keys import SoftSigner
from tests.fakes.vault import SoftMasterKey
from tests.unit.vault.vault_station import Guest


class Backups:
    """The backups of a station that issues letters."""

    def __init__(self, station: LetterStation, place: Path) -> None:
        place.mkdir(exist_ok=True)
        self.station, self.place, self.key = station, BackupPlace(place), SoftSigner()

    def make(self) -> None:
        self.station.clock.sleep(1)
        source = BackupSource(
            database=self.station.database,
            journal=self.station.journal,
            clock=self.station.clock,
            data=self.station.folder,
            anchor=self.station.folder / ANCHOR,
            key=self.key,
            key_name="pkcs11:token=fake;object=journal",
            master=SoftMasterKey(),
            office="KABUPATEN CONTOHARJO",
            guard=DiskSpaceGuard(self.station.folder, NO_LIMITS),
        )
        BackupMaker(source, self.place, 5).make(known=bool(self.place.names()))

    def continue_newest(self) -> None:
        """Copy what the journal has since the newest backup, signed as a running station does it."""
        anchor = self.station.folder / ANCHOR
        JournalSeal(self.station.database, self.station.clock, self.key, anchor).sign()
        ContinuationWriter(self.station.database, self.place, self.place.manifests()[-1]).append()

    def restore(self, target: Path, name: str | None = None) -> LetterStation:
        Restorer(self.place, name or self.place.names()[-1], self.key, self.station.clock).restore(target)
        return LetterStation(target, LetterClock(self.station.clock.now()))


@pytest.fixture
def backups(station: LetterStation, tmp_path: Path) -> Backups:
    return Backups(station, tmp_path / "place")


def release(station: LetterStation) -> None:
    """What two people do after a restore (station/backup/releasing.py), as far as letters see it."""
    with station.database.transaction() as transaction:
        transaction.exec_driver_sql("DROP TRIGGER restorations_counted_first")
        found = restorations.held(transaction)
        assert found is not None
        payload = RestoreReleased(
            backup=found.backup, lanes=(), asks_each=False, reason="test", signers=("Wati", "Siti")
        )
        row = station.journal.event(transaction, RELEASED, payload)
        restorations.release(transaction, found.journal, row, asks_each=False)


def tell_last(station: LetterStation, last: int) -> int:
    said = NumbersKnown(year=2026, last=last, void=0, reason="archive looked through")
    with station.database.transaction() as transaction:
        pattern = station.settings.number
        return after_restore.tell_last(transaction, station.journal, pattern, said, "Wati").void


def refused(station: LetterStation, guest: Guest) -> str:
    with pytest.raises(Refused) as caught:
        station.issue(guest)
    return caught.value.code


def take_back(station: LetterStation, letter: Letter) -> None:
    with station.database.transaction() as transaction:
        withdraw(transaction, station.journal, letter, WithdrawalCause.OTHER, "Siti")


def test_a_backup_carries_letters_and_says_when_one_is_lost(
    station: LetterStation, crowd: list[Guest], backups: Backups, tmp_path: Path
) -> None:
    letters = [station.issue(guest) for guest in crowd[:3]]
    backups.make()
    verifier = Verifier(backups.key, SoftMasterKey())
    found = verifier.verify(backups.place, backups.place.names()[-1], every_record=True)
    assert (found.letters, found.letters_opened, found.faults) == (3, 3, [])
    restored = backups.restore(tmp_path / "restored")
    assert [restored.file(letter).pdf for letter in restored.letters()] == [
        station.file(letter).pdf for letter in letters
    ]
    assert verify(restored.database, backups.key, restored.folder / ANCHOR).faults == []


def test_a_letter_lost_here_is_told_and_keeps_nothing_else_from_being_backed_up(
    station: LetterStation, crowd: list[Guest], backups: Backups
) -> None:
    station.issue(crowd[0])
    segment = segment_path(station.folder / "letters", 1)
    segment.write_bytes(bytes(len(segment.read_bytes())))
    backups.make()
    name = backups.place.names()[-1]
    faults = Verifier(backups.key, SoftMasterKey()).verify(backups.place, name).faults
    assert [fault for fault, _ in faults] == [BackupFault.LETTER_LOST]


def test_after_a_restore_no_number_is_taken_before_somebody_has_looked(
    station: LetterStation, crowd: list[Guest], backups: Backups, tmp_path: Path
) -> None:
    station.issue(crowd[0])
    backups.make()
    for guest in crowd[1:4]:
        station.issue(guest)  # on paper, and in no book that is left
    back = backups.restore(tmp_path / "restored")
    assert refused(back, crowd[1]) == "RESTORE_HOLDS"
    release(back)
    assert refused(back, crowd[1]) == "LETTER_NUMBERS_UNKNOWN"
    known = len(back.letters())
    with pytest.raises(Refused) as caught:
        tell_last(back, known - 1)
    assert caught.value.code == "LETTER_LAST_WRONG"
    assert tell_last(back, 4) == 4 - known
    assert back.issue(crowd[1]).place == 5
    void = [letter for letter in back.letters() if letter.state is LetterState.VOID]
    assert all(letter.cause == VoidCause.AFTER_RESTORE for letter in void)
    made, _ = of_register(back.database, back.clock, back.settings, 2026)
    assert [made.withdrawn(place) for place in range(1, 6)] == [False] * 5
    assert verify(back.database, backups.key, back.folder / ANCHOR).faults == []


def test_rows_that_are_known_keep_their_numbers_without_their_files(
    station: LetterStation, crowd: list[Guest], backups: Backups, tmp_path: Path
) -> None:
    """The continuation tells of what came after the backup; the files of that are lost with the disk."""
    station.issue(crowd[0])
    backups.make()
    letter, second = station.issue(crowd[1]), station.issue(crowd[2])
    take_back(station, second)
    backups.continue_newest()
    back = backups.restore(tmp_path / "restored")
    assert [one.state for one in back.letters()] == ["issued", "issued", "withdrawn"]
    lost = back.find(letter.number)
    assert (lost.content_hash, lost.wrapped_key) == (None, None)
    with pytest.raises(Refused) as caught:
        back.file(lost)
    assert caught.value.code == "LETTER_FILE_GONE"
    assert verify(back.database, backups.key, back.folder / ANCHOR).faults == []
    release(back)
    tell_last(back, 3)
    renewed = back.issuing.renew(letter.number, LOST)
    assert (renewed.place, back.file(renewed).pdf[:4]) == (4, b"%PDF")


def test_what_was_erased_after_the_backup_is_erased_again(
    station: LetterStation, crowd: list[Guest], backups: Backups, tmp_path: Path
) -> None:
    letter = station.issue(crowd[0])
    take_back(station, letter)
    backups.make()
    first = backups.place.names()[-1]
    erasing = Erasing(station.database, station.journal, station.clock, station.holding, station.files)
    erasing.erase(crowd[0].record, "Wati", "asked for")
    backups.make()
    shutil.rmtree(station.folder / "letters")
    back = backups.restore(tmp_path / "restored", first)
    gone = back.find(letter.number)
    assert (gone.wrapped_key, gone.erased_at is not None) == (None, True)
