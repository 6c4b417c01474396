"""One office in this process: the station's own operations, its lane, and a death at any of their points."""

import atexit
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, cast
from unittest.mock import patch

from drivers.evolis import EvolisTiming
from simulators.evolis.truth import card_as_json
from simulators.people.folders import write_people
from simulators.rig import CardView, PrinterView
from station.batches.worker import LaneWorker
from station.database import Database
from station.devices.keys import TokenKeys
from station.errors import StationError
from station.journal.store import Journal
from station.lanes import store as lanes
from station.lanes.tools import LaneTools
from station.office import Office
from station.settings import (
    KeySettings,
    LaneSettings,
    OfficeSettings,
    PolicySettings,
    ScannerSettings,
    Settings,
)
from station.staff import pins
from station.staff import store as staff
from station.staff.store import Role, StaffMember
from tests.fakes.counter import FakeComparer, FakeScanner
from tests.fakes.gate import BelievingGate
from tests.fakes.software_keys import SoftKeyService, SoftPersonKeys, SoftSigner
from tests.fakes.vault import SoftMasterKey
from tests.reliability.mass_office import Death, DeathInProcess, few_people
from tests.reliability.mortal import MortalDatabase, Patience, mortal_devices
from tests.reliability.simulated_lane import LaneShape, SimulatedLane, wait_until
from tests.reliability.station import DATABASE, EPOCH, LANE, WorldClock, painter
from tests.reliability.world import PRINTER

MEMORY: Final = Path("/dev/shm")
PEOPLE: Final = 3
STAFF: Final = {"Siti": Role.OPERATOR, "Budi": Role.SUPERVISOR, "Tono": Role.TECHNICIAN}
PIN: Final = "274913"
CHEAP_COST: Final = 2  # of scrypt: what a PIN costs to try is another test's concern
PATIENCE: Final = Patience(0.2, 1.0, EvolisTiming(reply=1.0, move=3.0, job=8.0, poll=0.01))
MOST_WAITS: Final = 20_000  # a head that cools takes some hundred
NO_KEYS: Final = "pkcs11:token=none;object=none"
SHAPE: Final = LaneShape(hopper=0)


class NoHeadway(BaseException):
    """The station waits and waits, and nobody can help it. No handler of the program may catch this."""


class Untrue(BaseException):
    """What must hold does not, while the station works: no handler of the program may catch this."""


class OfficeWorld:
    """What is around the station: one printer, its clock, and whoever comes by while the station waits."""

    def __init__(self, lane: SimulatedLane) -> None:
        self.lane = lane
        self.waits = 0
        self.come_by: Callable[[], str | None] = lane.caretaker.come_by

    def now(self) -> float:
        return self.lane.printer.clock.now()

    def pass_time(self, seconds: float) -> str | None:
        self.waits += 1
        if self.waits > MOST_WAITS:
            raise NoHeadway
        self.lane.printer.clock.sleep(seconds)
        self.settle()
        try:
            return self.come_by()
        except AssertionError as untrue:
            raise Untrue(str(untrue)) from untrue

    def card(self, uid: str) -> CardView | None:
        """What a person sees who looks for a card."""
        cards = self.lane.printer.machine.mechanism.cards
        number = uid[2:]
        if number not in cards.uids():
            return None
        self.lane.caretaker.look_for(number)
        return CardView.model_validate(card_as_json(cards.record(number)) | {"life_cycle": ""})

    def settle(self) -> None:
        """Wait until nothing moves, or the printer waits for a person."""
        machine = self.lane.printer.machine
        machine.wait_until_idle(lambda: not machine.moving)

    def take_in(self, sent: int) -> None:
        """Wait until so many bytes of a job have arrived, or cannot any more."""
        printer = self.lane.printer

        def is_in() -> bool:
            last = printer.last
            return (
                last is not None and (last.closed or last.taken_in >= sent)
            ) or printer.machine.memory.waits_for_person

        wait_until(is_in, "a job")
        self.settle()


class SoftKeys:
    """All keys of the station, in memory, behind the names that `TokenKeys` has."""

    def __init__(self) -> None:
        self.blanks, self.signature, self.journal = SoftKeyService(), SoftSigner(), SoftSigner()
        self.records = SoftMasterKey()

    def person_key(self, nik: str) -> str:
        return SoftPersonKeys().person_key(nik)

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Ending:
    """How one operation has ended: it was refused, or died before or after its commit, or it is done."""

    refusal: str = ""
    explained: str = ""
    died_at: str = ""

    @property
    def happened(self) -> bool:
        """Whether the books have it."""
        return not self.refusal and self.died_at in ("", "after COMMIT")


