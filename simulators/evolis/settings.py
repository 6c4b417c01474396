"""The commands that set something (P..., W..., Scs, Srs) and those that are accepted without effect."""

from __future__ import annotations

from collections.abc import Callable

from simulators.evolis.errors import ERROR_MODES, Refused
from simulators.evolis.interpreter import OK, Handler, number
from simulators.evolis.machine import Machine
from simulators.evolis.parser import Command
from simulators.evolis.ribbons import ribbon_asked

# Driver preamble, meaning undocumented (S, W), and settings without effect on a picture here.
ACCEPTED = (
    "Psync", "Psmgr", "Ppws", "Pcla", "Ppmode", "Pwres", "Psk", "Piqla", "Peoic", "Pida", "Pdt", "Mr",
    "Pps", "Pwr", "Pmc", "Pmt", "Pos", "Poc", "Pcom", "Sdm",
)  # fmt: skip
PREAMBLE = frozenset(ACCEPTED) | {
    "Pr",
    "Pc",
    "Pl",
    "Ps",
    "Pmi",
    "Wcb",
}  # what drivers send before and in a job
PANELS = frozenset("ymckoa")
ADJUSTABLE = frozenset("ymckoalf")
INSERTION_MODES = {"F": "F", "M": "M", "B": "B"}  # Pmi: feeder / manual / both (G, W)


class Settings:
    """Changes what the machine remembers."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def table(self) -> dict[str, Handler]:
        """Return the handlers by mnemonic."""
        table: dict[str, Handler] = dict.fromkeys(ACCEPTED, self._accept)
        return table | {
            "Psc": self._framing,
            "Pem": self._error_mode,
            "Scs": self._act(self._machine.clear_errors),
            "Srs": self._act(self._machine.soft_reset),
            "Pcim": self._insertion,
            "Pcem": self._ejection,
            "Pcrm": self._rejection,
            "Pmi": self._insertion_mode,
            "Pr": self._ribbon,
            "Pc": self._adjust,
            "Pl": self._adjust,
            "Ps": self._adjust,
            "Wcb": self._fill,
        }

    def _accept(self, command: Command) -> str:
        self._machine.memory.settings[command.mnemonic] = command.parameters
        return OK

    def _act(self, action: Callable[[], None]) -> Handler:
        def handler(command: Command) -> str:
            _expect(not command.parameters)
            action()
            return OK

        return handler

    def _framing(self, command: Command) -> str:
        """`Psc` (G); the parser has changed the characters already, or refused them."""
        framing = self._machine.framing
        now = (str(framing.start), str(framing.separator), str(framing.end))
        _expect(command.parameters in {(), now})
        return OK

    def _error_mode(self, command: Command) -> str:
        """`Pem;n[;s]` (G, S)."""
        _expect(1 <= len(command.parameters) <= 2 and command.parameters[1:] in {(), ("s",)})
        mode = ERROR_MODES.get(number(command.parameters[0]))
        if mode is None or not mode.may_be_set:
            raise Refused("ERR PARAMETER")
        self._machine.set_error_mode(mode.number, keep=len(command.parameters) == 2)
        return OK

    def _insertion(self, command: Command) -> str:
        self._machine.memory.insertion = _tray(command, self._machine.mechanism.model.insertion_trays)
        return OK

    def _ejection(self, command: Command) -> str:
        self._machine.memory.ejection = _tray(command, self._machine.mechanism.model.ejection_trays)
        return OK

    def _rejection(self, command: Command) -> str:
        self._machine.memory.rejection = _tray(command, self._machine.mechanism.model.rejection_trays)
        return OK

    def _insertion_mode(self, command: Command) -> str:
        """`Pmi;F/M/B[;s]`, the older form of Pcim (G, W)."""
        _expect(command.parameters[1:] in {(), ("s",)})
        _expect(command.parameters[:1] != () and command.parameters[0] in INSERTION_MODES)
        self._machine.memory.insertion = INSERTION_MODES[command.parameters[0]]
        return OK

    def _ribbon(self, command: Command) -> str:
        kind = ribbon_asked(command.parameters)
        if kind is None:
            raise Refused("ERR PARAMETER")
        self._machine.memory.ribbon = kind.name
        return OK

    def _adjust(self, command: Command) -> str:
        """`Pc;p;=;10` and the like: contrast, luminosity, speed (G, S, W); `+` and `-` take a step."""
        _expect(2 <= len(command.parameters) <= 3)
        _expect(command.parameters[0] in ADJUSTABLE and command.parameters[1] in {"=", "+", "-"})
        if command.parameters[1] == "=":
            _expect(len(command.parameters) == 3)
            number(command.parameters[2])
        return OK

    def _fill(self, command: Command) -> str:
        """`Wcb;p[;v]` (G, Q); without a value the bitmap is emptied (assumed)."""
        _expect(1 <= len(command.parameters) <= 2 and command.parameters[0] in PANELS)
        value = number(command.parameters[1]) if len(command.parameters) == 2 else 0
        _expect(value <= 255)
        memory = self._machine.memory
        if memory.job is not None and not memory.job.ended and memory.error_mode.number == 0:
            raise Refused("ERR COMMAND")  # G: not between Ss and Se when Pem is 0
        names = "ymc" if command.parameters[0] == "a" else command.parameters[0]  # assumed: a = all colours
        memory.fills.update(dict.fromkeys(names, value))
        return OK


def _expect(condition: bool) -> None:
    if not condition:
        raise Refused("ERR PARAMETER")


def _tray(command: Command, allowed: frozenset[str]) -> str:
    """S: a model refuses the trays that it lacks."""
    if len(command.parameters) != 1 or command.parameters[0] not in allowed:
        raise Refused("ERR PARAMETER")
    return command.parameters[0]
