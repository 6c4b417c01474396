"""A station that is backed up: real database, vault and journal; fake devices; keys that are no secret."""

from collections.abc import Sequence
from pathlib import Path

from simulators.people.folders import write_people
from station.audit.fault import Fault
from station.audit.heads import HeadKey, JournalSeal
from station.audit.verify import verify
from station.backup.keeping import BackupKeeper
from station.backup.making import BackupMaker, BackupSource, Made
from station.backup.place import ANCHOR, BackupPlace
from station.backup.releasing import Comparison, compare, release
from station.backup.restoring import Restored, Restorer
from station.backup.verifying import Verification, Verifier
from station.blanks.ledger import Account
from station.counts.counting import CountedPlace, CountKind, ShiftCount
from station.counts.store import compare as compare_count
from station.counts.store import record as record_count
from station.disk_space.guard import DiskSpaceGuard
from station.local_time import TimeZone
from station.records.folder import FILES
from station.records.parts import record_of
from station.settings import BackupSettings, DiskSpaceSettings, PolicySettings
from station.vault.holding import Holding
from station.vault.sealed import pack, seal
from station.vault.vault import Vault
from tests.fakes.devices import FakeLane
from tests.fakes.software_keys import SoftSigner
from tests.fakes.station import LANE, FakeKeys, FakeStation
from tests.fakes.vault import SoftMasterKey

NO_LIMITS = DiskSpaceSettings.model_validate({"warn_below": 0, "stop_intake_below": 0, "stop_cards_below": 0})


class BackupStation(FakeStation):
    """A station with a vault and a backup place. Lanes sign heads, as real ones do."""

    def __init__(
        self,
        folder: Path,
        place: Path,
        devices: FakeLane,
        *,
        key: HeadKey | None = None,
        limits: DiskSpaceSettings = NO_LIMITS,
        keep: int = 3,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(folder, devices, PolicySettings())
        self.key, self.master, self.keep = key or SoftSigner(), SoftMasterKey(), keep
        self.place = BackupPlace(place)
        vault = Vault(folder / "vault", self.master)
        self.holding = Holding(self.database, self.journal, self.clock, vault, FakeKeys())
        self.source = BackupSource(
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            data=folder,
            anchor=folder / ANCHOR,
            key=self.key,
            key_name="pkcs11:token=fake;object=journal",
            master=self.master,
            office="KABUPATEN CONTOHARJO",
            guard=DiskSpaceGuard(folder, limits),
        )

    def seal(self) -> None:
        """Sign the journal's head."""
        JournalSeal(self.database, self.clock, self.key, self.source.anchor).sign()

    def hold(self, folders: Sequence[Path]) -> list[str]:
        """Take record folders into the vault, in one batch; return their ids."""
        parts = [{name: (folder / name).read_bytes() for name in FILES} for folder in folders]
        records = [record_of(one) for one in parts]
        sealed = [seal(record.data.record_id, pack(one)) for record, one in zip(records, parts, strict=True)]
        kept = self.holding.keep(sealed)
        described = [self.holding.describe(record) for record in records]
        with self.database.transaction() as transaction:
            for one, description in zip(kept, described, strict=True):
                self.holding.add(transaction, one, description, "test")
        return [record.data.record_id for record in records]

    def erase(self, record: str) -> None:
        with self.database.transaction() as transaction:
            self.holding.erase(transaction, record, None, "test")

    def back_up(self, *, known: bool = False) -> Made:
        """Make a backup; a second later, so that no two have one name."""
        self.clock.sleep(1)
        return BackupMaker(self.source, self.place, self.keep).make(known=known)

    def keeper(self, every: str = "24h") -> BackupKeeper:
        """The thread's object; call `round` as it does."""
        settings = BackupSettings(place=self.place.folder, every=every, keep=self.keep)
        return BackupKeeper(self.source, settings, TimeZone.WIB, self.notices, self.seal)

    def verify(self, name: str | None = None, *, every_record: bool = False) -> Verification:
        verifier = Verifier(self.key, self.master)
        return verifier.verify(self.place, name or self.place.names()[-1], every_record=every_record)

    def restore(self, target: Path, name: str | None = None) -> Restored:
        """Restore the newest backup, or another, into a folder."""
        restorer = Restorer(self.place, name or self.place.names()[-1], self.key, self.clock)
        return restorer.restore(target)

    def count_everything(self) -> None:
        """A person counts what the devices really hold."""
        places = (
            CountedPlace(account=Account.STOCK, counted=0),
            CountedPlace(account=Account.IN_MACHINE, lane=LANE, counted=len(self.devices.hopper)),
        )
        with self.database.transaction() as transaction:
            lines = tuple(compare_count(transaction, place) for place in places)
            record_count(transaction, self.journal, ShiftCount(kind=CountKind.OPENING, lines=lines), "Siti")

    def audit(self) -> list[Fault]:
        """What an audit finds: the chain, the heads, and every table made again from the journal."""
        return verify(self.database, self.key, self.source.anchor).faults

    def compare(self) -> Comparison:
        with self.database.reading() as transaction:
            return compare(transaction, [LANE])

    def release(self, *, ask_each: bool = False) -> Comparison:
        return release(self.database, self.journal, [LANE], ("Siti", "Budi"), "compared", ask_each=ask_each)


def people(folder: Path, count: int, seed: int = 11) -> list[Path]:
    """Write synthetic print-ready records; return their folders."""
    return write_people(seed, count, folder, "PRINT_READY_RECORD")
