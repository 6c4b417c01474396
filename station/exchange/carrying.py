"""Exporting: bundles of what the centre has no receipt for, onto a disk that goes by hand.

A bundle is whole on the disk, or not there: it is written beside its name, synced, then named. What is whole
is noted as carried, and the next disk takes the rest. A disk that was pulled loses one bundle at most, and
that one is not noted. Only a receipt settles anything.
"""

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from station.bundles.manifest import Manifest
from station.bundles.senders import PublicKey
from station.bundles.writing import Outgoing, Signer, write_bundle
from station.centre import store
from station.centre.deliveries import Delivery
from station.centre.documents import Kind
from station.clock import Clock
from station.database import Database
from station.errors import InputFault, Refused
from station.exchange.disk import CarriedDisk
from station.folders import make_durably
from station.vault.holding import Holding
from station.vault.sealed import SealedRecord, pack, seal

MESSAGES: Final = "messages-"  # how the id of a sealed package of messages begins
MOST_RECORDS: Final = 1000
MOST_BYTES: Final = 64 * 1024 * 1024
MESSAGES_TOGETHER: Final = 64
RESERVE: Final = 2 * 1024 * 1024  # bytes of the disk that are left free: names, tables, the centre's receipts
HEAD_BYTES: Final = 512  # of a bundle's manifest, for each record; 330 are seen
UNREADABLE: Final = frozenset({"RECORD_SEAL_BROKEN", "RECORD_ERASED"})
Note = Callable[[str, Sequence[str]], None]


@dataclass
class Exported:
    """What was written onto a disk.

    Attributes:
        found: records and messages that lay on it already and had not been noted.
        left: how many no disk carries yet.
        unreadable: records that could not be read; they stay in the outbox.
    """

    bundles: int = 0
    records: int = 0
    messages: int = 0
    found: int = 0
    left: int = 0
    unreadable: int = 0
    full: bool = False


