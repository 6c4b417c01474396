"""The centre itself: what each request does to the truth, apart from how it travels."""

from __future__ import annotations

import datetime
import hashlib
import json
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulators.admin import AdminError
from simulators.centre.bundles import Item, bundle_bytes
from simulators.centre.documents import Receipt
from simulators.centre.faults import CentreFaults
from simulators.centre.identity import Identity, load_public
from simulators.centre.packing import pack_folder
from simulators.centre.sealed import Unreadable, open_record, record_digest, unwrap_key
from simulators.centre.sessions import Sessions
from simulators.centre.truth import Arrival, Truth
from simulators.centre.verdicts import DUPLICATE, PRINT_READY, RECEIVED, Deduplication
from simulators.clock import SimulatorClock
from simulators.fault_menu import UnknownFault

EPOCH = datetime.datetime(2017, 3, 17, 8, 0, tzinfo=datetime.UTC)  # of simulated time
STATUSES_A_PAGE = 1000
BUNDLES_A_PAGE = 100
DECIDED = "UPDATE received SET due = NULL, verdict = ? WHERE kind = 'record' AND content_hash = ?"
LARGEST = 24 * 1024 * 1024 + 32


class Refusal(Exception):
    """An answer that is no: status, code, and what else stands in the document."""

    def __init__(self, status: int, error: str, **more: object) -> None:
        super().__init__(error)
        self.status, self.document = status, {"error": error, **more}


@dataclass(frozen=True)
class Equipment:
    """What a centre is made of.

    Attributes:
        keep_bodies: whether the received bytes stay on the disk; a long run goes without.
    """

    folder: Path
    deduplication: Deduplication
    speed: float = 1.0
    seed: int = 1
    fail_one_in: int = 0
    keep_bodies: bool = True


