"""One simulated printer with the chip at its station, on loopback ports and on a virtual clock."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep

from simulators.chip.apdu_port import ApduPort
from simulators.chip.blank import manufacture
from simulators.chip.store import load_state
from simulators.evolis.memory import Memory
from simulators.evolis.models import model_named
from simulators.evolis.program import Equipment, Printer
from simulators.evolis.session import Session
from simulators.evolis.tcp_port import TcpPort
from simulators.evolis.truth import Ribbon
from tests.fakes.software_keys import BATCH_KEY
from tests.reliability.caretaker import Caretaker

PATIENCE = 30.0  # seconds of wall time
NO_WAITING = 0.0  # speed of a clock that only counts


@dataclass(frozen=True)
class LaneShape:
    """What a printer is started with for the first time."""

    hopper: int
    seed: int = 1
    model: str = "Primacy 2"
    ribbon: str = "YMCKO"
    sets: int = 200


class CountedSession(Session):
    """A host's connection that counts what has arrived on it and been dealt with."""

    taken_in = 0

    def feed(self, chunk: bytes) -> None:
        super().feed(chunk)
        self.taken_in += len(chunk)


class CountingPrinter(Printer):
    """A printer that knows how much of its host's last connection has arrived."""

    last: CountedSession | None = None

    def open_session(self, send: Callable[[bytes], None]) -> Session:
        self.last = CountedSession(
            self.machine, self._interpreter, self._jobs, self.faults, send, self._quiet_jobs
        )
        return self.last


class SimulatedLane:
    """The printer, its two ports and the person who looks after it."""

    def __init__(self, folder: Path, shape: LaneShape) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.chips = ApduPort("contactless")
        self.printer = CountingPrinter(
            Equipment(
                folder=folder,
                model=model_named(shape.model),
                hopper=shape.hopper,
                ribbon=Ribbon(shape.ribbon, shape.sets, shape.sets),
                seed=shape.seed,
                speed=NO_WAITING,
                tray_capacity=1000,
                make_chip=lambda chip, uid: manufacture(chip, uid, BATCH_KEY),
                read_life_cycle=_life_cycle,
                slots={"contactless": self.chips},
            )
        )
        machine = self.printer.machine
        self.tcp = TcpPort(self.printer.open_session, lambda: machine.powered)
        machine.on_power_loss.append(self.tcp.hang_up)
        self.caretaker = Caretaker(machine, self.printer.person)

    @property
    def printer_url(self) -> str:
        """Where the station finds the printer."""
        return f"socket://127.0.0.1:{self.tcp.port}"

    @property
    def reader_url(self) -> str:
        """Where the station finds the chip."""
        return f"apdu://127.0.0.1:{self.chips.port}"

    def settle(self) -> None:
        """Wait until nothing moves."""
        self.printer.machine.wait_until_idle(lambda: False)

    def pass_time(self, seconds: float) -> str | None:
        """Let time pass: what moves comes to rest, and the caretaker comes by; return what was mended."""
        self.printer.clock.sleep(seconds)
        self.settle()
        return self.caretaker.come_by()

    def take_in(self, sent: int) -> None:
        """Wait until so many bytes have arrived on the last connection, and nothing moves."""
        wait_until(lambda: self.printer.last is not None and self.printer.last.taken_in >= sent, "a job")
        self.settle()

    def rest(self) -> None:
        """Wait until every host that has died is noticed, and nothing moves."""
        wait_until(lambda: not self.tcp._connections and not self.chips._connections, "a host still talks")
        self.settle()

    def digest(self) -> str:
        """What outlives a host, in one number: the card in the path, the counters, the working memory,
        and how far the armed faults have counted."""
        mechanism, memory = self.printer.machine.mechanism, self.printer.machine.memory
        truth = mechanism.truth
        parts = [repr(truth).encode(), memory_text(memory).encode()]
        if truth.inside is not None:
            chip = load_state(mechanism.cards.chip_folder(truth.inside))
            parts.append(repr(replace(chip, sequence_counter=0)).encode())
            parts.append(repr(mechanism.cards.record(truth.inside).prints).encode())
        parts.append(repr(self.printer.faults.listed()).encode())
        parts.append(
            repr((self.chips._card and self.chips._card.faults._armed, self.chips.faults._armed)).encode()
        )
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def close(self) -> None:
        """End it; the truth stays on the disk."""
        self.tcp.close()
        self.printer.close()
        self.chips.close()


def _life_cycle(folder: Path) -> str:
    cycle = load_state(folder).life_cycle
    return "blank" if cycle is None else cycle.name.lower()


def memory_text(memory: Memory) -> str:
    """The working memory without the ink of a job in hand."""
    job = memory.job and (memory.job.arrived, memory.job.failed, memory.job.ended)
    kept = (memory.error_mode, memory.insertion, memory.ejection, memory.rejection, memory.ribbon)
    return repr((kept, memory.fills, memory.errors, memory.just_rebooted, job))


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for another thread's work.

    Raises:
        TimeoutError: it is not so in time.
    """
    end = monotonic() + PATIENCE
    while not is_so():
        if monotonic() > end:
            raise TimeoutError(what)
        sleep(0.0005)
