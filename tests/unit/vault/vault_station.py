"""A holding in a folder, with keys in memory, and ways to put people into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from simulators.people.folders import write_people
from station.database import Database
from station.journal.store import Journal
from station.records.folder import FILES
from station.records.parts import record_of
from station.vault.holding import Holding
from station.vault.keys import MasterKey
from station.vault.sealed import SealedRecord, pack, seal
from station.vault.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.station import FakeKeys
from tests.fakes.vault import SoftMasterKey


@dataclass(frozen=True)
class Guest:
    """One synthetic person with the parts of a record."""

    record: str
    nik: str
    name: str
    birth_date: date
    parts: dict[str, bytes]

    def sealed(self) -> tuple[SealedRecord, bytes]:
        return seal(self.record, pack(self.parts))


class HoldingStation:
    """Opens the same folder again and again."""

    def __init__(self, folder: Path, master: MasterKey | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.clock = folder, FakeClock()
        self.database = Database("sqlite:///station.db", folder)
        self.database.migrate()
        self.journal = Journal(self.clock)
        self.vault = Vault(folder / "vault", master or SoftMasterKey())
        self.holding = Holding(self.database, self.journal, self.clock, self.vault, FakeKeys())

    def take(self, *guests: Guest, origin: str = "test") -> None:
        """Keep records in one batch, and hold them."""
        hold(self.database, self.holding, guests, origin)

    def close(self) -> None:
        self.database.close()


def hold(database: Database, holding: Holding, guests: Sequence[Guest], origin: str) -> None:
    """Keep records in one batch, and hold them."""
    kept = holding.keep([guest.sealed() for guest in guests])
    described = [holding.describe(record_of(guest.parts)) for guest in guests]
    with database.transaction() as transaction:
        for one, description in zip(kept, described, strict=True):
            holding.add(transaction, one, description, origin)


def guests(folder: Path, count: int, seed: int = 11, status: str = "PRINT_READY_RECORD") -> list[Guest]:
    """Make synthetic people."""
    return [guest_of(one) for one in write_people(seed, count, folder, status)]


def guest_of(folder: Path) -> Guest:
    """The person of a record folder."""
    parts = {name: (folder / name).read_bytes() for name in FILES}
    data = record_of(parts).data
    return Guest(data.record_id, data.nik, data.name, data.birth_date, parts)
