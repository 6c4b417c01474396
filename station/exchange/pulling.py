"""Hearing: statuses and published bundles. A cursor is kept in the transaction of what it stands behind."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.centre import store
from station.centre.client import CentreClient, CursorUnknown
from station.centre.deliveries import Channel, ParcelTaken
from station.centre.documents import Parcel
from station.centre.faults import answer_unusable
from station.clock import Clock
from station.database import Database
from station.errors import InputFault, StationError
from station.folders import make_durably, sync_names
from station.intake.importing import FileResult
from station.journal.store import Journal

MOST_PAGES: Final = 1000
MOST_PARCELS: Final = 100
TakeIn = Callable[[Path], FileResult]


@dataclass
class Heard:
    """What a pull has brought."""

    statuses: int = 0
    bundles: int = 0
    records: int = 0


class Pulling:
    """Pulls what the centre has for this station. One thread uses it."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        client: CentreClient,
        spool: Path,
        take_in: TakeIn,
    ) -> None:
        """Make a puller.

        Args:
            database: of the office.
            journal: of the office.
            clock: of the office.
            client: speaks with the centre.
            spool: folder for bundles on their way in; they are encrypted to the station.
            take_in: takes one bundle in.
        """
        self._database, self._journal, self._clock = database, journal, clock
        self._client, self._spool, self._take_in = client, spool, take_in

    def pull(self) -> Heard:
        """Hear everything there is.

        Raises:
            Refused, DeviceAbsent, OutcomeUnknown: as the client; what was heard before is kept.
            StationError: DATABASE_UNUSABLE, VAULT_UNUSABLE, DISK_FULL.
        """
        heard = Heard()
        self._pull_statuses(heard)
        self._pull_parcels()
        self._fetch_parcels(heard)
        return heard

    # ---- statuses ----

    def _pull_statuses(self, heard: Heard) -> None:
        for _ in range(MOST_PAGES):
            cursor = self._cursor(store.STATUSES_CURSOR)
            try:
                page = self._client.statuses(cursor)
            except CursorUnknown:
                self._begin_again(store.STATUSES_CURSOR, cursor)
                continue
            if page.statuses or page.cursor != cursor:
                with self._database.transaction() as transaction:
                    store.hear_statuses(
                        transaction, self._clock, self._journal, page.statuses, Channel.WIRE, page.cursor
                    )
            heard.statuses += len(page.statuses)
            if not page.more or page.cursor == cursor:
                return

    # ---- published bundles ----

    def _pull_parcels(self) -> None:
        for _ in range(MOST_PAGES):
            cursor = self._cursor(store.PARCELS_CURSOR)
            try:
                page = self._client.print_ready(cursor)
            except CursorUnknown:
                self._begin_again(store.PARCELS_CURSOR, cursor)
                continue
            if page.bundles or page.cursor != cursor:
                with self._database.transaction() as transaction:
                    store.announce_parcels(transaction, self._clock, self._journal, page.bundles, page.cursor)
            if not page.more or page.cursor == cursor:
                return

    def _fetch_parcels(self, heard: Heard) -> None:
        """Fetch and take in what was announced; what was fetched before a crash is only taken in."""
        with self._database.reading() as transaction:
            fetched = store.parcels(transaction, "fetched", MOST_PARCELS)
            announced = store.parcels(transaction, "announced", MOST_PARCELS)
        for parcel in fetched:
            self._take(parcel, heard)
        for parcel in announced:
            if self._fetch(parcel):
                self._take(parcel, heard)

    def _fetch(self, parcel: Parcel) -> bool:
        """Fetch a bundle into the spool, going on with what is there; tell whether it is the right one."""
        partial = self._file(parcel).with_suffix(".partial")
        try:
            make_durably(self._spool, 0o700)
            with partial.open("a+b") as stream:
                self._client.fetch(parcel.sha256, parcel.size, stream)
                stream.flush()
                os.fsync(stream.fileno())
            with partial.open("rb") as stream:
                whole = hashlib.file_digest(stream, "sha256").hexdigest() == parcel.sha256
            if whole:
                partial.replace(self._file(parcel))
                sync_names(self._spool)
        except OSError as error:
            raise StationError("CENTRE_SPOOL_UNUSABLE", problem=error.strerror or "unusable") from error
        if not whole:
            partial.unlink(missing_ok=True)  # wrong bytes: begun again next time
            return False
        with self._database.transaction() as transaction:
            store.set_parcel(transaction, parcel.sha256, "fetched")
        return True

    def _take(self, parcel: Parcel, heard: Heard) -> None:
        file = self._file(parcel)
        if not file.exists():
            with self._database.transaction() as transaction:
                store.set_parcel(transaction, parcel.sha256, "announced")
            return
        result = self._take_in(file)
        if result.fault is not None and not isinstance(result.fault, InputFault):
            raise result.fault
        if result.fault is None and not result.finished:
            return  # the rest of it next time
        reason = result.fault.code if result.fault else None
        payload = ParcelTaken(
            sha256=parcel.sha256,
            records=result.records,
            accepted=result.accepted,
            duplicates=result.duplicates,
            set_aside=len(result.set_aside),
            reason=reason,
        )
        with self._database.transaction() as transaction:
            store.set_parcel(transaction, parcel.sha256, "refused" if reason else "taken", reason)
            self._journal.event(transaction, "centre_bundle_taken", payload)
        file.unlink(missing_ok=True)
        heard.bundles += 1
        heard.records += result.accepted

    def _file(self, parcel: Parcel) -> Path:
        return self._spool / f"{parcel.sha256}.bundle"

    # ---- cursors ----

    def _cursor(self, name: str) -> str:
        with self._database.reading() as transaction:
            return store.mark(transaction, name)

    def _begin_again(self, name: str, cursor: str) -> None:
        """Forget a cursor that the centre does not know any more: what is heard twice changes nothing.

        Raises:
            OutcomeUnknown: CENTRE_ANSWER_UNUSABLE when it was the empty one.
        """
        if not cursor:
            raise answer_unusable("it does not know where a pull begins")
        with self._database.transaction() as transaction:
            store.forget_cursor(transaction, self._journal, name)
