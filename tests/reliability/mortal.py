"""Points at which a process may die, and the station's parts with a point before and after all they do.

What lies after one event and before the next is one point: nothing but memory changes in between.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from unittest.mock import patch

from drivers.evolis import EvolisTiming
from drivers.pcsc import CardReader, SlotReader, SocketSlot
from drivers.pcsc.apdu import CardSlot
from drivers.transports.base import ClosingQuestion, PrinterTransport, slices
from drivers.transports.urls import open_printer_transport
from station.database import Database, Transaction

Point = Callable[[str], None]


class Reaper:
    """Kills its own process at the n-th point, with the signal that nothing can catch."""

    def __init__(self, at: int | None, seen: Callable[[str], None] = lambda where: None) -> None:
        self.at, self.reached, self._seen = at, 0, seen

    def point(self, where: str) -> None:
        """Pass a point, or die at it."""
        self.reached += 1
        self._seen(where)
        if self.reached == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(Database):
    """A database with a point before each COMMIT and one after it has returned."""

    def __init__(self, url: str, data: Path) -> None:
        super().__init__(url, data)
        self.folder = data
        self.point: Point = lambda where: None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with super().transaction() as transaction:
            yield transaction
            self.point("COMMIT")
        self.point("after COMMIT")


class Settling(Protocol):
    """Whatever can wait until the printer rests."""

    def settle(self) -> None:
        """Wait until nothing moves."""

    def take_in(self, sent: int) -> None:
        """Wait until so many bytes of a job have arrived, and nothing moves."""


class MortalTransport:
    """A printer transport with a point before each command and each piece of a job, and one after it."""

    def __init__(self, inner: PrinterTransport, point: Point, world: Settling) -> None:
        self._inner, self._point, self._world = inner, point, world

    @property
    def has_replies(self) -> bool:
        return self._inner.has_replies

    @property
    def keeps_stale_replies(self) -> bool:
        return self._inner.keeps_stale_replies

    def exchange(self, command: bytes, deadline: float) -> bytes:
        self._point(f"printer {_mnemonic(command)}")
        return self._inner.exchange(command, deadline)

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        """Ask for the status when the printer rests, so that a run can be repeated point by point."""
        self._world.settle()
        self._point("printer status")
        return self._inner.read_status(empty_command, deadline)

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        sent = self._inner.send_job(self._pieces(chunks), closing, deadline)
        self._point("job taken")
        return sent

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        self._point("printer resynchronise")
        self._inner.resynchronise(question, is_answer, deadline)

    def reset(self, deadline: float) -> None:
        self._point("printer reset")
        self._inner.reset(deadline)

    def close(self) -> None:
        self._inner.close()

    def _pieces(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Send a piece when the printer has done all that the pieces before it have set going."""
        sent = 0
        for number, piece in enumerate(slices(chunks, PIECE)):
            self._world.take_in(sent)
            self._point(f"job piece {number}")
            yield piece
            sent += len(piece)
        self._world.take_in(sent)
        self._point("job end")


PIECE = 256 * 1024  # bytes of a job between two points


def _mnemonic(command: bytes) -> str:
    return command.strip(b"\x1b\r\x00").decode("ascii", "replace")


class MortalSlot:
    """A chip station with a point before each APDU."""

    def __init__(self, inner: CardSlot, point: Point) -> None:
        self._inner, self._point = inner, point

    def present(self) -> bool:
        return self._inner.present()

    def power_on(self) -> bytes:
        self._point("chip power on")
        return self._inner.power_on()

    def power_off(self) -> None:
        self._inner.power_off()

    def exchange(self, apdu: bytes) -> bytes:
        self._point(f"chip {apdu[:4].hex()}")
        return self._inner.exchange(apdu)

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True)
class Patience:
    """How long the drivers wait, in seconds of wall time: simulators that spend none need not be waited for.

    Attributes:
        seen_within: for a chip to be seen.
        chip: for the answer to an APDU.
        timing: of the printer's driver.
    """

    seen_within: float
    chip: float = 10.0
    timing: EvolisTiming = field(default_factory=EvolisTiming)


@contextmanager
def mortal_devices(point: Point, world: Settling, patience: Patience) -> Iterator[list[SocketSlot]]:
    """Have the station's device doors open mortal transports below the real drivers.

    The list holds the connections to the chip station, for whoever must cut them.
    """
    slots: list[SocketSlot] = []

    def open_transport(url: str) -> PrinterTransport:
        return MortalTransport(open_printer_transport(url), point, world)

    def open_chip(url: str) -> CardReader:
        host, _, port = url.removeprefix("apdu://").partition(":")
        slots[:] = [SocketSlot(host, int(port), patience.chip)]
        return SlotReader(url, MortalSlot(slots[0], point))

    with (
        patch("station.devices.printer.open_printer_transport", open_transport),
        patch("station.devices.chip.open_reader", open_chip),
        patch("station.devices.chip.CARD_SEEN_WITHIN", patience.seen_within),
        patch("drivers.evolis.printer.EvolisTiming", lambda: patience.timing),
    ):
        yield slots


@contextmanager
def mortal_files(point: Point) -> Iterator[None]:
    """Have a point before and after each rename and each sync of files by this process' Python code."""
    replace, sync = os.replace, os.fsync

    def mortal_replace(source: Path, target: Path) -> None:
        point("rename")
        replace(source, target)
        point("after rename")

    def mortal_sync(descriptor: int) -> None:
        point("sync")
        sync(descriptor)
        point("after sync")

    with (
        patch("os.replace", mortal_replace),
        patch("os.rename", mortal_replace),
        patch("os.fsync", mortal_sync),
    ):
        yield


class RenameWatch:
    """Counts every rename that Python audits, to show that none goes around the points."""

    def __init__(self) -> None:
        self.seen = 0
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename":
            self.seen += 1
