"""How long the station takes from its start to its first answer with many records held, beside none."""

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulators.rig import Rig, RigError, RigOptions
from station.clock import SystemClock, timestamp
from station.database import Database
from station.journal.store import Journal, Place
from station.vault.holding import RecordReceived
from station.vault.segments import SEGMENT_BYTES, SegmentPlace, segment_path
from station.vault.store import HeldRecord, insert_records
from tests.bench.office import BenchOffice
from tests.bench.rows import BenchFailed, Group, Row

HELD: Final = 50_000
BATCH: Final = 1000
SEALED: Final = 60_000  # bytes of one record
IN_A_SEGMENT: Final = SEGMENT_BYTES // SEALED + 1
WORDS: Final = 4  # search tokens of one record
RARE: Final = 500  # one in so many has the common tokens
TIMES: Final = 3
PATIENCE: Final = 60.0
MOST_BEYOND: Final = 2.0  # seconds; issue 4


def measure() -> Sequence[Row]:
    """Start both stations by turns; the quickest start of each counts, so that others' work does not."""
    with standing_office() as empty, standing_office() as full:
        data = full.rig.options.folder / "data"
        database = Database("sqlite:///station.db", data)
        fill(database, data / "vault", HELD)
        database.close()
        starts = [(seconds_to_ready(empty), seconds_to_ready(full)) for _ in range(TIMES)]
    bare, held = (min(column) for column in zip(*starts, strict=True))
    return (
        Row(
            f"start to ready beyond an empty start, {HELD} held: s",
            max(held - bare, 0.0),
            MOST_BEYOND,
            "issue",
            1.0,
        ),
        Row(f"start to ready, {HELD} held: s", held, bare, "empty start, s"),
    )


@contextmanager
def standing_office() -> Iterator[BenchOffice]:
    """An office with one lane, without blanks and records; its books are made.

    Raises:
        BenchFailed: the station or a simulator does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        try:
            with Rig(RigOptions(Path(name) / "rig", hopper=0)) as rig:
                office = BenchOffice(rig, Path(name))
                office.station("staff", "list")
                yield office
        except RigError as error:
            raise BenchFailed(f"the simulators: {error}") from error


def fill(database: Database, folder: Path, count: int, common: Collection[bytes] = ()) -> None:
    """Hold records that are not there but in the books: a start must not look at their bytes.

    The segments are files of the right size, without content. Every `RARE`-th record has the common tokens.
    """
    clock = SystemClock()
    journal = Journal(clock)
    at = timestamp(clock.now())
    for start in range(0, count, BATCH):
        rows = [_held(number, at) for number in range(start, min(start + BATCH, count))]
        tokens = [{secrets.token_bytes(16) for _ in range(WORDS)} for _ in rows]
        for some in tokens[::RARE]:
            some.update(common)
        with database.transaction() as transaction:
            insert_records(transaction, list(zip(rows, tokens, strict=True)))
            journal.events(
                transaction,
                "record_received",
                [(_received(held), Place(person=held.person)) for held in rows],
            )
    _make_segments(folder, count)


def _held(number: int, at: str) -> HeldRecord:
    segment, within = divmod(number, IN_A_SEGMENT)
    return HeldRecord(
        record=secrets.token_hex(16),
        person=secrets.token_hex(32),
        issue=1,
        content_hash=secrets.token_hex(32),
        record_sha256=secrets.token_hex(32),
        place=SegmentPlace(segment + 1, within * SEALED, SEALED),
        wrapped_key=b"PSK1" + secrets.token_bytes(60),
        received_at=at,
        origin="recording_station:bench",
        local_status="BIO_CAPTURED",
        centre_status=None,
        centre_status_at=None,
        erased_at=None,
    )


def _received(held: HeldRecord) -> RecordReceived:
    return RecordReceived(
        record=held.record, content_hash=held.content_hash, issue=held.issue, origin=held.origin
    )


def _make_segments(folder: Path, count: int) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in range(1, (count - 1) // IN_A_SEGMENT + 2):
        with segment_path(folder, number).open("wb") as file:
            file.truncate(min(IN_A_SEGMENT, count - (number - 1) * IN_A_SEGMENT) * SEALED)


def seconds_to_ready(office: BenchOffice) -> float:
    """Start `station run`, wait until it answers on its socket, and stop it.

    Raises:
        BenchFailed: it ended, or did not answer in time.
    """
    path = office.rig.options.folder / "data" / "station.sock"
    path.unlink(missing_ok=True)
    begun = time.monotonic()
    command = [str(Path(sys.executable).parent / "station"), "run"]
    process = subprocess.Popen(
        command,
        env=office.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(path):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise BenchFailed("station run did not come up")
            time.sleep(0.005)
        return time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(path: Path) -> bool:
    """Whether a question that nobody knows is answered: with an error, but answered."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(path))
            connection.sendall(b'{"operation": "are you there", "arguments": {}}\n')
            return bool(connection.recv(1))
    except (FileNotFoundError, ConnectionRefusedError):
        return False


GROUP: Final = Group("restart", f"start to ready with {HELD} records held; about a minute", measure)
