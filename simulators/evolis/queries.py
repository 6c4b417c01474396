"""The commands that only ask (R...). Where the reply's grammar is unknown, the simulator's is assumed."""

from __future__ import annotations

from simulators.evolis.errors import Refused
from simulators.evolis.interpreter import OK, Handler
from simulators.evolis.machine import Machine
from simulators.evolis.parser import Command
from simulators.evolis.ribbons import ribbon_named

CLEANING_INTERVAL = 1000  # assumed: cards between two cleanings
# assumed: sensor voltages, in volts, when the sensor sees something and when it does not
SEEN, UNSEEN = "0.3", "4.8"


class Queries:
    """Answers from the state of the machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._truth = machine.mechanism.truth

    def table(self) -> dict[str, Handler]:
        """Return the handlers by mnemonic."""
        model = self._machine.mechanism.model.name
        fixed = {
            "Rfv": "SIM-1.0",  # assumed form
            "Rsn": self._truth.serial,
            "Rkn": f"K{self._truth.serial}",  # assumed form
            "Rmac": "02-00-00-00-00-01",  # s; assumed form, a locally administered address
            "Rok": OK,
            "Roem": "0",  # assumed
            "Rzp": "0",  # assumed
            "Rpst": "1",  # assumed: the status channel is on
            "Ros": "1158",  # G: default offset of the contact station
            "Roc": "0",  # assumed
        }
        table: dict[str, Handler] = {name: _constant(text) for name, text in fixed.items()}
        # S: names the library knows; "Evolis " in front is allowed, here in the detailed answer (assumed)
        table["Rtp"] = lambda command: f"Evolis {model}" if command.parameters == ("d",) else model
        return table | {
            "Rco": self._counter,
            "Rr": lambda _: self._truth.ribbon.kind,
            "Rrt": self._ribbon_tag,
            "Rcr": self._ribbon_mark,
            "Rse": self._sensor,
            "Rlr": self._last_run,
            "Rem": self._error_mode,
            "Rcim": lambda _: self._machine.memory.insertion,
            "Rcem": lambda _: self._machine.memory.ejection,
            "Rcrm": lambda _: self._machine.memory.rejection,
            "Rmi": lambda _: self._machine.memory.insertion,
        }

    def _counter(self, command: Command) -> str:
        """`Rco;x` (G; card and clean: S)."""
        truth = self._truth
        values = {
            "p": truth.panels_printed,
            "c": truth.cards_inserted,
            "card": truth.cards_inserted,
            "a": CLEANING_INTERVAL,
            "m": CLEANING_INTERVAL,
            "n": 0,
            "clean": 0,
            "l": truth.ribbon.sets_left,
            "s": 0,
        }
        if not command.parameters or command.parameters[0] not in values:
            raise Refused("ERR PARAMETER")
        return str(values[command.parameters[0]])

    def _ribbon_tag(self, command: Command) -> str:
        """`Rrt;k` (S, s); qty is read as the whole roll, count as what is left (both assumed)."""
        ribbon = self._truth.ribbon
        kind = ribbon_named(ribbon.kind)
        values = {
            "type": kind.name,
            "qty": str(ribbon.capacity),
            "count": str(ribbon.sets_left),
            "ref": f"SIM-{kind.name}",
            "label": kind.name,
            "zone": "0",
            "date": "0",
            "progress": str(100 - 100 * ribbon.sets_left // max(1, ribbon.capacity)),
        }
        key = command.parameters[0] if command.parameters else "all"
        if key == "all":
            return ";".join(f"{name}={value}" for name, value in values.items())
        if key not in values:
            raise Refused("ERR PARAMETER")
        return values[key]

    def _ribbon_mark(self, _: Command) -> str:
        """`Rcr` (G): OK unless the ribbon stands on its end mark."""
        return "ERR RIBBON" if self._truth.ribbon.broken or self._truth.ribbon.sets_left == 0 else OK

    def _sensor(self, command: Command) -> str:
        """`Rse;x` (G): sensor voltages."""
        truth = self._truth
        values = {"c": False, "m": False, "o": truth.cover_open, "p": truth.inside is not None, "r": False}
        if len(command.parameters) != 1 or command.parameters[0] not in values:
            raise Refused("ERR PARAMETER")
        return SEEN if values[command.parameters[0]] else UNSEEN

    def _last_run(self, command: Command) -> str:
        """`Rlr;p` (G): NO CARD without a card inside, ERR CARD when it is stuck (assumed), else OK."""
        if command.parameters not in {("p",), ("r",)}:
            raise Refused("ERR PARAMETER")
        if self._truth.stuck:
            return "ERR CARD"
        if self._truth.cleaning_due:
            return "ERR NEED CLEANING"  # G
        return "NO CARD" if self._truth.inside is None else OK

    def _error_mode(self, command: Command) -> str:
        """`Rem` (G: current and saved); `Rem;1` gives the current one only (assumed)."""
        current = self._machine.memory.error_mode.number
        return str(current) if command.parameters else f"{current};{self._truth.saved_error_mode}"


def _constant(text: str) -> Handler:
    return lambda _: text
