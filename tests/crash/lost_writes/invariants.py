"""What must hold on every disk that a power cut leaves behind: first as it is found, then after recovery."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from drivers.token.errors import PinAlreadyRefused, TokenError
from drivers.token.pin_guard import PinFlags, PinGuard
from station.audit.verify import verify
from station.blanks.ledger import Account
from station.cards import store
from station.cards.progress import fold
from station.cards.store import AttemptState, JobState
from station.database.engine import newest_revision
from station.journal.store import broken_at, rows_of_attempt
from station.ports import ChipState
from station.service.lock import StationLock
from tests.crash.lost_writes.database import digest
from tests.crash.lost_writes.day import ANCHOR, KEY
from tests.crash.lost_writes.devices import FoundLane
from tests.crash.lost_writes.known import Known
from tests.crash.lost_writes.recorded_day import LOCK, RIGHT, TOKEN
from tests.fakes.station import FakeStation

# The journal row that must be on the disk before a device is told to do something.
INTENT_OF = {
    "feed": ("load", "recall"),
    "activate": ("lock",),
    "terminate": ("terminate",),
    "print": ("print",),
    "reject": ("reject",),
}


@dataclass(frozen=True)
class Violation:
    """A rule that does not hold."""

    rule: str
    detail: str


def as_found(connection: Connection, known: Known, empty: str) -> Iterator[Violation]:
    """Check a database that was opened and migrated, before anything else is done."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        yield Violation("integrity", "; ".join(map(str, found))[:200])
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        yield Violation("foreign_keys", str(orphans[:3]))
    broken = broken_at(connection)
    if broken is not None:
        yield Violation("chain", f"row {broken} does not follow")
    yield from _equation(connection)
    yield from _write_ahead(connection, known)
    content = digest(connection)
    allowed = [empty if one is None else one for one in known.contents]
    if content not in allowed:
        yield Violation("acknowledged", "the content is neither that of the last commit nor of the next one")
    for attempt in _attempts(connection):
        fold(rows_of_attempt(connection, attempt))


def _attempts(connection: Connection) -> list[int]:
    return [int(one) for one in connection.exec_driver_sql("SELECT id FROM attempts").scalars()]


def _equation(connection: Connection) -> Iterator[Violation]:
    moved: Counter[str] = Counter()
    moves = connection.exec_driver_sql("SELECT source, target, quantity FROM blank_moves").all()
    for source, target, quantity in moves:
        moved[source] += quantity if source in ("received", "lent_in") else -quantity
        moved[target] += quantity
    stored: Counter[str] = Counter()
    for account, balance in connection.exec_driver_sql("SELECT account, balance FROM blank_accounts").all():
        stored[account] += balance
    if +moved != +stored:
        yield Violation("equation", f"moves {dict(moved)}, accounts {dict(stored)}")
    came = stored["received"] + stored["lent_in"]
    if 2 * came != stored.total():
        yield Violation("equation", f"{dict(stored)}")


def _write_ahead(connection: Connection, known: Known) -> Iterator[Violation]:
    rows = connection.exec_driver_sql("SELECT name FROM journal WHERE kind = 'intent'").scalars().all()
    intents = Counter(str(name) for name in rows)
    for deed, names in INTENT_OF.items():
        if known.deeds[deed] > sum(intents[name] for name in names):
            yield Violation("write_ahead", f"{deed} was done {known.deeds[deed]} times, intents: {intents}")
    bound = set(connection.exec_driver_sql("SELECT card FROM attempts WHERE card IS NOT NULL").scalars())
    if known.written - bound:
        yield Violation("write_ahead", f"chips written that are bound to no attempt: {known.written - bound}")


def recovered(station: FakeStation, lane: FoundLane, cards: int) -> Iterator[Violation]:
    """Check the books against the devices when the day is done."""
    totals = station.balances().totals
    places = Counter(card.place for card in lane.cards)
    with station.database.reading() as transaction:
        if broken_at(transaction) is not None:
            yield Violation("chain", "broken after recovery")
        yield from _equation(transaction)
        jobs = store.all_jobs(transaction)
        attempts = [one for job in jobs for one in store.attempts_of_job(transaction, job.id)]
        told = transaction.exec_driver_sql("SELECT count(*) FROM outbox WHERE topic = 'card_issued'").scalar()
    expected = {
        "tray": totals[Account.ISSUED],
        "reject_box": totals[Account.SPOILED],
        "hopper": totals[Account.IN_MACHINE],
        "inside": 0,
    }
    for place, count in expected.items():
        if places[place] != count:
            yield Violation("blanks", f"{places[place]} cards in {place}, {count} in the books")
    if any(job.state is not JobState.READY for job in jobs) or len(jobs) != cards:
        yield Violation("jobs", f"{Counter(job.state for job in jobs)} of {cards}")
    ready = {attempt.card for attempt in attempts if attempt.state is AttemptState.READY}
    tray = [card for card in lane.cards if card.place == "tray"]
    if ready != {card.uid.hex() for card in tray}:
        yield Violation("issued", f"booked {ready}, in the tray {[card.uid.hex() for card in tray]}")
    if len({card.content.nik for card in tray if card.content}) != cards or len(tray) != cards:
        yield Violation("one_identity_one_card", f"{len(tray)} cards for {cards} persons")
    if told != cards:
        yield Violation("centre", f"{told} messages for {cards} cards")
    for card in lane.cards:
        if len(card.faces) > 1:
            yield Violation("printed_twice", card.uid.hex())
        if card.faces and card.state is not ChipState.ACTIVATED:
            yield Violation("printed_unlocked", card.uid.hex())


def upgraded_whole(data: Path) -> Iterator[Violation]:
    """An upgrade of the tables is there whole or not at all: there is a way back to the program before it."""
    with closing(sqlite3.connect(data / "station.db")) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables:
            return
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if found != [(newest_revision(),)]:
        yield Violation("upgrade", f"left at {found} with {tables} tables")


def audited(station: FakeStation) -> Iterator[Violation]:
    """What `station audit verify` says. A power cut is no tampering."""
    report = verify(station.database, KEY, station.folder / ANCHOR)
    for fault in report.faults:
        yield Violation("audit", f"{fault.kind} at row {fault.row}")


def kept(files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
    """Files that somebody was told of are there and whole."""
    for mark in known.kept:
        found = files.get(mark.path, b"")[: mark.length]
        if sha256(found).hexdigest() != mark.digest:
            yield Violation("kept", f"{mark.path}: {len(found)} of {mark.length} bytes, or others")


def lock_is_free(data: Path) -> None:
    """The lock of a dead station, whatever its file holds, must not lock out the next one.

    Raises:
        Refused: STATION_BUSY.
    """
    with StationLock(data / LOCK):
        pass


def pin_guarded(data: Path, known: Known) -> Iterator[Violation]:
    """A PIN that the token has refused is not tried again; a marker can always be read."""
    try:
        with PinGuard(data, "fake", TOKEN).attempt() as guard:
            if known.refused_pin is None:
                guard.begin(PinFlags(), RIGHT)
                return
            guard.begin(PinFlags(count_low=True), known.refused_pin)
    except PinAlreadyRefused:
        if known.refused_pin is None:
            yield Violation("pin_locked_out", "the right PIN is taken for a refused one")
        return
    except TokenError as error:
        yield Violation("pin_marker", str(error))
        return
    yield Violation("pin_tried_twice", "the guard would let a refused PIN through")
