"""A whole station around fake devices: real database, journal and templates; a key that is no secret."""

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path

from simulators.people.folders import write_people
from station.batches.worker import LaneWorker
from station.blanks import store as blanks
from station.blanks.ledger import Account, Balances, BlankMove
from station.cards import store
from station.cards.answering import Answering
from station.cards.faces import FacePainter
from station.cards.intake import Intake, Order
from station.cards.store import Attempt, Job
from station.database import Database
from station.journal import JournalRow
from station.journal.store import Journal, open_questions, rows_of_job
from station.lanes.tools import LaneTools
from station.notices import Notice, NoticeBoard
from station.settings import PolicySettings
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeLane
from tests.fakes.gate import BelievingGate

FONTS = Path("/usr/share/fonts/truetype")
LANE = "A"
PAINTER = FacePainter(FONTS)


class FakeKeys:
    """HMAC under a key that everybody knows."""

    def person_key(self, nik: str) -> str:
        return hmac.new(b"test", nik.encode(), hashlib.sha256).hexdigest()

    def search_key(self) -> bytes:
        return hashlib.sha256(b"search").digest()


class FakeStation:
    """Opens the same folder again and again, as a station does that is restarted."""

    def __init__(self, folder: Path, devices: FakeLane, policy: PolicySettings | None = None) -> None:
        self.folder, self.devices, self.policy = folder, devices, policy or PolicySettings()
        self.clock, self.notices = FakeClock(), NoticeBoard()
        self.said: list[Notice] = []
        self.notices.listen(self.said.append)
        self.database = Database("sqlite:///station.db", folder)
        self.database.migrate()
        self.journal = Journal(self.clock)
        self.intake = Intake(self.database, self.journal, self.clock, FakeKeys(), PAINTER, BelievingGate())
        self.answering = Answering(self.database, self.journal, self.clock, self.policy)

    def prepare(self, blanks_loaded: int) -> None:
        """Book blanks into the lane and add an operator."""
        with self.database.transaction() as transaction:
            add_staff(transaction, self.journal, StaffMember(name="Siti", role=Role.OPERATOR))
            for move in (
                BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=blanks_loaded),
                BlankMove(
                    source=Account.STOCK, target=Account.IN_MACHINE, target_lane=LANE, quantity=blanks_loaded
                ),
            ):
                blanks.book(transaction, self.journal, move)

    def worker(self, lane: str = LANE, devices: FakeLane | None = None) -> LaneWorker:
        """A lane's worker, as after a start."""
        fake = devices or self.devices
        tools = LaneTools(
            name=lane,
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            notices=self.notices,
            printer=fake,
            encoder=fake,
            policy=self.policy,
            seal=lambda: None,
            gate=BelievingGate(),
        )
        return LaneWorker(tools, PAINTER)

    def add(self, folders: Sequence[Path]) -> list[Job]:
        """Add records to the queue."""
        return [self.intake.add(folder, Order(5))[0] for folder in folders]

    def job(self, number: int) -> Job:
        with self.database.reading() as transaction:
            found = store.find_job(transaction, number)
        if found is None:
            raise LookupError(number)
        return found

    def attempts(self, job: int) -> list[Attempt]:
        with self.database.reading() as transaction:
            return store.attempts_of_job(transaction, job)

    def rows(self, job: int) -> list[JournalRow]:
        with self.database.reading() as transaction:
            return rows_of_job(transaction, job)

    def questions(self) -> list[JournalRow]:
        with self.database.reading() as transaction:
            return open_questions(transaction)

    def balances(self) -> Balances:
        with self.database.reading() as transaction:
            return blanks.balances(transaction)

    def close(self) -> None:
        self.database.close()


def records(folder: Path, count: int) -> list[Path]:
    """Write synthetic print-ready records; return their folders."""
    return write_people(11, count, folder, "PRINT_READY_RECORD")
