"""The restore drill: a backup that nobody has restored is a hope. It restores, looks, and removes again."""

import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.audit.heads import HeadKey
from station.audit.store import table_rows
from station.audit.verify import Audit
from station.backup import store
from station.backup.manifest import SegmentStore
from station.backup.place import DATABASE, BackupPlace
from station.backup.restoring import Restored, Restorer
from station.backup.verifying import sample
from station.cards.store import JobState, count_jobs
from station.clock import Clock
from station.database import Database, Transaction
from station.disk_space.guard import DiskSpaceGuard
from station.errors import InputFault, StationError
from station.journal.store import Journal, stored_rows
from station.vault import store as vault_store
from station.vault.keys import MasterKey
from station.vault.sealed import unpack
from station.vault.vault import Vault

RESTORE_DRILLED = "restore_drilled"


class RestoreDrilled(BaseModel):
    """Payload: a backup was restored for trial, and what was found in it."""

    model_config = ConfigDict(frozen=True)

    backup: str
    journal_rows: int
    rows_after_backup: int
    records: int
    opened: int
    faults: int
    seconds: float


@dataclass(frozen=True)
class Drill:
    """One restore drill at one place."""

    place: BackupPlace
    name: str
    key: HeadKey
    master: MasterKey
    clock: Clock
    guard: DiskSpaceGuard

    def run(self, scratch: Path) -> RestoreDrilled:
        """Restore into a folder that is removed again, and start as far as a station starts without devices.

        Raises:
            Refused: DISK_STOPS_INTAKE when there is no room for it; BACKUP_FOREIGN_TOKEN.
            StationError: RESTORE_FAILED; what restoring raises.
        """
        begun = self.clock.monotonic()
        manifest_size = sum(manifest.length for manifest in self.place.manifests()[-1:])
        self.guard.require_room_for_export(scratch, manifest_size)
        folder = Path(tempfile.mkdtemp(prefix="station-drill-", dir=scratch))
        try:
            target = folder / "data"
            restored = Restorer(self.place, self.name, self.key, self.clock).restore(target)
            drilled = self._look(target, restored)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return drilled.model_copy(update={"seconds": round(self.clock.monotonic() - begun, 1)})

    def _look(self, target: Path, restored: Restored) -> RestoreDrilled:
        database = Database(f"sqlite:///{DATABASE}", target)
        try:
            database.migrate()
            with database.reading() as transaction:
                audit = Audit(self.key)
                audit.walk(stored_rows(transaction))
                audit.check_tables(partial(table_rows, transaction))
                count_jobs(transaction, JobState.QUEUED)
                records = vault_store.count(transaction)
                opened, broken = self._open_records(transaction, target, records)
        finally:
            database.close()
        return RestoreDrilled(
            backup=restored.manifest.name,
            journal_rows=audit.report.rows,
            rows_after_backup=restored.event.rows,
            records=records,
            opened=opened,
            faults=len(audit.report.faults) + broken,
            seconds=0.0,
        )

    def _open_records(self, transaction: Transaction, target: Path, records: int) -> tuple[int, int]:
        vault, opened, broken = Vault(target / SegmentStore.VAULT, self.master), 0, 0
        for held in sample(transaction, records):
            try:
                sealed = vault.read(held.record, held.place, held.content_hash)
                unpack(vault.open(sealed, held.wrapped_key or b""))
                opened += 1
            except InputFault:
                broken += 1
        return opened, broken


def note_drill(database: Database, journal: Journal, clock: Clock, drilled: RestoreDrilled) -> None:
    """Date a drill in the journal; only one without a fault counts as the last."""
    with database.transaction() as transaction:
        row = journal.event(transaction, RESTORE_DRILLED, drilled)
        if not drilled.faults:
            store.note_time(transaction, clock, RESTORE_DRILLED, row, drilled.backup)


def drill_error(drilled: RestoreDrilled) -> StationError:
    """What a drill with faults says."""
    return InputFault("BACKUP_DAMAGED", name=drilled.backup, count=drilled.faults)
