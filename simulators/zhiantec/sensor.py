"""The sensor without its line: a command comes in, an answer goes out, the truth is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from simulators.fault_menu import FaultMenu
from simulators.zhiantec.answer import Answer, Malformed, coded, numbers
from simulators.zhiantec.codes import Code, Command, Parameter
from simulators.zhiantec.faults import FAULTS
from simulators.zhiantec.imaging import Imaging
from simulators.zhiantec.library import Library
from simulators.zhiantec.truth import SensorTruth, load_truth, save_truth

STEP: Final = 9600  # bits per second; a baud rate is 1 to 12 of them
_SYSTEM_ID: Final = 9  # assumed
_SECONDS: Final = {  # that a command takes; assumed
    Command.GET_IMAGE: 0.25,
    Command.IMAGE_TO_TEMPLATE: 0.3,
    Command.SEARCH: 0.3,
    Command.FAST_SEARCH: 0.2,
    Command.STORE: 0.05,
}
_SHORT: Final = 0.005
_NEEDS_NO_PASSWORD: Final = (Command.VERIFY_PASSWORD, Command.ECHO, Command.SOFT_RESET)  # assumed


@dataclass(frozen=True)
class Model:
    """A member of the family. Library sizes are assumed; newer ones greet and have a light (facts)."""

    name: str
    pages: int
    greets: bool
    has_aura: bool


MODELS: Final = {one.name: one for one in (Model("R503", 200, True, True), Model("R307", 1000, False, False))}


class Sensor:
    """One sensor: its truth, its commands."""

    def __init__(self, folder: Path, model: Model, baud: int, seed: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "sensor.json"
        self.truth: SensorTruth = load_truth(self._path, model.name, baud)
        self.model = MODELS[self.truth.model]
        self.faults = FaultMenu(FAULTS)
        self._saving = threading.Lock()
        self.on_reset: Callable[[], None] = lambda: None
        self._random = Random(f"zhiantec/{seed}")
        self._trusted = False
        library = Library(self.truth, self.model.pages)
        self._imaging = Imaging(self.truth, library, self.faults, folder)
        self._table: Mapping[Command, Callable[[bytes], Answer]] = {
            **library.table(),
            **self._imaging.table(),
            Command.VERIFY_PASSWORD: self._verify_password,
            Command.SET_PASSWORD: self._set_password,
            Command.SET_ADDRESS: self._set_address,
            Command.READ_PARAMETERS: self._read_parameters,
            Command.SET_PARAMETER: self._set_parameter,
            Command.RANDOM: self._draw_random,
            Command.SOFT_RESET: self._soft_reset,
            Command.ECHO: self._echo,
            Command.AURA: self._aura,
        }
        self.save()

    def save(self) -> None:
        """Write the truth; the line's thread and the admin port's ask for it."""
        with self._saving:
            save_truth(self._path, self.truth)

    def power_on(self) -> None:
        """Forget who has given the password, the image and the buffers: they are in memory only."""
        self._trusted = False
        self._imaging.forget()
        self.truth.buffers.clear()

    def answer(self, payload: bytes) -> Answer:
        """Carry a command out."""
        try:
            command = Command(payload[0])
        except ValueError:
            return coded(Code.PACKET)  # a command that the module does not know: assumed
        if self.truth.password and not self._trusted and command not in _NEEDS_NO_PASSWORD:
            return coded(Code.PASSWORD_NEEDED)
        try:
            answer = self._table[command](payload)
        except Malformed:
            return coded(Code.PACKET)  # assumed
        self.save()
        return answer

    def seconds(self, payload: bytes) -> float:
        """Return how long a command takes before its answer."""
        return next((time for command, time in _SECONDS.items() if command == payload[0]), _SHORT)

    def _verify_password(self, payload: bytes) -> Answer:
        (password,) = numbers(payload, 4)
        if self.faults.strike("wrong_password") is not None or password != self.truth.password:
            return coded(Code.WRONG_PASSWORD)
        self._trusted = True
        return coded(Code.OK)

    def _set_password(self, payload: bytes) -> Answer:
        (self.truth.password,) = numbers(payload, 4)
        self._trusted = True  # who sets it knows it: assumed
        return coded(Code.OK)

    def _set_address(self, payload: bytes) -> Answer:
        (self.truth.address,) = numbers(payload, 4)  # the answer has the new address: assumed
        return coded(Code.OK)

    def _read_parameters(self, payload: bytes) -> Answer:
        numbers(payload)
        truth = self.truth
        words = (0, _SYSTEM_ID, self.model.pages, truth.security)
        fields = b"".join(word.to_bytes(2, "big") for word in words) + truth.address.to_bytes(4, "big")
        return coded(
            Code.OK, fields + truth.packet_code.to_bytes(2, "big") + (truth.baud // STEP).to_bytes(2, "big")
        )

    def _set_parameter(self, payload: bytes) -> Answer:
        number, value = numbers(payload, 1, 1)
        if number == Parameter.BAUD and 1 <= value <= 12:
            return Answer(bytes([Code.OK]), then=lambda: self._change_baud(value * STEP))
        if number == Parameter.SECURITY and 1 <= value <= 5:
            self.truth.security = value
        elif number == Parameter.PACKET_SIZE and 0 <= value <= 3:
            self.truth.packet_code = value
        else:
            return coded(Code.REGISTER)
        return coded(Code.OK)

    def _change_baud(self, baud: int) -> None:
        """Take another baud rate: it holds after the answer (assumed), and after a power cut."""
        self.truth.baud = baud
        self.save()

    def _draw_random(self, payload: bytes) -> Answer:
        numbers(payload)
        return coded(Code.OK, self._random.randbytes(4))

    def _soft_reset(self, payload: bytes) -> Answer:
        numbers(payload)
        return Answer(bytes([Code.OK]), then=lambda: self.on_reset())

    def _echo(self, payload: bytes) -> Answer:
        numbers(payload)
        return coded(Code.ECHO)

    def _aura(self, payload: bytes) -> Answer:
        mode, speed, colour, count = numbers(payload, 1, 1, 1, 1)
        if not self.model.has_aura or not 1 <= mode <= 6 or not 1 <= colour <= 7:
            return coded(Code.PACKET)  # assumed
        self.truth.aura = [mode, speed, colour, count]
        return coded(Code.OK)