class Centre:
    """Receives, decides, publishes. Every method is safe to call from several threads."""

    def __init__(self, equipment: Equipment) -> None:
        """Open the truth; make the keys if this is the first start."""
        self.equipment = equipment
        self.identity = Identity(equipment.folder / "keys")
        self.identity.make()
        self.signing, self.encryption = self.identity.signing_key(), self.identity.encryption_key()
        self.truth = Truth(equipment.folder)
        self.clock = SimulatorClock(equipment.speed)
        self._began = float(self.truth.switch("time", "0"))
        self.faults = CentreFaults(equipment.seed, equipment.fail_one_in)
        self.sessions = Sessions(self._signing_key_of, self.now)
        self._settling = threading.Lock()

    def now(self) -> float:
        """Simulated seconds since the centre's first start."""
        return self._began + self.clock.now()

    def moment(self) -> str:
        """The simulated moment, as documents have it."""
        return (EPOCH + datetime.timedelta(seconds=self.now())).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def close(self) -> None:
        """Note the time and close the books."""
        self.truth.set_switch("time", str(self.now()))
        self.truth.close()

    # ---- receiving ----

    def is_down(self) -> bool:
        """Whether nobody answers: the link was cut, or weeks of silence are not over."""
        down = self.truth.switch("link", "up") == "down"
        return down or self.now() < float(self.truth.switch("silent_until", "0"))

    def require_receiving(self) -> None:
        """Refuse what comes while the centre cannot de-duplicate or its disk is full."""
        if self.truth.switch("deduplicates", "yes") == "no":
            raise Refusal(503, "not_receiving")
        if self.truth.switch("disk", "free") == "full":
            raise Refusal(507, "full")

    def receive_record(
        self, station: str, content_hash: str, record: str, key_header: str, body: bytes
    ) -> tuple[Receipt, bool]:
        """Take a whole record."""
        if hashlib.sha256(body).hexdigest() != content_hash:
            raise Refusal(422, "hash_differs")
        known = self.truth.receipt("record", content_hash)
        if known is None:
            self.require_receiving()
        try:
            key = unwrap_key(self.encryption, key_header)
        except Unreadable as error:
            raise Refusal(422, str(error)) from None
        return self.take(station, Item(record, content_hash, "", body, key), "wire")

    def take(self, station: str, item: Item, channel: str) -> tuple[Receipt, bool]:
        """Keep a record that has come in by wire or by hand."""
        try:
            opened = open_record(item.record, item.sealed, item.key)
        except Unreadable as error:
            raise Refusal(422, str(error)) from None
        if self.equipment.keep_bodies:
            _write(self.truth.body("record", item.content_hash), item.sealed)
        arrival = Arrival(
            "record",
            item.content_hash,
            len(item.sealed),
            station,
            channel,
            item.record,
            opened.nik,
            opened.digest,
            item.key,
        )
        at = self.moment()
        receipt, first = self.truth.receive(
            arrival, at, self.equipment.deduplication.due(item.content_hash, self.now())
        )
        with self.truth.change() as books:
            if first:
                self.truth.say(books, item.record, opened.digest, RECEIVED, at)
            else:
                self.truth.say_last(books, station, item.record)
        return receipt, first

    def receive_message(
        self, station: str, content_hash: str, body: bytes, channel: str
    ) -> tuple[Receipt, bool]:
        """Take a message."""
        if hashlib.sha256(body).hexdigest() != content_hash:
            raise Refusal(422, "hash_differs")
        topic, separator, payload = body.partition(b"\n")
        try:
            if not separator or not topic.isascii() or not isinstance(json.loads(payload), dict):
                raise Refusal(422, "message_malformed")
        except ValueError:
            raise Refusal(422, "message_malformed") from None
        if self.equipment.keep_bodies:
            _write(self.truth.body("message", content_hash), body)
        return self.truth.receive(
            Arrival("message", content_hash, len(body), station, channel), self.moment(), None
        )

    # ---- deciding and publishing ----

    def settle(self) -> None:
        """Decide what is due; a centre that cannot de-duplicate decides nothing."""
        if self.truth.switch("deduplicates", "yes") == "no":
            return
        with self._settling:
            due = self.truth.rows(
                "SELECT content_hash, record, nik, digest FROM received WHERE due <= ? ORDER BY due",
                (self.now(),),
            )
            if due:
                with self.truth.change() as books:
                    for content_hash, record, nik, digest in due:
                        verdict = self._verdict(str(content_hash), str(record), str(nik))
                        books.execute(DECIDED, (verdict, content_hash))
                        self.truth.say(books, str(record), str(digest), verdict, self.moment())

    def _verdict(self, content_hash: str, record: str, nik: str) -> str:
        wish = self.truth.rows("SELECT status FROM wishes WHERE record = ?", (record,))
        if wish:
            return str(wish[0][0])
        first = self.truth.rows(
            "SELECT content_hash FROM received WHERE nik = ? ORDER BY number LIMIT 1", (nik,)
        )
        if first and first[0][0] != content_hash:
            return DUPLICATE
        return self.equipment.deduplication.verdict(content_hash)

    def statuses(self, station: str, cursor: str) -> dict[str, object]:
        """A page of statuses after a cursor."""
        self.settle()
        after = self._position(cursor)
        rows = self.truth.rows(
            "SELECT sequence, record, digest, status, at FROM statuses WHERE station = ? AND sequence > ?"
            " ORDER BY sequence LIMIT ?",
            (station, after, STATUSES_A_PAGE + 1),
        )
        page = rows[:STATUSES_A_PAGE]
        return {
            "cursor": _cursor(page[-1][0]) if page else cursor,
            "more": len(rows) > len(page),
            "statuses": [
                {"record": record, "digest": digest, "status": status, "at": at}
                for _, record, digest, status, at in page
            ],
        }

    def print_ready(self, station: str, cursor: str) -> dict[str, object]:
        """A page of published bundles after a cursor."""
        self.settle()
        rows = self.truth.rows(
            "SELECT sequence, sha256, size FROM publications WHERE station = ? AND sequence > ?"
            " ORDER BY sequence LIMIT ?",
            (station, self._position(cursor), BUNDLES_A_PAGE + 1),
        )
        page = rows[:BUNDLES_A_PAGE]
        return {
            "cursor": _cursor(page[-1][0]) if page else cursor,
            "more": len(rows) > len(page),
            "bundles": [{"sha256": sha256, "size": size} for _, sha256, size in page],
        }

    def bundle(self, station: str, sha256: str) -> Path:
        """The file of a published bundle."""
        if not self.truth.rows(
            "SELECT 1 FROM publications WHERE station = ? AND sha256 = ?", (station, sha256)
        ):
            raise Refusal(404, "unknown")
        return self.publication_file(sha256)

    def publication_file(self, sha256: str) -> Path:
        """Where a published bundle lies."""
        return self.truth.folder / "publications" / f"{sha256}.bundle"

    def health(self) -> dict[str, object]:
        """The two flags."""
        return {
            "deduplicates": self.truth.switch("deduplicates", "yes") == "yes",
            "printing_allowed": self.truth.switch("printing", "allowed") == "allowed",
            "at": self.moment(),
        }

    @staticmethod
    def _position(cursor: str) -> int:
        if not cursor:
            return 0
        if not cursor.startswith("c") or not cursor[1:].isdigit():
            raise Refusal(410, "cursor_unknown")
        return int(cursor[1:])

    def publish(self, station: str, folders: list[Path]) -> str:
        """Seal print-ready records and publish them to a station as one bundle; say their status too."""
        items = []
        with self.truth.change() as books:
            for folder in folders:
                record, sealed, key, parts = pack_folder(folder)
                content_hash = hashlib.sha256(sealed).hexdigest()
                items.append(Item(record, content_hash, EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ"), sealed, key))
                status = str(json.loads(parts["record.json"])["status"])
                _say_to(books, station, record, record_digest(parts), status, self.moment())
        return self._publish(station, items)

    def announce(self, station: str, folders: list[Path]) -> None:
        """Say the status of records that the station has in folders, as each record.json has it."""
        with self.truth.change() as books:
            for folder in folders:
                record, _, _, parts = pack_folder(folder)
                status = str(json.loads(parts["record.json"])["status"])
                _say_to(books, station, record, record_digest(parts), status, self.moment())

    def publish_received(self, station: str, content_hash: str) -> str:
        """Publish what another station has recorded, byte for byte as it came."""
        rows = self.truth.rows(
            "SELECT record, key, digest, verdict FROM received WHERE content_hash = ?", (content_hash,)
        )
        body = self.truth.body("record", content_hash)
        if not rows or not body.exists():
            raise AdminError("no such record, or its bytes were not kept")
        record, key, digest, verdict = rows[0]
        if verdict != PRINT_READY or not isinstance(key, bytes):
            raise AdminError(f"the record is not print-ready but {verdict!r}")
        moment = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ")
        with self.truth.change() as books:
            _say_to(books, station, str(record), str(digest), PRINT_READY, self.moment())
        return self._publish(station, [Item(str(record), content_hash, moment, body.read_bytes(), key)])

    def _publish(self, station: str, items: list[Item]) -> str:
        rows = self.truth.rows("SELECT encryption FROM stations WHERE name = ?", (station,))
        if not rows:
            raise AdminError(f"no such station: {station}")
        at = EPOCH + datetime.timedelta(seconds=self.now())
        content = bundle_bytes(items, load_public(str(rows[0][0]).encode()), self.signing, at)
        sha256 = hashlib.sha256(content).hexdigest()
        _write(self.publication_file(sha256), content)
        with self.truth.change() as books:
            books.execute(
                "INSERT INTO publications (station, sha256, size) VALUES (?, ?, ?)",
                (station, sha256, len(content)),
            )
        return sha256

    def _signing_key_of(self, station: str) -> str | None:
        rows = self.truth.rows("SELECT signing FROM stations WHERE name = ?", (station,))
        return str(rows[0][0]) if rows else None

    def enrol(self, station: str, signing: str, encryption: str) -> None:
        """Learn a station's public keys, as PEM."""
        for pem in (signing, encryption):
            load_public(pem.encode())
        with self.truth.change() as books:
            books.execute("INSERT OR REPLACE INTO stations VALUES (?, ?, ?)", (station, signing, encryption))

    # ---- the admin port ----

    def fault_armed(self, name: str, at: int, count: int) -> None:
        """Arm a fault."""
        try:
            self.faults.arm(name, at, count)
        except UnknownFault as error:
            raise AdminError(str(error)) from error

    def summary(self) -> Mapping[str, object]:
        """The truth, in figures."""
        return {**self.truth.summary(), "now": self.now(), "armed": self.faults.listed()}


def _say_to(books: sqlite3.Connection, station: str, record: str, digest: str, status: str, at: str) -> None:
    books.execute(
        "INSERT INTO statuses (station, record, digest, status, at) VALUES (?, ?, ?, ?, ?)",
        (station, record, digest, status, at),
    )


def _cursor(sequence: object) -> str:
    return f"c{sequence}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
