"""The commands of a print job (Ss, Sr, Sv, Db, Dbx, Dbc, Se) as one host sends them."""

from __future__ import annotations

from collections.abc import Callable

from simulators.evolis.errors import Refused
from simulators.evolis.interpreter import OK, Handler
from simulators.evolis.models import Model
from simulators.evolis.parser import Command
from simulators.evolis.printing import PrintJobs
from simulators.evolis.raster import Ink, RasterError, expand, unpack


class JobCommands:
    """Checks what a host sends between `Ss` and `Se`, and hands it on."""

    def __init__(self, jobs: PrintJobs, model: Model, given_up: Callable[[], bool]) -> None:
        self._jobs = jobs
        self._model = model
        self._given_up = given_up

    def table(self) -> dict[str, Handler]:
        """Return the handlers by mnemonic."""
        return {
            "Ss": self._begin,
            "Se": self._end,
            "Sr": self._turn,
            "Sv": self._turn,
            "Db": self._download,
            "Dbx": self._download,
            "Dbc": self._download,
            "Dbp": self._refuse,
        }

    def abandon(self) -> None:
        """The host is gone."""
        self._jobs.abandon(self)

    def _begin(self, command: Command) -> str:
        _expect(not command.parameters)
        self._jobs.open(self, self._given_up)
        return OK

    def _end(self, command: Command) -> str:
        _expect(command.parameters in {(), ("1",)})  # W: Se;1
        self._jobs.end()
        return OK

    def _turn(self, command: Command) -> str:
        _expect(not command.parameters)
        self._jobs.turn("front" if command.mnemonic == "Sr" else "back")
        return OK

    def _refuse(self, _: Command) -> str:
        raise Refused("ERR COMMAND")  # half-panel ribbons: no model of the table takes them

    def _download(self, command: Command) -> str:
        name = command.parameters[0]
        try:
            ink = self._ink(command)
        except RasterError as error:
            raise Refused("ERR PARAMETER") from error
        self._jobs.download(name, ink)
        return OK

    def _ink(self, command: Command) -> Ink:
        model = self._model
        panel, levels = command.parameters[0], int(command.parameters[1])
        _expect(panel in set("ymcko"))
        # S: each model has its own number of levels and download command; others are refused (assumed)
        _expect(levels == model.levels_of(panel))
        data = command.data or b""
        if command.mnemonic == "Dbc":
            _expect(levels == 2)  # facts: whether compressed YMC works is unknown, so it is refused
            return unpack(expand(data, model), levels, model)
        _expect(command.mnemonic == model.command)
        if command.mnemonic == "Dbx":
            _expect(command.parameters[2:] == tuple(str(dots) for dots in model.resolution))
        return unpack(data, levels, model)


def _expect(condition: bool) -> None:
    if not condition:
        raise Refused("ERR PARAMETER")
