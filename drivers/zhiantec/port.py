"""The serial port of a sensor: bytes out, bytes in, with deadlines. 8N1 (facts scanners.md, Line)."""

import termios
import time
from typing import Protocol

import serial

from drivers.zhiantec.errors import NoAnswerError, SensorAbsentError

BITS_PER_BYTE = 10
_GONE = (OSError, termios.error)  # SerialException is an OSError; pyserial lets the other one through
_WAIT = 0.05  # seconds that one read waits; a deadline is looked at as often


class BytePort(Protocol):
    """A serial line. Deadlines are absolute readings of `time.monotonic()`."""

    def write(self, data: bytes) -> None:
        """Send bytes. Raises SensorAbsentError."""

    def read(self, deadline: float) -> bytes:
        """Return what has come, at least one byte. Raises NoAnswerError (deadline), SensorAbsentError."""

    def discard(self) -> None:
        """Drop what has come. Raises SensorAbsentError."""

    def set_baud(self, baud: int) -> None:
        """Change this end's baud rate. Raises SensorAbsentError."""

    def close(self) -> None:
        """Let go of the line; closing twice is harmless."""


class SerialPort:
    """A serial line through pyserial."""

    def __init__(self, path: str, baud: int) -> None:
        """Open the port for this program alone.

        Raises:
            SensorAbsentError: There is no such port, or another program holds it.
        """
        try:
            self._serial = serial.Serial(path, baud, timeout=_WAIT, write_timeout=2, exclusive=True)
        except (*_GONE, ValueError) as error:
            raise SensorAbsentError(f"{path}: {error}") from error

    def write(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._serial.write(data)
        except _GONE as error:
            raise _pulled(error) from error

    def read(self, deadline: float) -> bytes:
        """Return what has come, at least one byte."""
        while True:
            try:
                received = self._serial.read(max(1, self._serial.in_waiting))
            except _GONE as error:
                raise _pulled(error) from error
            if received:
                return bytes(received)
            if time.monotonic() >= deadline:
                raise NoAnswerError("the sensor says nothing")

    def discard(self) -> None:
        """Drop what has come."""
        try:
            self._serial.reset_input_buffer()
        except _GONE as error:
            raise _pulled(error) from error

    def set_baud(self, baud: int) -> None:
        """Change this end's baud rate."""
        try:
            self._serial.baudrate = baud
        except (*_GONE, ValueError) as error:
            raise _pulled(error) from error

    def close(self) -> None:
        """Let go of the line."""
        self._serial.close()


def _pulled(error: Exception) -> SensorAbsentError:
    return SensorAbsentError(f"the serial port is gone: {error}")
