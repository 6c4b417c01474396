"""The continuation: the journal's rows since a backup, copied to its place while the station works.

A backup is a day old when the disk dies; its continuation is some seconds old. Nothing can be printed from
it, but it says which cards were made after the backup, and so which must not be made again. One JSON object a
line: a row with its hash, or a signed head, as `station audit export` writes them.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from station.audit.head import Head
from station.audit.heads import HeadKey
from station.audit.verify import is_signed
from station.backup import store
from station.backup.manifest import Manifest
from station.backup.place import DATABASE, BackupPlace, place_errors
from station.database import Database
from station.database.copies import reading_copy
from station.errors import InputFault
from station.folders import sync_names
from station.journal import JournalRow, Outcome, RowKind
from station.journal.store import stored_rows

AT_ONCE = 1000
TAIL = 1 << 18  # bytes; a line has some thousand at most
StoredRow = tuple[JournalRow, str]


class ContinuationWriter:
    """Appends to the continuation of one backup what the journal has more."""

    def __init__(self, database: Database, place: BackupPlace, manifest: Manifest) -> None:
        self._database, self._place, self._name = database, place, manifest.name
        self._written = manifest.journal.sequence
        self._signed = manifest.journal.sequence
        self._is_open = False

    def append(self) -> int:
        """Append the rows that are not there yet, on the disk afterwards; return how many.

        Raises:
            StationError: BACKUP_PLACE_ABSENT, BACKUP_PLACE_FULL, BACKUP_PLACE_FAILED.
        """
        with self._database.reading() as transaction:
            is_complete = store.last_row(transaction)[0] == self._written
            if is_complete and self._is_open and not store.heads_after(transaction, self._signed):
                return 0
        self._place.require(known=True)
        with place_errors(self._place.folder):
            if not self._is_open:
                self._go_on()
            written = 0
            while copied := self._append_some():
                written += copied
        return written

    def _append_some(self) -> int:
        """Append the next rows, and the heads when there are no more: a head follows the rows it signs."""
        with self._database.reading() as transaction:
            rows = list(islice(stored_rows(transaction, self._written), AT_ONCE))
            heads = store.heads_after(transaction, self._signed) if len(rows) < AT_ONCE else []
        self._write([*map(_row_line, rows), *map(_head_line, heads)])
        self._written += len(rows)
        self._signed = heads[-1].sequence if heads else self._signed
        return len(rows)

    def _go_on(self) -> None:
        """Cut off what a power cut has torn and go on there, unless the continuation is another history's.

        Of what was written together, the end can be there without the beginning: nothing behind the first
        line that cannot be read is kept, or nobody would ever read what follows.

        Raises:
            OSError: it is: this database was restored, and the next backup begins a continuation of its own.
        """
        file = self._place.continuation(self._name)
        tail, start = _tail(file)
        rows, heads, whole = _parsed(tail[: tail.rfind(b"\n") + 1])
        if rows:
            last = rows[-1]
            with self._database.reading() as transaction:
                if not store.has_row(transaction, last[0].sequence, last[1]):
                    raise OSError(None, "the continuation belongs to another history")
            self._written = last[0].sequence
        self._signed = max([head.sequence for head in heads], default=self._signed)
        if whole < len(tail):
            with file.open("r+b") as torn:
                torn.truncate(start + whole)  # on the disk with what is written next
        self._is_open = True

    def _write(self, lines: list[bytes]) -> None:
        if not lines:
            return
        file = self._place.continuation(self._name)
        fresh = not file.exists()
        with file.open("ab") as continuation:
            for some in _in_pieces(lines):
                continuation.write(some)
                continuation.flush()
                os.fsync(continuation.fileno())
        if fresh:
            sync_names(file.parent)


def _in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join lines to what is written at once: so little that `_tail` reaches behind it when it is torn."""
    piece = b""
    for line in lines:
        if piece and len(piece) + len(line) > TAIL // 2:
            yield piece
            piece = b""
        piece += line
    yield piece


def _tail(file: Path) -> tuple[bytes, int]:
    """The last whole lines of a file with what is torn behind them, and where they begin in it."""
    if not file.exists():
        return b"", 0
    with file.open("rb") as content:
        start = max(content.seek(0, os.SEEK_END) - TAIL, 0)
        content.seek(start)
        tail = content.read()
    cut = tail.find(b"\n") + 1 if start else 0
    return tail[cut:], start + cut


def _row_line(stored: StoredRow) -> bytes:
    return json.dumps({"row": asdict(stored[0]), "hash": stored[1]}).encode() + b"\n"


def _head_line(head: Head) -> bytes:
    return json.dumps({"head": head.model_dump()}).encode() + b"\n"


@dataclass(frozen=True)
class Continuation:
    """What is known of the time after a backup.

    Attributes:
        rows: in order, each tied to the one before, the first to the backup's last row; up to the last one
            that the token has signed. What anybody could have written is no evidence.
        heads: the signed heads among them.
        unsigned: how many rows more there were, which are left out.
    """

    rows: tuple[JournalRow, ...]
    heads: tuple[Head, ...]
    unsigned: int


def read_continuation(place: BackupPlace, manifest: Manifest, key: HeadKey) -> Continuation:
    """Gather what the place knows of the time after a backup: continuations, later backups' journals.

    What cannot be read is left out: less is known then, and nothing that is known becomes wrong.
    """
    following: dict[str, StoredRow] = {}
    heads = dict[int, Head]()
    for rows, found_heads in _sources(place, manifest.name):
        for row, stored in rows:
            if row.hash == stored:
                following.setdefault(row.previous_hash, (row, stored))
        heads |= {head.sequence: head for head in found_heads}
    chain = tuple(_walk(following, manifest.journal.hash))
    hashes = {row.sequence: row.hash for row in chain}
    signed = tuple(
        head for head in heads.values() if hashes.get(head.sequence) == head.hash and is_signed(key, head)
    )
    last = max((head.sequence for head in signed), default=manifest.journal.sequence)
    rows_known = tuple(row for row in chain if row.sequence <= last)
    return Continuation(rows_known, signed, len(chain) - len(rows_known))


def _sources(place: BackupPlace, name: str) -> Iterator[tuple[list[StoredRow], list[Head]]]:
    for file in sorted(place.continuations.glob("*.jsonl")) if place.continuations.is_dir() else ():
        if file.stem >= name:
            try:
                rows, heads, _ = _parsed(file.read_bytes())
                yield rows, heads
            except OSError:
                continue
    for later in place.names():
        if later > name:
            try:
                with reading_copy(place.backup(later) / DATABASE) as copy:
                    yield list(stored_rows(copy)), store.heads_after(copy, 0)
            except InputFault:
                continue


def _walk(following: Mapping[str, StoredRow], start: str) -> Iterator[JournalRow]:
    here = start
    while here in following:
        row, here = following[here]
        yield row


def _parsed(content: bytes) -> tuple[list[StoredRow], list[Head], int]:
    """Read lines up to the first that cannot be read, for a power cut tears them; with the bytes up to it."""
    rows, heads, length = list[StoredRow](), list[Head](), 0
    for line in content.splitlines(keepends=True):
        try:
            document = json.loads(line)
            if "head" in document:
                heads.append(Head.model_validate(document["head"]))
            else:
                values = document["row"]
                values["kind"] = RowKind(values["kind"])
                values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
                rows.append((JournalRow(**values), str(document["hash"])))
        except (ValueError, KeyError, TypeError):
            break
        length += len(line)
    return rows, heads, length
