"""Giving records out: sealed to a recipient, or in plain files at a person's wish."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.bundles.senders import PublicKey
from station.bundles.writing import Outgoing, Signer, write_bundle
from station.clock import Clock
from station.database import Database
from station.errors import InputFault, Refused
from station.folders import sync_names
from station.intake import store
from station.journal.store import Journal, Place
from station.vault.holding import Holding
from station.vault.store import HeldRecord


class RecordExported(BaseModel):
    """Payload: a record was given out, to whom, and why; `bundle` is the id of its bundle."""

    model_config = ConfigDict(frozen=True)

    record: str
    recipient: str
    bundle: str
    reason: str


class Exporting:
    """Gives records out, and journals it."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, holding: Holding) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._holding = holding

    def to_recipient(
        self, record: str, file: Path, recipient: PublicKey, signer: Signer, by: str, reason: str
    ) -> str:
        """Write a bundle with one record; return the bundle's id. The journal's row is written after it.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED, FILE_EXISTS.
            InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN, FILE_UNWRITABLE.
            DeviceAbsent: the token is not there.
        """
        held, sealed = self._holding.sealed(record)
        outgoing = Outgoing(
            record=record,
            content_hash=held.content_hash,
            size=len(sealed.sealed),
            captured_at=self._captured_at(held),
            key=self._holding.record_key(held),
            read=lambda: sealed.sealed,
        )
        manifest = write_bundle(file, [outgoing], recipient, signer, self._clock.now())
        payload = RecordExported(
            record=record, recipient=recipient.name, bundle=manifest.bundle, reason=reason
        )
        with self._database.transaction() as transaction:
            place = Place(person=held.person)
            self._journal.event(transaction, "record_exported", payload, place, signed_by=by)
        return manifest.bundle

    def in_plain(self, record: str, folder: Path, by: str, reason: str) -> list[str]:
        """Write the files of a record as they are, for their owner alone; return their names.

        The journal says so before the first file is there.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED, FILE_EXISTS.
            InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN, FILE_UNWRITABLE.
            DeviceAbsent: the token is not there.
        """
        if folder.exists():
            raise Refused("FILE_EXISTS", file=folder)
        parts = self._holding.read_for(record, by, "export", reason)
        try:
            _write_parts(folder, parts)
        except OSError as error:
            raise InputFault("FILE_UNWRITABLE", file=folder, problem=error.strerror or "failed") from error
        return sorted(parts)

    def _captured_at(self, held: HeldRecord) -> datetime:
        with self._database.reading() as transaction:
            captured = store.captured_at(transaction, held.record)
        return datetime.fromisoformat(captured or held.received_at)


def _write_parts(folder: Path, parts: Mapping[str, bytes]) -> None:
    folder.mkdir(mode=0o700)
    for name, content in parts.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    sync_names(folder)
    sync_names(folder.parent)  # without its own name the folder is lost with all that is in it
