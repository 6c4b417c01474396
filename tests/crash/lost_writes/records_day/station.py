"""A station that takes records in, sends, carries, gives out, erases and backs up; keys are no secret."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Lock
from unittest.mock import patch

from station.bundles.senders import PublicKey, Recipients, Senders, read_public_key
from station.centre import store as centre_store
from station.centre.backoff import Backoff
from station.centre.client import CentreClient
from station.centre.identity import CentreIdentity
from station.exchange.answers import Answers
from station.exchange.assembling import SPOOL, take_in
from station.exchange.carrying import Carrying
from station.exchange.courier import Courier
from station.exchange.disk import CarriedDisk
from station.exchange.pulling import Pulling
from station.exchange.rounds import Exchange
from station.exchange.witness import Witness
from station.intake.aside import Aside
from station.intake.batch import BatchWriter
from station.intake.exporting import Exporting
from station.intake.importing import BundleImport, FileResult
from station.intake.store import AsideRow
from station.intake.watching import WatchedFolder
from station.letters.files import LetterFiles
from station.retention.erasing import Erasing
from station.vault import store as vault_store
from station.vault.vault import Vault
from tests.crash.lost_writes.records_day.layout import DISK, PLACE, STATION, TRUST, WATCH
from tests.fakes.backup import BackupStation
from tests.fakes.devices import FakeLane
from tests.fakes.exchange import SoftRecipient, SoftSigner

NAME = "contoharjo-1"
KEPT = 1  # backups
LONGEST_WAIT = 60.0


@contextmanager
def small_segments() -> Iterator[None]:
    """A segment for each batch, so that one can become free."""
    with patch("station.vault.segments.SEGMENT_BYTES", 1):
        yield


class RecordsStation(BackupStation):
    """One station in the folders of this day.

    Args:
        data: what is recorded.
        root: beside it lie keys that are trusted.
        centre: the data centre.
        folder: of the station, if it is another one than on this day.
    """

    def __init__(self, data: Path, root: Path, centre: CentreClient, folder: Path | None = None) -> None:
        super().__init__(folder or data / STATION, data / PLACE, FakeLane(0), keep=KEPT)
        self.data, self._trust, self._centre = data, root / TRUST, centre
        self._set_aside = Vault(self.folder / "set-aside", self.master)
        self._turn = Lock()
        letters = LetterFiles(self.database, Vault(self.folder / "letters", self.master))
        self.erasing = Erasing(self.database, self.journal, self.clock, self.holding, letters)
        self.exporting = Exporting(self.database, self.journal, self.clock, self.holding)
        parts = (self.database, self.journal, self.clock, self.holding)
        self.deciding = Aside(*parts, self._set_aside, self.erasing.scrub)
        self.watched = WatchedFolder(
            data / WATCH, lambda files, start: self._importer().take_in(files, None, start)
        )
        self.disk = CarriedDisk(data / DISK, NAME)
        self.spool = self.folder / SPOOL

    @property
    def recipient(self) -> PublicKey:
        """For whom the centre's things are."""
        return Recipients(self._trust / "recipients").require("centre")

    def _importer(self) -> BundleImport:
        parts = (self.database, self.journal, self.clock, self.holding)
        writer = BatchWriter(*parts, self._set_aside, lambda coming: None)
        senders = Senders(self._trust)
        return BundleImport(
            self.database, self.clock, self.holding, writer, senders, SoftRecipient(), self._turn
        )

    def take(self, file: Path) -> FileResult:
        """Take one bundle in."""
        return take_in(self._importer(), file)

    def open_set_aside(self, row: AsideRow) -> bytes:
        """Open a record that is set aside.

        Raises:
            StationError: it cannot be opened.
        """
        sealed = self._set_aside.read(row.record, row.place, row.content_hash)
        return self._set_aside.open(sealed, row.wrapped_key or b"")

    def idle_segments(self) -> list[int]:
        """The segments of the vault in which nothing can be read, but for the newest."""
        segments = Vault(self.folder / "vault", self.master).segments()
        with self.database.reading() as transaction:
            used = vault_store.segments_with_keys(transaction)
        return [number for number in segments[:-1] if number not in used]

    def exchange(self) -> Exchange:
        """Make an exchange with the centre."""
        witness = Witness(self.database, self.journal, self.clock)
        parts = (self.database, self.journal, self.clock)
        backoff = Backoff(LONGEST_WAIT, Random(7))
        courier = Courier(*parts, self.holding, self._centre, witness, backoff, self.clock.sleep)
        pulling = Pulling(*parts, self._centre, self.spool, self.take)
        return Exchange(self.database, self._centre, courier, pulling, witness)

    def carrying(self) -> Carrying:
        """What writes onto the disk for the centre."""
        return Carrying(
            self.database, self.clock, self.holding, SoftSigner(), self.recipient, self._note_carried
        )

    def _note_carried(self, bundle: str, hashes: Sequence[str]) -> None:
        with self.database.transaction() as transaction:
            centre_store.note_carried(transaction, self.clock, self.journal, bundle, hashes)

    def answers(self) -> Answers:
        """What takes in what the centre has put onto the disk."""
        witness = Witness(self.database, self.journal, self.clock)
        identity = CentreIdentity(
            signing=read_public_key(self._trust / "centre" / "centre.pem"), encryption=self.recipient
        )
        return Answers(self.database, self.journal, self.clock, identity, NAME, witness, self.take)
