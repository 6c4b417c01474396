"""The day goes on after a power cut: the same bundles again, the same centre; then all must be there."""

from collections.abc import Iterator
from pathlib import Path

from station.backup.continuation import ContinuationWriter, read_continuation
from station.backup.store import has_row, last_row
from station.errors import InputFault
from station.intake.store import waiting
from station.staff import store as staff
from station.vault import store as vault_store
from tests.crash.lost_writes.invariants import Violation
from tests.crash.lost_writes.records_day.centre import FoundCentre
from tests.crash.lost_writes.records_day.incoming import SECOND, TEAM, People, read_people
from tests.crash.lost_writes.records_day.layout import INCOMING, RESTORED
from tests.crash.lost_writes.records_day.recorded import BOSS, PATIENCE
from tests.crash.lost_writes.records_day.station import RecordsStation

DAY = 86400.0  # seconds
ROUNDS = 2


def go_on(station: RecordsStation, root: Path) -> Iterator[Violation]:
    """Do what a station does after a power cut, and what people do then."""
    people = read_people(root)
    station.clock.sleep(DAY)
    with station.database.transaction() as transaction:
        if staff.find(transaction, BOSS) is None:
            staff.add(transaction, station.journal, staff.StaffMember(name=BOSS, role=staff.Role.SUPERVISOR))
    station.erasing.finish()
    yield from continued(station)
    for _ in range(2):
        station.watched.look()
    for name in (TEAM, SECOND):
        station.take(root / INCOMING / name)
    with station.database.reading() as transaction:
        undecided = waiting(transaction)
    for row in undecided:
        station.deciding.discard(row.number, BOSS, "not wanted")
    _deliver(station)
    held = station.holding.require(people.erased.record) if _is_held(station, people) else None
    if held is not None:
        station.erasing.erase(held.record, BOSS, "withdrawn")
    station.back_up(known=bool(station.place.names()))
    if any(station.data.glob(f".restoring-{RESTORED}")):
        station.restore(station.data / RESTORED)
    station.seal()


def continued(station: RecordsStation) -> Iterator[Violation]:
    """The newest backup's continuation is gone on with, and tells of every row that was signed."""
    with station.database.reading() as transaction:
        ours = [
            manifest
            for manifest in station.place.manifests()
            if has_row(transaction, manifest.journal.sequence, manifest.journal.hash)
        ]
    if not ours:
        return
    station.seal()
    ContinuationWriter(station.database, station.place, ours[-1]).append()
    told = read_continuation(station.place, ours[-1], station.key).rows
    with station.database.reading() as transaction:
        last, _ = last_row(transaction)
    reached = told[-1].sequence if told else ours[-1].journal.sequence
    if reached != last:
        yield Violation("continuation", f"it ends at row {reached} of {last}")


def _is_held(station: RecordsStation, people: People) -> bool:
    held = station.holding.find(people.erased.record)
    return held is not None and held.erased_at is None


def _deliver(station: RecordsStation) -> None:
    exchange = station.exchange()
    for _ in range(ROUNDS):
        exchange.round(PATIENCE)
    station.carrying().export(station.disk)
    try:
        station.answers().receive(station.disk)
    except InputFault as error:
        if error.code != "CENTRE_DISK_EMPTY":
            raise


def all_there(station: RecordsStation, centre: FoundCentre, root: Path) -> Iterator[Violation]:
    """Nothing is lost, nothing is there twice."""
    people = read_people(root)
    with station.database.reading() as transaction:
        held = {one.record for one in vault_store.page(transaction)}
        erased = {one.record for one in vault_store.page(transaction, erased=True)}
        received = transaction.exec_driver_sql(
            "SELECT count(*) FROM journal WHERE name = 'record_received'"
        ).scalar()
        numbers = transaction.exec_driver_sql(
            "SELECT content_hash, receipt_number FROM deliveries WHERE state = 'received'"
        ).all()
        open_ones = transaction.exec_driver_sql(
            "SELECT count(*) FROM deliveries WHERE state != 'received'"
        ).scalar()
        parcels = transaction.exec_driver_sql("SELECT state FROM centre_parcels").scalars().all()
    if held != {one.record for one in people.readable} or erased != {people.erased.record}:
        yield Violation("records", f"{len(held)} held, {len(erased)} erased")
    if received != len(held | erased):
        yield Violation("twice", f"{received} records came in, {len(held | erased)} are known")
    if {str(name): int(number) for name, number in numbers} != centre.truth.received or open_ones:
        yield Violation("receipts", f"{len(numbers)} settled, {open_ones} open")
    if set(centre.truth.received) != {one.content_hash for one in people.of_the_team}:
        yield Violation("centre", f"it has {len(centre.truth.received)} records")
    if parcels != ["taken"]:
        yield Violation("parcels", f"{parcels}")
    left = [*station.place.backups.glob(".*"), *station.place.pieces.glob(".*")]
    if left or len(station.place.names()) != station.keep:
        yield Violation("backup", f"{station.place.names()} and {left}")