class OfficeUnderTest:
    """The station, started again as often as it dies, and everything around it."""

    def __init__(self, policy: PolicySettings) -> None:
        self.folder = Path(mkdtemp(prefix="state-", dir=MEMORY if MEMORY.is_dir() else None))
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        self.lane = SimulatedLane(self.folder / PRINTER, SHAPE)
        self.world = OfficeWorld(self.lane)
        self.death = DeathInProcess()
        self.database = MortalDatabase(DATABASE, self.folder)
        self._policy, self._patches = policy, ExitStack()
        self._patches.enter_context(few_people())
        self._at_point: Callable[[str], None] = lambda where: None
        self._slots = self._patches.enter_context(mortal_devices(self._pass_point, self.world, PATIENCE))
        self._patches.enter_context(patch("station.devices.inspection.SEEN_WITHIN", PATIENCE.seen_within))
        self.scanner = FakeScanner()
        self.scanner.hook = lambda: self._pass_point("touch")
        self._patches.enter_context(
            patch("station.service.handing_over.open_scanner", lambda *parts: self.scanner)
        )
        self._patches.enter_context(
            patch("station.service.handing_over.OwnComparer", lambda window: FakeComparer(self.scanner))
        )
        self._start()

    def _pass_point(self, where: str) -> None:
        self._at_point(where)
        self.death.point(where)

    # ---- one life of the station ----

    def _start(self) -> None:
        self.death.arm(None)
        self.database.point = self._pass_point
        self.office = Office(self._settings(), WorldClock(self.world))
        self.office.__dict__.update(
            database=self.database,
            painter=painter(),
            keys=cast(TokenKeys, SoftKeys()),
            gate=BelievingGate(),
        )
        self.tools = self.open_lane()
        self.worker = LaneWorker(self.tools, painter())

    def open_lane(self) -> LaneTools:
        """The devices, opened as after a start."""
        return self.office.lane_tools(self.office.settings.lanes[0])

    def _settings(self) -> Settings:
        return Settings(
            office=OfficeSettings(province="JAWA TIMUR", regency="KABUPATEN LUMAJANG"),
            data=self.folder,
            keys=KeySettings(person=NO_KEYS, blanks=NO_KEYS, signature=NO_KEYS, journal=NO_KEYS),
            scanner=ScannerSettings(url="serial:///dev/null"),
            lanes=(LaneSettings(name=LANE, printer=self.lane.printer_url, reader=self.lane.reader_url),),
            policy=self._policy,
        )

    def start_again(self) -> None:
        """The process has ended, whatever it was doing; the world goes on, and a new one starts."""
        self.death.arm(None)
        self._at_point = lambda where: None
        for slot in self._slots:
            slot.close()
        self.database.close()
        self._lane_rests()
        self._start()

    def _lane_rests(self) -> None:
        machine = self.lane.printer.machine
        wait_until(
            lambda: (
                machine.memory.waits_for_person
                or not (self.lane.tcp._connections or self.lane.chips._connections)
            ),
            "a host still talks",
        )
        self.world.settle()

    def live(
        self,
        work: Callable[[], object],
        death: int | None = None,
        at_point: Callable[[str], None] = lambda where: None,
    ) -> Ending:
        """Let the station do something, and die at a point of it; it is started again then."""
        self.death.arm(death)
        self._at_point = at_point
        self.world.waits = 0
        try:
            work()
        except Untrue as untrue:
            raise AssertionError(str(untrue)) from untrue
        except NoHeadway as stuck:
            raise AssertionError(f"the station waits for ever: {self.lane_cause()}") from stuck
        except StationError as error:
            return Ending(refusal=error.code, explained=str(error))
        except Death as death_at:
            self.start_again()
            return Ending(died_at=str(death_at))
        finally:
            self.death.arm(None)
            self._at_point = lambda where: None
        return Ending()

    @contextmanager
    def other_process(self) -> Iterator[None]:
        """What is done here is a command of its own beside the one that works, and does not die with it."""
        mine = self.death, self._at_point
        self.death, self._at_point = DeathInProcess(), lambda where: None
        try:
            yield
        finally:
            self.death, self._at_point = mine

    # ---- looking ----

    def truth(self) -> PrinterView:
        """All that the simulator knows."""
        return PrinterView.model_validate(self.lane.printer.truth())

    def lane_cause(self) -> str:
        """What the screen says of the lane."""
        with self.database.reading() as transaction:
            found = lanes.status(transaction, LANE)
        return f"{found.state}: {found.cause}"

    def person(self, action: str, **arguments: object) -> object:
        """Let a person's hands act at the printer."""
        return self.lane.printer.person(action, arguments)

    def close(self) -> None:
        """End it and leave nothing behind."""
        try:
            for slot in self._slots:
                slot.close()
            self.database.close()
            self.lane.close()
        finally:
            self._patches.close()
            shutil.rmtree(self.folder, ignore_errors=True)


class _FixedClock:
    """The moment before the office's first day."""

    def now(self) -> datetime:
        return EPOCH.astimezone(UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, duration: float) -> None:
        raise NotImplementedError


@cache
def template() -> Path:
    """An office before its first day: tables, people who can sign, and the records of a few applicants."""
    folder = Path(mkdtemp(prefix="state-template-", dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database, journal = Database(DATABASE, folder), Journal(_FixedClock())
    database.migrate()
    with patch("station.staff.pins.COST", CHEAP_COST):
        hashed = pins.hash_pin(PIN)
    with database.transaction() as transaction:
        for name, role in STAFF.items():
            staff.add(transaction, journal, StaffMember(name=name, role=role))
            staff.set_pin(transaction, journal, name, hashed, None)
    database.close()
    write_people(7, PEOPLE, folder / "people", "PRINT_READY_RECORD")
    return folder
