"""The commands that move the card (S..., G and S)."""

from __future__ import annotations

from collections.abc import Callable

from simulators.evolis.errors import Refused
from simulators.evolis.interpreter import Handler, run
from simulators.evolis.loading import Loading
from simulators.evolis.machine import Machine
from simulators.evolis.parser import Command
from simulators.evolis.status import Error
from simulators.evolis.truth import Place


class Moves:
    """Brings the card in, to a station, and out."""

    def __init__(self, machine: Machine, loading: Loading) -> None:
        self._machine = machine
        self._loading = loading

    def table(self) -> dict[str, Handler]:
        """Return the handlers by mnemonic."""
        model = self._machine.mechanism.model
        return {
            "Si": self._move(lambda: self._bring(Place.PRINT), True),
            "Sib": self._move(lambda: self._bring(Place.PRINT), "R" in model.insertion_trays),
            "Sis": self._move(lambda: self._bring(Place.CONTACT), model.has_contact),
            "Sic": self._move(lambda: self._bring(Place.CONTACTLESS), model.has_contactless),
            "Siscan": self._move(lambda: None, False),  # no model of the table has the scanner
            "Sce": self._move(self._loading.eject, True),
            "Ser": self._move(self._loading.reject, True),
            "Seb": self._move(self._loading.reject, False),  # reject box under the feeder: none has it
            "Sie": self._move(self._through, True),
        }

    def _move(self, action: Callable[[], None], possible: bool) -> Handler:
        def handler(command: Command) -> str:
            if command.parameters:
                raise Refused("ERR PARAMETER")
            if not possible:
                with self._machine.changed:
                    self._machine.memory.errors |= Error.NO_OPTION
                raise Refused("ERR OPTION")
            self._refuse_in_job()
            return run(self._machine, action)

        return handler

    def _refuse_in_job(self) -> None:
        job = self._machine.memory.job
        if job is not None and not job.failed and not job.ended:
            raise Refused("ERR COMMAND")

    def _bring(self, place: Place) -> None:
        self._loading.bring_in()
        self._machine.mechanism.to_station(place)

    def _through(self) -> None:
        self._loading.bring_in()
        self._loading.eject()
