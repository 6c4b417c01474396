"""What must hold on a disk as it is found: what the database says is there, is there and can be read."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Connection

from station.bundles.frame import read_frame
from station.bundles.plain_file import open_plain
from station.errors import StationError
from station.intake.store import waiting
from station.restoration import store as restorations
from station.vault import store as vault_store
from tests.crash.lost_writes.invariants import Violation
from tests.crash.lost_writes.known import Known
from tests.crash.lost_writes.recording import WATCHED
from tests.crash.lost_writes.records_day.layout import GIVEN, STATION, WATCH
from tests.crash.lost_writes.records_day.station import RecordsStation

SLICE = 16  # bytes of an erased key: fewer are no help to anybody


class _Named(BaseModel):
    """What is looked at in the payload of `backup_made`."""

    name: str


def brought(files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
    """A bundle that came into the watched folder is in it, or beside it where it was moved to."""
    there = {sha256(content).hexdigest() for path, content in files.items() if _is_below(path, WATCH)}
    for mark in known.told:
        if mark.told == "brought" and mark.about not in there:
            yield Violation("brought", "a bundle that came in is in no folder")


def gone(files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
    """No file of the database holds a piece of a key that was said to be destroyed."""
    database = f"{WATCHED}/{STATION}/station.db"
    contents = {path: files[path] for path in files if path.startswith(database)}
    yield from _none_in(contents, [mark.about for mark in known.told if mark.told == "gone"])


def gone_at_last(station: RecordsStation, known: Known) -> Iterator[Violation]:
    """A station that has gone on has finished every erasure: no key is left that was to be destroyed."""
    contents = {file.name: file.read_bytes() for file in station.folder.glob("station.db*")}
    yield from _none_in(contents, [mark.about for mark in known.told if mark.told == "key"])


def _none_in(contents: Mapping[str, bytes], keys: Sequence[str]) -> Iterator[Violation]:
    for key in map(bytes.fromhex, keys):
        pieces = [key[at : at + SLICE] for at in range(0, len(key) - SLICE + 1, SLICE)]
        for path, content in contents.items():
            if any(piece in content for piece in pieces):
                yield Violation("gone", f"a destroyed key is in {path}")


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{WATCHED}/{folder}/")


def readable(station: RecordsStation) -> Iterator[Violation]:
    """Every record that is held, or set aside and waits, opens; what was freed is gone."""
    with station.database.reading() as transaction:
        held, aside = vault_store.page(transaction), waiting(transaction)
        scrubbed = transaction.exec_driver_sql(
            "SELECT name FROM journal WHERE name IN ('record_erased', 'records_scrubbed')"
            " ORDER BY sequence DESC LIMIT 1"
        ).scalar()
    for one in held:
        try:
            station.holding.content(one.record)
        except StationError as error:
            yield Violation("held", str(error))
    for row in aside:
        try:
            station.open_set_aside(row)
        except StationError as error:
            yield Violation("set_aside", str(error))
    if scrubbed == "records_scrubbed" and (idle := station.idle_segments()):
        yield Violation("freed", f"segments {idle} are still there")


def carried(station: RecordsStation, connection: Connection) -> Iterator[Violation]:
    """A bundle that has its name is whole; one that is noted as carried is on the disk."""
    names = set()
    for path in (*station.disk.to_centre.glob("*.bundle"), *(station.data / GIVEN).glob("*.bundle")):
        try:
            names.add(_whole_bundle(path))
        except (StationError, OSError, ValueError) as error:
            yield Violation("half_bundle", f"{path.name}: {error}")
    noted = connection.exec_driver_sql(
        "SELECT DISTINCT carried_in FROM deliveries WHERE carried_in IS NOT NULL"
    )
    for name in noted.scalars():
        if name not in names:
            yield Violation("carried", "noted as carried, and not on the disk")


def _whole_bundle(path: Path) -> str:
    """Read a bundle through; return the hash of its manifest.

    Raises:
        InputFault, ValueError: it is not whole.
    """
    with open_plain(path) as file:
        frame = read_frame(file)
        offset = frame.start
        for record in frame.manifest.records:
            if sha256(file.take(offset, record.size)).hexdigest() != record.sha256:
                raise ValueError("a record in it is damaged")
            offset += record.size
    return sha256(frame.manifest_bytes).hexdigest()


def fetched(station: RecordsStation, connection: Connection) -> Iterator[Violation]:
    """What is noted as fetched needs not be fetched again: a line may be slow."""
    for name in connection.exec_driver_sql(
        "SELECT sha256 FROM centre_parcels WHERE state = 'fetched'"
    ).scalars():
        file = station.spool / f"{name}.bundle"
        if not file.exists() or sha256(file.read_bytes()).hexdigest() != name:
            yield Violation("fetched", "a fetched bundle is not there, or not whole")


def listed_backups(station: RecordsStation) -> dict[str, str]:
    """The names of the whole backups, each with what is wrong with it."""
    return {name: _problem_of(station, name) for name in station.place.names()}


def backed_up(connection: Connection, known: Known, listed: Mapping[str, str]) -> Iterator[Violation]:
    """A backup that is listed is whole; the last that was made is listed, or a later one."""
    told = {(mark.told, mark.about) for mark in known.told}
    good = []
    for name, problem in listed.items():
        if not problem:
            good.append(name)
        elif ("spoiling", name) not in told or ("spoiled", name) in told:
            yield Violation("backup", f"{name}: {problem}")
    made = connection.exec_driver_sql(
        "SELECT payload FROM journal WHERE name = 'backup_made' ORDER BY sequence DESC LIMIT 1"
    ).scalar()
    if made is not None:
        name = _Named.model_validate_json(str(made)).name
        if not any(one >= name for one in good):
            yield Violation("backup", f"{name} was made, and only {good} is there")


def _problem_of(station: RecordsStation, name: str) -> str:
    try:
        found = station.verify(name, every_record=True)
    except StationError as error:
        return str(error)
    return str(found.faults or "")


def restored(station: RecordsStation) -> Iterator[Violation]:
    """A restored folder that has its name is a whole station, which holds everything back."""
    with station.database.reading() as connection:
        if restorations.held(connection) is None:
            yield Violation("restored", "nothing is held back")
    for fault in station.audit():
        yield Violation("restored", f"{fault.kind} at row {fault.row}")
    yield from readable(station)
