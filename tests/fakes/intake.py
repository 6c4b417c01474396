"""A station that takes records in: real database, vault and journal; keys in memory."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from sqlalchemy import text

from station.bundles.senders import Senders
from station.database import Database
from station.intake.batch import BatchWriter
from station.intake.importing import BundleImport, FileResult
from station.journal.store import Journal, broken_at
from station.vault.holding import Holding
from station.vault.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import SoftRecipient, trust
from tests.fakes.station import FakeKeys
from tests.fakes.vault import SoftMasterKey


class IntakeStation:
    """Opens the same folder again and again, as a station does that is restarted."""

    def __init__(self, folder: Path, clock: FakeClock | None = None) -> None:
        self.folder, self.clock = folder, clock or FakeClock()
        folder.mkdir(parents=True, exist_ok=True)
        trust(folder / "senders")
        self.database = Database("sqlite:///station.db", folder)
        self.database.migrate()
        self.journal = Journal(self.clock)
        self.vault = Vault(folder / "vault", SoftMasterKey())
        self.aside = Vault(folder / "set-aside", SoftMasterKey())
        self.holding = Holding(self.database, self.journal, self.clock, self.vault, FakeKeys())
        self.recipient, self.turn = SoftRecipient(), Lock()
        self.writer = BatchWriter(
            self.database, self.journal, self.clock, self.holding, self.aside, lambda coming: None
        )

    def importer(self) -> BundleImport:
        """Takes bundles in, with the senders that are trusted now."""
        senders = Senders(self.folder / "senders")
        return BundleImport(
            self.database, self.clock, self.holding, self.writer, senders, self.recipient, self.turn
        )

    def take(self, *files: Path, most: int | None = None, start: int = 0) -> list[FileResult]:
        """Take bundles in."""
        return self.importer().take_in(files, most, start)

    def count(self, table: str, where: str = "1") -> int:
        """Rows of a table."""
        with self.database.reading() as transaction:
            found = transaction.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
        return int(found)

    def values(self, statement: str) -> Sequence[tuple[object, ...]]:
        """Rows of any statement."""
        with self.database.reading() as transaction:
            return [tuple(row) for row in transaction.execute(text(statement)).all()]

    def check_whole(self) -> None:
        """Every held record opens, is held once, and the journal's chain holds."""
        with self.database.reading() as transaction:
            assert broken_at(transaction) is None
        for (record,) in self.values("SELECT record FROM held_records WHERE erased_at IS NULL"):
            assert self.holding.content(str(record)).data.record_id == record
        received = self.count("journal", "name = 'record_received'")
        assert received == self.count("held_records")
        assert self.count("held_records") == self.count("intake_verdicts", "verdict = 'accepted'")

    def close(self) -> None:
        """Close the database."""
        self.database.close()
