"""The driver of a fingerprint sensor of the ZhianTec UART family (R305, R307, AS608, R503)."""

import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from drivers.zhiantec.codes import Colour, Confirmation, Instruction, Light
from drivers.zhiantec.conversation import BAUD_STEP, Conversation, Timing
from drivers.zhiantec.errors import (
    NoFingerError,
    PlateNotEmptyError,
    RefusedError,
    SettingError,
    ZhianTecError,
)
from drivers.zhiantec.opening import ask_for_baud, change_baud, find_baud
from drivers.zhiantec.port import SerialPort
from drivers.zhiantec.readings import IMAGE_BYTES, Progress, SensorImage, SensorParameters, Stage, image_of

BROADCAST = 0xFFFFFFFF
FACTORY_BAUD = 57600
FASTEST_BAUD = 115200
_BREATH = 0x80  # speed of the light; assumed to be pleasant


@dataclass(frozen=True)
class SensorSettings:
    """How a sensor is reached.

    Attributes:
        path: Of the serial port, such as `/dev/ttyUSB0`.
        baud: Bits per second that the sensor is set to: 9600 times 1 to 12.
        faster_baud: What is asked for while the sensor is open; None leaves `baud`.
        address: Of the sensor.
        password: Of the sensor; 0 from the factory.
        dots_per_inch: Of its pixels, from the data sheet or the technician's calibration.
    """

    path: str
    baud: int = FACTORY_BAUD
    faster_baud: int | None = FASTEST_BAUD
    address: int = BROADCAST
    password: int = 0
    dots_per_inch: int = 500

    def check(self) -> None:
        """Raise SettingError where a value cannot be."""
        for baud in (self.baud, self.faster_baud or self.baud):
            if baud % BAUD_STEP or not 1 <= baud // BAUD_STEP <= 12:
                raise SettingError(f"{baud} baud is not 9600 times 1 to 12")
        if not all(0 <= number <= 0xFFFFFFFF for number in (self.address, self.password)):
            raise SettingError("address and password have 32 bits")
        if not 100 <= self.dots_per_inch <= 2000:
            raise SettingError(f"{self.dots_per_inch} dots per inch is no fingerprint sensor")


class ZhianTecScanner:
    """A fingerprint sensor on a serial line. Not for use by several threads at once."""

    def __init__(
        self,
        conversation: Conversation,
        settings: SensorSettings,
        parameters: SensorParameters,
        timing: Timing,
    ) -> None:
        """Take over a sensor that has answered; see `open`."""
        self._conversation, self._settings, self._timing = conversation, settings, timing
        self.parameters = parameters

    @classmethod
    def open(cls, settings: SensorSettings, timing: Timing | None = None) -> Self:
        """Open the port, give the password, read the parameters, ask for the faster baud rate.

        Raises:
            ZhianTecError: A setting cannot be, or there is no such port, sensor or password.
        """
        settings.check()
        timing = timing or Timing()
        port = SerialPort(settings.path, settings.baud)
        conversation = Conversation(port, settings.address, settings.password, settings.baud, timing)
        try:
            find_baud(conversation, settings.baud)
            if settings.faster_baud is not None:
                change_baud(conversation, settings.faster_baud)
            return cls(conversation, settings, conversation.read_parameters(), timing)
        except ZhianTecError:
            conversation.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def baud(self) -> int:
        """The baud rate in use."""
        return self._conversation.baud

    def capture(self, seconds: float, progress: Progress | None = None) -> SensorImage:
        """Wait for a finger and fetch its picture.

        The finger may be lifted as soon as it is taken; the picture, 3.5 s at 115,200 baud, comes afterwards.

        Args:
            seconds: That the finger has to come.
            progress: Told how it goes.

        Raises:
            NoFingerError: None came.
            ZhianTecError: The sensor failed; no picture is given out unless all its sums are right.
        """
        tell = progress or _silent
        self.show(Light.BREATHE, Colour.BLUE)
        tell(Stage.WAITING_FOR_FINGER, 0, 0)
        try:
            self._wait_for_finger(seconds)
            tell(Stage.FINGER_TAKEN, 0, 0)
            self.show(Light.ON, Colour.PURPLE)
            image = self._fetch(tell)
        except ZhianTecError:
            with suppress(ZhianTecError):  # the first failure is the one to tell
                self.show(Light.FLASH, Colour.RED, 3)
            raise
        tell(Stage.LIFT_FINGER, 0, 0)
        self.show(Light.OFF, Colour.BLUE)
        return image

    def wait_until_lifted(self, seconds: float) -> bool:
        """Wait until no finger lies on the plate; tell whether that came in time.

        Raises:
            ZhianTecError: The sensor failed.
        """
        end = time.monotonic() + seconds
        while self._look() != Confirmation.NO_FINGER:
            if time.monotonic() >= end:
                return False
            time.sleep(self._timing.poll)
        return True

    def blank_frame(self) -> SensorImage:
        """Fetch a picture of the empty plate, for the calibration.

        That the sensor keeps the picture in which it found no finger is assumed; a real module may not.

        Raises:
            PlateNotEmptyError: Something lies on the plate.
            ZhianTecError: The sensor failed.
        """
        if self._look() != Confirmation.NO_FINGER:
            raise PlateNotEmptyError("something lies on the plate")
        return self._fetch(_silent)

    def show(self, light: Light, colour: Colour, times: int = 0) -> bool:
        """Let the ring of light show something; tell whether there is one (R503).

        Args:
            light: What it does.
            colour: In which colour.
            times: How often; 0 = until told otherwise.

        Raises:
            ZhianTecError: The sensor failed.
        """
        command = bytes([Instruction.AURA, light, _BREATH, colour, times])
        return self._conversation.ask(command)[0] == Confirmation.OK

    def close(self) -> None:
        """Put the baud rate back and let go of the port; closing twice is harmless."""
        with suppress(ZhianTecError):  # who opens it next looks for its baud rate
            if self.baud != self._settings.baud:
                ask_for_baud(self._conversation, self._settings.baud)
        self._conversation.close()

    def _wait_for_finger(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            confirmation = self._look()
            if confirmation == Confirmation.OK:
                return
            # 02 is a normal answer; after 03 the finger was lifted in mid-scan and may come again.
            if confirmation not in (Confirmation.NO_FINGER, Confirmation.IMAGING_FAILED):
                raise RefusedError("image", confirmation)
            if time.monotonic() >= end:
                raise NoFingerError(f"no finger in {seconds:g} s")
            time.sleep(self._timing.poll)

    def _look(self) -> int:
        return self._conversation.ask(bytes([Instruction.GET_IMAGE]))[0]

    def _fetch(self, tell: Progress) -> SensorImage:
        data = self._conversation.fetch(
            bytes([Instruction.UPLOAD_IMAGE]),
            IMAGE_BYTES,
            self.parameters.packet_size,
            lambda done, total: tell(Stage.PICTURE_COMING, done, total),
        )
        return image_of(data, self._settings.dots_per_inch)


def _silent(stage: Stage, done: int, total: int) -> None:
    """Tell nobody."""
