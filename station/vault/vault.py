"""The vault: sealed bytes in segment files, and each record's key wrapped by the token's master key."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from station.vault.keys import MasterKey
from station.vault.sealed import RecordSealBroken, SealedRecord, open_sealed
from station.vault.segments import (
    SegmentPlace,
    SegmentWriter,
    read_segment,
    remove_segment,
    segment_numbers,
)


@dataclass(frozen=True)
class Kept:
    """A record whose sealed bytes are on the disk. It is held only when the database says so too."""

    record: str
    content_hash: str
    place: SegmentPlace
    wrapped_key: bytes = field(repr=False)


class Vault:
    """Keeps and reads sealed records. Opening it touches neither the disk nor the token.

    Args:
        folder: of the segment files.
        keys: the master key.
    """

    def __init__(self, folder: Path, keys: MasterKey) -> None:
        self._folder, self._keys = folder, keys
        self._writer: SegmentWriter | None = None
        self._lock = threading.Lock()

    def keep(
        self, records: Sequence[tuple[SealedRecord, bytes]], floor: SegmentPlace | None = None
    ) -> list[Kept]:
        """Wrap the keys, append the sealed bytes: on the disk afterwards, with one fdatasync for them all.

        Args:
            records: sealed records, each with its key.
            floor: the last place that the database names; looked at by the first call only.

        Raises:
            DeviceAbsent: the token cannot wrap; nothing was written.
            StationError: VAULT_UNUSABLE; nothing is kept.
        """
        if not records:
            return []
        wrapped = [self._keys.wrap(sealed.record, key) for sealed, key in records]
        with self._lock:
            if self._writer is None:
                self._writer = SegmentWriter(self._folder, floor)
            places = self._writer.append([sealed.sealed for sealed, _ in records])
        return [
            Kept(sealed.record, sealed.content_hash, place, wrapped_key)
            for (sealed, _), place, wrapped_key in zip(records, places, wrapped, strict=True)
        ]

    def read(self, record: str, place: SegmentPlace, content_hash: str) -> SealedRecord:
        """Read sealed bytes, as they are sent and carried; no key is needed.

        Raises:
            RecordSealBroken: RECORD_SEAL_BROKEN when they are not the bytes that were kept.
            StationError: VAULT_UNUSABLE.
        """
        sealed = SealedRecord(record, read_segment(self._folder, place))
        if sealed.content_hash != content_hash:
            raise RecordSealBroken(record, "its bytes are damaged or lost")
        return sealed

    def record_key(self, record: str, wrapped_key: bytes) -> bytes:
        """Unwrap a record's key (32 bytes): to wrap it for the centre or for a bundle.

        Raises:
            InputFault: RECORD_KEY_BROKEN.
            DeviceAbsent: the token cannot unwrap.
        """
        return self._keys.unwrap(record, wrapped_key)

    def open(self, sealed: SealedRecord, wrapped_key: bytes) -> bytes:
        """Return the packed parts of a record.

        Raises:
            InputFault: RECORD_KEY_BROKEN, RECORD_SEAL_BROKEN.
            DeviceAbsent: the token cannot unwrap.
        """
        return open_sealed(sealed, self.record_key(sealed.record, wrapped_key))

    def segments(self) -> list[int]:
        """The segments that are there, oldest first."""
        return segment_numbers(self._folder)

    def remove(self, segment: int) -> int:
        """Remove a segment in which every record is erased; return the bytes that were freed."""
        return remove_segment(self._folder, segment)
