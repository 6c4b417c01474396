"""A restored station knows what the centre has said and received since the backup, and what was set aside."""

from pathlib import Path

import pytest

from station.audit.fault import Fault
from station.audit.heads import JournalSeal
from station.audit.verify import verify
from station.backup.continuation import ContinuationWriter
from station.backup.making import BackupMaker, BackupSource, Made
from station.backup.place import ANCHOR, BackupPlace
from station.backup.restoring import Restored, Restorer
from station.backup.verifying import BackupFault, Verifier
from station.centre.store import PAUSED, mark
from station.disk_space.guard import DiskSpaceGuard
from station.errors import Refused, StationError
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.backup import NO_LIMITS
from tests.fakes.centre import RunningCentre, SendingStation
from tests.fakes.software_keys import SoftSigner
from tests.fakes.vault import SoftMasterKey
from tests.unit.centre.test_exchange_against_journal import (
    BY,
    aside_of,
    pause,
    set_aside_by_a_stricter_program,
)

KEY = SoftSigner()


class KeptStation:
    """A station with an outbox whose disk dies: its backup, and the rows that were written down beside it."""

    def __init__(self, station: SendingStation, centre: RunningCentre, place: Path) -> None:
        self.station, self.centre, self.place = station, centre, BackupPlace(place)
        place.mkdir()
        with station.database.transaction() as transaction:
            add_staff(transaction, station.journal, StaffMember(name=BY, role=Role.SUPERVISOR))
        self.source = BackupSource(
            database=station.database,
            journal=station.journal,
            clock=station.clock,
            data=station.folder,
            anchor=station.folder / ANCHOR,
            key=KEY,
            key_name="pkcs11:token=fake;object=journal",
            master=SoftMasterKey(),
            office="KABUPATEN CONTOHARJO",
            guard=DiskSpaceGuard(station.folder, NO_LIMITS),
        )

    def back_up(self) -> Made:
        return BackupMaker(self.source, self.place, 3).make(known=False)

    def write_down(self, made: Made) -> None:
        """What has happened since is written down beside the backup, signed."""
        JournalSeal(self.station.database, self.station.clock, KEY, self.source.anchor).sign()
        ContinuationWriter(self.station.database, self.place, made.manifest).append()

    def lose_the_disk(self, target: Path) -> tuple[SendingStation, Restored]:
        restored = Restorer(self.place, self.place.names()[-1], KEY, self.station.clock).restore(target)
        return SendingStation(target, self.centre), restored


@pytest.fixture
def kept(station: SendingStation, centre: RunningCentre, tmp_path: Path) -> KeptStation:
    return KeptStation(station, centre, tmp_path / "place")


def audited(station: SendingStation) -> list[Fault]:
    return verify(station.database, KEY, station.folder / ANCHOR).faults


def test_what_the_centre_has_said_and_received_since_is_known(
    kept: KeptStation, station: SendingStation, centre: RunningCentre, tmp_path: Path
) -> None:
    before = station.record(2)
    made = kept.back_up()
    station.record(2, first=2)
    station.round()
    pause(station, "a quarrel about the fee")
    assert audited(station) == []
    kept.write_down(made)
    back, restored = kept.lose_the_disk(tmp_path / "restored")
    assert audited(back) == []
    assert restored.event.lost == 2
    said = "SELECT record, status, digest, at FROM centre_statuses ORDER BY record"
    assert back.values(said) == station.values(said)
    shown = "SELECT centre_status, local_status FROM held_records"
    assert back.values(shown) == [("PRINT_READY_RECORD", "SENT_FOR_ENROLLMENT")] * 2
    for content_hash in before:
        assert back.delivery(content_hash) == station.delivery(content_hash)
    with back.database.reading() as transaction:
        assert mark(transaction, PAUSED) == "a quarrel about the fee"
    with pytest.raises(Refused):
        back.round()
    with back.database.transaction() as transaction:
        back.journal.event(transaction, "centre_resumed", None, signed_by=BY)
        transaction.exec_driver_sql("UPDATE centre_marks SET value = '' WHERE name = 'paused'")
    back.record(2, first=2)  # the team brings what was lost again
    back.round()
    assert audited(back) == []
    assert back.backlog().left == 0
    arrivals = {row["content_hash"]: row["arrivals"] for row in centre.received()}
    assert [arrivals[one] for one in before] == [1, 1]
    back.close()


def test_a_backup_without_any_later_row_asks_the_centre_again(
    kept: KeptStation, station: SendingStation, tmp_path: Path
) -> None:
    station.record(2)
    kept.back_up()
    station.round()
    back, _ = kept.lose_the_disk(tmp_path / "restored")
    assert audited(back) == []
    back.round()
    assert audited(back) == []
    assert back.backlog().received == 2
    back.close()


def test_records_that_were_set_aside_come_back_with_their_bytes(
    kept: KeptStation, station: SendingStation, tmp_path: Path
) -> None:
    set_aside_by_a_stricter_program(station, tmp_path)
    made = kept.back_up()
    aside_of(station).discard(2, BY, "nobody knows it")
    aside_of(station).retry(3, BY)
    assert audited(station) == []
    kept.write_down(made)
    back, restored = kept.lose_the_disk(tmp_path / "restored")
    assert audited(back) == []
    states = back.values("SELECT id, state, wrapped_key IS NULL FROM set_aside ORDER BY id")
    assert states == [(1, "waiting", 0), (2, "discarded", 1), (3, "waiting", 0)]
    assert restored.event.lost == 1
    for number in (1, 3):  # the bytes are back: this program reads them, and takes them in
        taken = aside_of(back).retry(number, BY)
        assert back.holding.content(taken.record).data.record_id == taken.record
    assert audited(back) == []
    back.close()


def test_bytes_of_what_was_set_aside_that_are_damaged_here_are_named_and_keep_nothing_from_the_backup(
    kept: KeptStation, station: SendingStation, tmp_path: Path
) -> None:
    set_aside_by_a_stricter_program(station, tmp_path)
    station.record(2)
    (segment,) = (station.folder / "set-aside").glob("*.seg")
    segment.write_bytes(bytes([segment.read_bytes()[0] ^ 1]) + segment.read_bytes()[1:])
    made = kept.back_up()
    assert (made.lost, made.verification.opened) == (1, 2)
    found = Verifier(KEY, SoftMasterKey()).verify(kept.place, made.manifest.name)
    assert found.faults == [(BackupFault.ASIDE_LOST, "1")]


def test_a_backup_says_when_the_bytes_of_what_was_set_aside_are_gone(
    kept: KeptStation, station: SendingStation, tmp_path: Path
) -> None:
    set_aside_by_a_stricter_program(station, tmp_path)
    made = kept.back_up()
    pieces = [piece for piece in made.manifest.pieces if piece.store == "set-aside"]
    assert pieces
    kept.place.piece(pieces[0]).unlink()
    with pytest.raises(StationError) as damaged:
        kept.lose_the_disk(tmp_path / "restored")
    assert damaged.value.code in ("BACKUP_DAMAGED", "RESTORE_FAILED")
    assert not (tmp_path / "restored").exists()