@dataclass(frozen=True)
class _Load:
    """What goes into one bundle, and which deliveries that carries."""

    items: tuple[Outgoing, ...]
    hashes: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes that it takes on the disk."""
        return sum(one.size + HEAD_BYTES for one in self.items)

    @property
    def names(self) -> list[str]:
        """The ids of its records."""
        return [one.record for one in self.items]

    @property
    def is_package(self) -> bool:
        """Whether it is a package of messages: one item, many deliveries."""
        return self.items[0].record.startswith(MESSAGES)

    def first_half(self) -> "_Load":
        """The older half."""
        half = len(self.items) // 2
        return _Load(self.items[:half], self.hashes[:half])

    def without(self, records: Set[str]) -> "_Load":
        """The rest of it; a package stays whole."""
        if self.is_package or not records:
            return self
        items = tuple(one for one in self.items if one.record not in records)
        return _Load(items, tuple(one.content_hash for one in items))


class Carrying:
    """Writes onto one disk. `note` keeps that a bundle carries things."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        holding: Holding,
        signer: Signer,
        centre: PublicKey,
        note: Note,
    ) -> None:
        self._database, self._clock, self._holding = database, clock, holding
        self._signer, self._centre, self._note = signer, centre, note

    def export(self, disk: CarriedDisk, *, again: bool = False) -> Exported:
        """Write what no disk carries yet; with `again` what a lost disk has carried, too.

        Raises:
            InputFault: FILE_UNWRITABLE: the disk cannot be written, or is gone; what is whole is noted.
            DeviceAbsent: the token is away.
            StationError: DATABASE_UNUSABLE, VAULT_UNUSABLE.
        """
        done = Exported()
        try:
            make_durably(disk.to_centre, 0o700)
        except OSError as error:
            raise InputFault(
                "FILE_UNWRITABLE", file=disk.folder, problem=error.strerror or "unusable"
            ) from error
        there = self._note_found(disk, done)
        for load in self._loads(done, there, again=again):
            if not self._write(disk, load, done):
                break
        with self._database.reading() as transaction:
            done.left = store.count_to_carry(transaction)
        return done

    def _write(self, disk: CarriedDisk, load: _Load, done: Exported) -> bool:
        """Write one bundle, smaller when the disk is; tell whether there is room for more."""
        while load.size > shutil.disk_usage(disk.to_centre).free - RESERVE:
            done.full = True
            if len(load.items) < 2:
                return False
            load = load.first_half()
        try:
            manifest = self._write_readable(disk, load, done)
        except InputFault as error:
            if _is_full(error):
                done.full = True
                return False
            raise
        if manifest is not None:
            carried = load.without(set(load.names) - {one.record for one in manifest.records}).hashes
            self._note(_name(manifest), carried)
            done.bundles += 1
            done.messages += len(carried) if load.is_package else 0
            done.records += 0 if load.is_package else len(carried)
        return not done.full

    def _write_readable(self, disk: CarriedDisk, load: _Load, done: Exported) -> Manifest | None:
        """Write a bundle without what is damaged or erased by now: one record never blocks the others."""
        while load.items:
            path = disk.free_name(f"{load.hashes[0][:16]}-{len(load.hashes)}")
            try:
                return write_bundle(path, load.items, self._centre, self._signer, self._clock.now())
            except (InputFault, Refused) as error:
                if error.code not in UNREADABLE or error.values.get("record") not in load.names:
                    raise
                done.unreadable += 1
                load = load.without({str(error.values["record"])})
        return None

    def _note_found(self, disk: CarriedDisk, done: Exported) -> set[str]:
        """Note what lies there whole and was not noted: the station died, or the disk was pulled, then."""
        there: set[str] = set()
        own = hashlib.sha256(self._signer.public_key()).hexdigest()
        for _, manifest in disk.whole_bundles():
            if manifest.sender != own or manifest.recipient != self._centre.id:
                continue
            names = [one.sha256 for one in manifest.records]
            there.update(names)
            with self._database.reading() as transaction:
                known = [store.find(transaction, name) for name in names]
            fresh = [one.content_hash for one in known if one is not None and one.carried_in is None]
            if fresh:
                self._note(_name(manifest), fresh)
                done.found += len(fresh)
        return there

    # ---- what goes in ----

    def _loads(self, done: Exported, there: Set[str], *, again: bool) -> Iterator[_Load]:
        yield from self._messages(again=again)
        items: list[Outgoing] = []
        for delivery in self._deliveries("record", again=again):
            item = None if delivery.content_hash in there else self._outgoing(delivery, done)
            if item is None:
                continue
            if len(items) >= MOST_RECORDS or sum(one.size for one in items) + item.size > MOST_BYTES:
                yield _Load(tuple(items), tuple(one.content_hash for one in items))
                items = []
            items.append(item)
        if items:
            yield _Load(tuple(items), tuple(one.content_hash for one in items))

    def _messages(self, *, again: bool) -> Iterator[_Load]:
        """Messages go in packages, sealed as a record is: one format, one encryption, one signature."""
        together: list[Delivery] = []
        for delivery in self._deliveries("message", again=again):
            together.append(delivery)
            if len(together) == MESSAGES_TOGETHER:
                yield self._package(together)
                together = []
        if together:
            yield self._package(together)

    def _package(self, together: Sequence[Delivery]) -> _Load:
        with self._database.reading() as transaction:
            parts = {one.content_hash: store.message_bytes(transaction, one.outbox or 0) for one in together}
        sealed, key = seal(f"{MESSAGES}{together[0].content_hash[:32]}", pack(parts))
        return _Load((_item(sealed, key, self._clock.now()),), tuple(parts))

    def _deliveries(self, kind: Kind, *, again: bool) -> Iterator[Delivery]:
        last = 0
        while True:
            with self._database.reading() as transaction:
                page = store.to_carry(transaction, kind, last, MOST_RECORDS, again=again)
            if not page:
                return
            yield from page
            last = page[-1].id

    def _outgoing(self, delivery: Delivery, done: Exported) -> Outgoing | None:
        record = delivery.record or ""
        try:
            held = self._holding.require(record)
            key = self._holding.record_key(held)
        except (Refused, InputFault):
            done.unreadable += 1
            return None

        def read() -> bytes:
            return self._holding.sealed(record)[1].sealed

        at = datetime.fromisoformat(held.received_at)
        return Outgoing(record, held.content_hash, delivery.size, at, key, read)


def _item(sealed: SealedRecord, key: bytes, at: datetime) -> Outgoing:
    return Outgoing(
        sealed.record, sealed.content_hash, len(sealed.sealed), at.astimezone(UTC), key, lambda: sealed.sealed
    )


def _is_full(error: InputFault) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


def _name(manifest: Manifest) -> str:
    return hashlib.sha256(manifest.canonical()).hexdigest()
