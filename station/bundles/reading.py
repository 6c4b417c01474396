"""Reading a bundle: checked as a whole first, then one record at a time.

Memory holds the manifest (8 MiB at most) and one sealed record, whatever the size of the file.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from station.bundles.agreement import Agreements, unwrap
from station.bundles.frame import Frame, read_frame
from station.bundles.manifest import CarriedRecord, Manifest
from station.bundles.plain_file import PlainFile, open_plain
from station.bundles.senders import Sender, Senders
from station.errors import InputFault
from station.vault.sealed import SealedRecord


@dataclass(frozen=True)
class Carried:
    """One record as it lies in the file, with the key that its own key is wrapped by."""

    entry: CarriedRecord
    sealed: SealedRecord
    encryption_key: bytes

    def key(self) -> bytes:
        """The record's own key.

        Raises:
            InputFault: RECORD_KEY_BROKEN.
        """
        return unwrap(self.encryption_key, self.entry.record, self.entry.key)


class Bundle:
    """An open bundle of a trusted sender, for this recipient, of the right length."""

    def __init__(self, file: PlainFile, frame: Frame, sender: Sender, encryption_key: bytes) -> None:
        self._file, self._frame, self._encryption_key = file, frame, encryption_key
        self.sender = sender

    @property
    def manifest(self) -> Manifest:
        """What the sender has signed."""
        return self._frame.manifest

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest's bytes, hex: the name of this bundle and of no other."""
        return hashlib.sha256(self._frame.manifest_bytes).hexdigest()

    def read(self, position: int) -> Carried:
        """Read one record by its position, counted from 0, in any order.

        Raises:
            InputFault: RECORD_DAMAGED: its bytes are not those that were signed.
            OSError: the medium fails.
        """
        entry = self.manifest.records[position]
        sealed = SealedRecord(entry.record, self._file.take(self._offsets[position], entry.size))
        if sealed.content_hash != entry.sha256:
            raise InputFault("RECORD_DAMAGED", record=entry.record)
        return Carried(entry, sealed, self._encryption_key)

    @cached_property
    def _offsets(self) -> tuple[int, ...]:
        return tuple(accumulate((one.size for one in self.manifest.records), initial=self._frame.start))


@contextmanager
def open_bundle(path: Path, senders: Senders, agreements: Agreements) -> Iterator[Bundle]:
    """Open a bundle and check it as a whole: form, length, sender, signature, recipient.

    Raises:
        InputFault: BUNDLE_UNREADABLE, BUNDLE_MALFORMED, BUNDLE_INCOMPLETE, BUNDLE_SENDER_UNKNOWN,
            BUNDLE_SIGNATURE_WRONG, BUNDLE_FOR_ANOTHER. Nothing of it may be kept then.
        DeviceAbsent: the token is not there.
        OSError: the medium fails while the bundle is read.
    """
    with open_plain(path) as file:
        frame = read_frame(file)
        manifest = frame.manifest
        sender = senders.require(manifest.sender)
        if not sender.has_signed(frame.manifest_bytes, frame.signature):
            raise InputFault("BUNDLE_SIGNATURE_WRONG", sender=sender.name)
        if manifest.recipient != agreements.key_id:
            raise InputFault("BUNDLE_FOR_ANOTHER", recipient=manifest.recipient[:16])
        yield Bundle(file, frame, sender, agreements.encryption_key(manifest))
