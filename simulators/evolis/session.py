"""One host's connection: its bytes in, its replies out, with the faults of the line between them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from simulators.evolis.errors import PowerLost
from simulators.evolis.interpreter import Interpreter
from simulators.evolis.job_commands import JobCommands
from simulators.evolis.machine import Machine
from simulators.evolis.parser import Command, CommandParser, Garbage, Item
from simulators.evolis.printing import PrintJobs
from simulators.evolis.settings import PREAMBLE
from simulators.fault_menu import FaultMenu

ANSWER_FAULTS = ("wrong_answer", "no_answer", "cut_answer", "split_answer", "double_answer")
LATE = 3.0  # seconds of wall time, when late_answer has no argument: hosts wait in wall time
MOVES = frozenset({"Si", "Sib", "Sis", "Sic", "Siscan", "Sce", "Ser", "Seb", "Sie"})
Send = Callable[[bytes], None]


class LineBroken(Exception):
    """A fault ended the connection."""


class Session:
    """The printer's end of one connection. `send` is called with whole packets."""

    def __init__(
        self,
        machine: Machine,
        interpreter: Interpreter,
        jobs: PrintJobs,
        faults: FaultMenu,
        send: Send,
        quiet_jobs: bool = False,
    ) -> None:
        """Begin a connection; with `quiet_jobs` the commands that make up a print job are not answered."""
        self._machine = machine
        self._interpreter = interpreter
        self._faults = faults
        self._send = send
        self._parser = CommandParser(machine.mechanism.model, machine.framing)
        self._closed = threading.Event()
        self._bitmaps_seen = 0
        self._move: threading.Thread | None = None
        self._sending = threading.Lock()
        self._job = JobCommands(jobs, machine.mechanism.model, self._closed.is_set)
        self._job_table = self._job.table()
        self._quiet_jobs = quiet_jobs
        self._quiet_commands = PREAMBLE | self._job_table.keys()

    @property
    def closed(self) -> bool:
        """Whether the connection has ended."""
        return self._closed.is_set()

    def close(self) -> None:
        """The connection has ended: an open job of this host is abandoned."""
        self._closed.set()
        self._job.abandon()

    def wait(self) -> None:
        """Block until the last move of this host has been answered."""
        if self._move is not None:
            self._move.join()
            self._move = None

    def feed(self, chunk: bytes) -> None:
        """Take bytes from the host and answer what is complete in them.

        Blocks while the printer waits for a person (G: host writes hang).

        Raises:
            LineBroken: the connection must be ended.
        """
        self._hang()
        try:
            for item in self._parser.feed(chunk):
                self._handle(item)
                self._hang()
        except PowerLost as lost:
            raise LineBroken from lost
        self._maybe_disconnect()

    def send_status(self) -> None:
        """Send the status text to a host that says nothing and waits."""
        self._deliver("", self._machine.status().text().encode("ascii") + b"\x00")

    def _hang(self) -> None:
        self._machine.wait_until_writable(self._closed.is_set)
        if self.closed or not self._machine.powered:
            raise LineBroken

    def _maybe_disconnect(self) -> None:
        while self._bitmaps_seen < self._parser.bitmaps_begun:
            self._bitmaps_seen += 1
            if self._faults.strike("disconnect") is not None:
                raise LineBroken

    def _handle(self, item: Item) -> None:
        """Answer in order, save that status is told at once while a move is under way (assumed)."""
        if isinstance(item, Command) and item.mnemonic == "":
            self._reply(item)
            return
        self.wait()
        if isinstance(item, Command) and item.mnemonic in MOVES:
            self._move = threading.Thread(target=self._reply_later, args=(item,), daemon=True)
            self._move.start()
        else:
            self._reply(item)

    def _reply_later(self, item: Item) -> None:
        try:
            self._reply(item)
        except (PowerLost, LineBroken, OSError):
            return  # whoever reads from the host finds the line broken too

    def _reply(self, item: Item) -> None:
        if isinstance(item, Garbage):
            self._deliver("", b"ERR COMMAND\x00")
            return
        text = self._interpreter.answer(item, self._job_table)
        if self._faults.strike("power_cut", only="reply") is not None:
            self._machine.cut_power()
            raise LineBroken
        # facts: ASCII text ended by NUL
        self._deliver(item.mnemonic, text.encode("ascii") + b"\x00")

    def _deliver(self, mnemonic: str, reply: bytes) -> None:
        if self._quiet_jobs and mnemonic in self._quiet_commands:
            return
        packets = self._spoil(mnemonic or "status", reply)
        with self._sending:
            for packet in packets if not self.closed else ():
                self._send(packet)

    def _spoil(self, command: str, reply: bytes) -> list[bytes]:
        """Return the packets of a reply after the faults of the line."""
        struck = {name for name in ANSWER_FAULTS if self._faults.strike(name, only=command) is not None}
        late = self._faults.strike("late_answer")
        if late is not None:
            self._closed.wait(float(late or LATE))
        whole = self._machine.last_reply if "wrong_answer" in struck else reply
        self._machine.last_reply = reply
        middle = len(whole) // 2
        if "no_answer" in struck:
            return []
        if "cut_answer" in struck:
            return [whole[:middle]]
        if "split_answer" in struck:
            return [whole[:middle], whole[middle:]]
        return [whole, whole] if "double_answer" in struck else [whole]
