"""Signed heads: from time to time the token signs the hash of the journal's last row.

The chain alone shows an edited, dropped or swapped row; whoever rewrites the whole chain cannot sign it
again. Each head also goes to a file beside the database (and onto the daily statement, on paper), so that
rows cut off at the end are missed too.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import BinaryIO, Protocol

from station.audit import store
from station.audit.head import Head, signed_bytes
from station.clock import Clock, timestamp
from station.database import Database
from station.folders import sync_names

LONGEST_LINE = 4096


class HeadKey(Protocol):
    """The key that signs heads, in the token."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 signature with SHA-256, raw r || s, 64 bytes."""

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a signature over `data` is of this key."""


class JournalSeal:
    """Signs the journal's head."""

    def __init__(self, database: Database, clock: Clock, key: HeadKey, anchor: Path) -> None:
        self._database, self._clock, self._key, self._anchor = database, clock, key, anchor

    def sign(self) -> None:
        """Sign the last row, unless it is signed already, and write the head to the anchor file."""
        with self._database.reading() as transaction:
            last = store.last_row(transaction)
        if last is None or last.is_head:
            return
        signature = self._key.sign(signed_bytes(last.sequence, last.hash)).hex()
        head = Head(
            sequence=last.sequence,
            hash=last.hash,
            signature=signature,
            signed_at=timestamp(self._clock.now()),
        )
        with self._database.transaction() as transaction:
            store.insert_head(transaction, head)
        self._write_anchor(head)

    def _write_anchor(self, head: Head) -> None:
        line = head.model_dump_json().encode() + b"\n"
        descriptor = os.open(self._anchor, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with open(descriptor, "r+b") as file:  # noqa: PTH123 # a descriptor, made with its mode
            fcntl.flock(file, fcntl.LOCK_EX)  # lanes and the trail sign at the same time
            _cut_torn_line(file)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        sync_names(self._anchor.parent)


def _cut_torn_line(file: BinaryIO) -> None:
    """Go to the end of the file; a last line that a power cut has torn goes, its head is in the database."""
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(end - LONGEST_LINE, 0))
    tail = file.read()
    file.truncate(start + _whole_lines(tail))
    file.seek(0, os.SEEK_END)


def _whole_lines(content: bytes) -> int:
    """The length of the content without a torn last line: one without an end, or with a hole of zeros."""
    length = content.rfind(b"\n") + 1
    last = content.rfind(b"\n", 0, max(length - 1, 0)) + 1
    return last if b"\0" in content[last:length] else length


def read_anchor(anchor: Path) -> tuple[list[Head], int]:
    """Read the anchor file; return its heads and the number of lines that cannot be read.

    A last line that was torn by a power cut counts for nothing: its head is in the database.
    """
    if not anchor.exists():
        return [], 0
    heads, unreadable = [], 0
    content = anchor.read_bytes()
    for line in content[: _whole_lines(content)].splitlines():
        try:
            heads.append(Head.model_validate(json.loads(line)))
        except ValueError:
            unreadable += 1
    return heads, unreadable
