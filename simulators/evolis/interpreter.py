"""What each command does and answers: one reply for each command (G: OK, a value, or ERR...)."""

from __future__ import annotations

from collections.abc import Callable

from simulators.evolis.errors import MachineFault, PowerLost, Refused
from simulators.evolis.machine import Machine
from simulators.evolis.parser import Command

Handler = Callable[[Command], str]
OK = "OK"


class Interpreter:
    """Carries out the commands of all front ends of one printer."""

    def __init__(self, machine: Machine, *tables: dict[str, Handler]) -> None:
        self._machine = machine
        self._handlers: dict[str, Handler] = {}
        for table in tables:
            self._handlers.update(table)

    def answer(self, command: Command, session_table: dict[str, Handler]) -> str:
        """Carry out a command, of the printer or of the host's own session, and return its reply.

        Raises:
            PowerLost: the printer has no power and answers nothing.
        """
        if not self._machine.powered:
            raise PowerLost
        if command.mnemonic == "":
            # ESC CR: the status text (assumed; facts: how status words travel over USB is unknown)
            return self._machine.status().text()
        handler = session_table.get(command.mnemonic) or self._handlers.get(command.mnemonic)
        if handler is None:
            return "ERR COMMAND"
        try:
            return handler(command)
        except Refused as refusal:
            return refusal.reply


def run(machine: Machine, action: Callable[[], None]) -> str:
    """Let the machine do a move and wait for its end: a move is answered when it is done (assumed)."""
    if machine.memory.errors:
        # assumed: no move before the error line is cleared with Scs
        raise Refused("ERR STATUS")
    try:
        machine.perform(action).result()
    except MachineFault as fault:
        return fault.reply
    return OK


def number(text: str) -> int:
    """Return a decimal parameter.

    Raises:
        Refused: it is not one.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Refused("ERR PARAMETER")
    return int(text)
