"""A station that is opened again and again in one folder, with real drivers, on a clock that only counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from simulators.rig import CardView
from station.audit.heads import JournalSeal
from station.batches.worker import LaneWorker
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards.answering import Answering
from station.cards.content import chip_content
from station.cards.faces import FacePainter
from station.cards.intake import Intake, Order
from station.cards.store import open_attempt_of_lane
from station.database import Database
from station.devices.chip import ReaderChipEncoder
from station.devices.keys import open_profile
from station.devices.printer import EvolisCardPrinter
from station.errors import LaneLatched
from station.journal.store import Journal, Place, open_questions
from station.lanes import store as lanes
from station.lanes.tools import LaneTools
from station.notices import Notice, NoticeBoard
from station.ports import ChipContent, PrinterIdentity
from station.records.record import Record
from station.settings import PolicySettings
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from templates.card.face import CardFace
from templates.card.lint import FaceWarning
from tests.fakes.gate import BelievingGate
from tests.fakes.software_keys import SoftKeyService, SoftPersonKeys, SoftSigner
from tests.reliability.person import truthful_verdict
from tests.reliability.world import Ports

LANE = "A"
OPERATOR = "Siti"
FILE = "station.db"
DATABASE = f"sqlite:///{FILE}"
ANCHOR = "journal-heads.log"
FONTS = Path("/usr/share/fonts/truetype")
EPOCH = datetime(2017, 3, 17, 8, 0, tzinfo=UTC)
MOST_ROUNDS = 60


class Surroundings(Protocol):
    """What the station's people and its clock need of the world."""

    def now(self) -> float:
        """Simulated seconds."""

    def pass_time(self, seconds: float) -> str | None:
        """Let time pass."""

    def card(self, uid: str) -> CardView | None:
        """What a person sees who looks for a card, by the 8 bytes of its UID."""


class WorldClock:
    """The world's clock: it counts, and whoever sleeps lets the world go on."""

    def __init__(self, world: Surroundings) -> None:
        self._world = world

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._world.now())

    def monotonic(self) -> float:
        return self._world.now()

    def sleep(self, duration: float) -> None:
        self._world.pass_time(duration)


class RememberingPainter(FacePainter):
    """Draws each person once: the same few people are made again and again."""

    def __init__(self, font_folder: Path) -> None:
        super().__init__(font_folder)
        self._drawn: dict[tuple[str, int, int], CardFace] = {}
        self._warned: dict[str, tuple[FaceWarning, ...]] = {}

    def paint(self, record: Record, printer: PrinterIdentity) -> CardFace:
        known = (record.data.nik, printer.raster_width, printer.raster_height)
        if known not in self._drawn:
            self._drawn[known] = super().paint(record, printer)
        return self._drawn[known]

    def warnings(self, record: Record) -> tuple[FaceWarning, ...]:
        if record.data.nik not in self._warned:
            self._warned[record.data.nik] = super().warnings(record)
        return self._warned[record.data.nik]


_contents: dict[str, ChipContent] = {}


def remembered_content(record: Record) -> ChipContent:
    """Shrink each person's photo once; every issue has its own number."""
    nik = record.data.nik
    if nik not in _contents:
        _contents[nik] = chip_content(record)
    return replace(_contents[nik], issue=record.data.issue_number)


@cache
def painter() -> RememberingPainter:
    """The fonts, loaded once."""
    return RememberingPainter(FONTS)


class ReliabilityStation:
    """One lane, its journal and its people."""

    def __init__(
        self,
        folder: Path,
        world: Surroundings,
        ports: Ports | None = None,
        database: Database | None = None,
        policy: PolicySettings | None = None,
    ) -> None:
        self.folder, self.world, self._ports = folder, world, ports
        self.policy = policy or PolicySettings()
        self.clock, self.notices = WorldClock(world), NoticeBoard()
        self.database = database or Database(DATABASE, folder)
        self.journal = Journal(self.clock)
        self.answering = Answering(self.database, self.journal, self.clock, self.policy)

    def prepare(self, blanks_loaded: int, records: list[Path]) -> None:
        """Make the tables, take on an operator, book blanks into the lane and queue the records."""
        self.database.migrate()
        with self.database.transaction() as transaction:
            add_staff(transaction, self.journal, StaffMember(name=OPERATOR, role=Role.OPERATOR))
        self.book_loaded(blanks_loaded)
        intake = Intake(self.database, self.journal, self.clock, SoftPersonKeys(), painter(), BelievingGate())
        for record in records:
            intake.add(record, Order(5))

    def book_loaded(self, count: int) -> None:
        """Book a carton in, and its blanks into the hopper."""
        received = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=count)
        loaded = BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=LANE, quantity=count)
        with self.database.transaction() as transaction:
            for move in (received, loaded):
                blanks.book(transaction, self.journal, move)

    def worker(self) -> LaneWorker:
        """The lane's worker, as after a start."""
        if self._ports is None:
            raise LookupError("this station has no devices")
        encoder = ReaderChipEncoder(
            self._ports.reader, open_profile("ktp-el-open"), SoftKeyService(), SoftSigner()
        )
        tools = LaneTools(
            name=LANE,
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            notices=self.notices,
            printer=EvolisCardPrinter(self._ports.printer, "contactless"),
            encoder=encoder,
            policy=self.policy,
            seal=self.seal().sign,
            gate=BelievingGate(),
        )
        return LaneWorker(tools, painter())

    def seal(self) -> JournalSeal:
        """Signs the journal's head."""
        return JournalSeal(self.database, self.clock, SoftSigner(), self.folder / ANCHOR)

    def work_to_the_end(self, tell: Callable[[Notice], None] = lambda notice: None) -> int:
        """Work, answer, clear and work again until nothing is left to do; return the questions asked.

        Raises:
            RuntimeError: it does not come to an end.
        """
        self.notices.listen(tell)
        worker, asked = self.worker(), 0
        for _ in range(MOST_ROUNDS):
            latched = self._work(worker)
            answered = self.answer_everything()
            asked += answered
            if not latched and not answered:
                return asked
        raise RuntimeError("the station does not come to an end")

    def _work(self, worker: LaneWorker) -> bool:
        try:
            worker.run_batch()
        except LaneLatched:
            self.clear_lane()
            return True
        return False

    def answer_everything(self) -> int:
        """Let a person look and answer; return the number of answers."""
        with self.database.reading() as transaction:
            questions = open_questions(transaction)
        for question in questions:
            verdict = truthful_verdict(question, self.world.card)
            self.answering.answer(question.sequence, verdict, OPERATOR, "looked at it")
        return len(questions)

    def clear_lane(self) -> None:
        """Let a person look at a broken lane and clear it."""
        with self.database.transaction() as transaction:
            attempt = open_attempt_of_lane(transaction, LANE)
            place = Place(LANE, attempt.job if attempt else None, attempt.id if attempt else None)
            lanes.clear(transaction, self.clock, self.journal, place, OPERATOR, "looked at it")

    def close(self) -> None:
        self.database.close()
