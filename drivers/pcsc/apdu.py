"""The `apdu://` transport: a reader without pcscd, in process or over a loopback socket.

It is meant for mass simulation, where pcscd's poll of 0.4 s cannot follow a virtual clock, and has the error
surface of the real reader: an empty answer is a card pulled in mid-command.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import Final, Protocol

from drivers.pcsc.base import CardReader
from drivers.pcsc.errors import (
    CardRemoved,
    DaemonGone,
    NoCard,
    NotConnected,
    ReaderBusy,
    ReaderError,
    ReaderHung,
)

# Control codes of vpcd (facts: pcsc.md), here sent by the station, which is the TCP client.
POWER_OFF: Final = b"\x00"
POWER_ON: Final = b"\x01"
GET_ATR: Final = b"\x04"
_POLL_INTERVAL: Final = 0.02  # seconds between two looks for a card


class CardSlot(Protocol):
    """What holds a card for a `SlotReader`.

    `exchange` returns an empty answer when the card was pulled in mid-command, as pcscd does.
    """

    def present(self) -> bool:
        """Tell whether a card is in the slot."""

    def power_on(self) -> bytes:
        """Power the card up and return its ATR."""

    def power_off(self) -> None:
        """Cut the card's power."""

    def exchange(self, apdu: bytes) -> bytes:
        """Send one command and return the raw answer."""

    def close(self) -> None:
        """Let go of the slot."""


class SlotReader(CardReader):
    """A reader over a card slot that is not pcscd's.

    Args:
        name: as it appears in errors.
        slot: where the cards are.
    """

    def __init__(self, name: str, slot: CardSlot) -> None:
        super().__init__(name)
        self._slot = slot
        self._powered = False

    def wait_for_card(self, deadline: float) -> None:
        """Wait until a card is in the slot, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            NoCard: none came.
        """
        if not self._wait_for(True, deadline):
            raise NoCard(self.name, "no card came in time")

    def wait_for_removal(self, deadline: float) -> None:
        """Wait until no card is in the slot, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            ReaderBusy: it is still there.
        """
        if not self._wait_for(False, deadline):
            raise ReaderBusy(self.name, "the card did not leave in time")

    def close(self) -> None:
        """Cut the card's power and let go of the slot."""
        try:
            self.disconnect()
        finally:
            self._slot.close()

    def _wait_for(self, present: bool, deadline: float) -> bool:
        while self._slot.present() is not present:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_INTERVAL)
        return True

    def _power_up(self) -> bytes:
        self._power_down()
        if not self._slot.present():
            raise NoCard(self.name, "no card in the slot")
        atr = self._slot.power_on()
        self._powered = True
        return atr

    def _power_down(self) -> None:
        if self._powered:
            with suppress(ReaderError):  # a slot that is gone powers nothing
                self._slot.power_off()
        self._powered = False

    def _exchange(self, apdu: bytes) -> bytes:
        if not self._slot.present():
            raise CardRemoved(self.name, "the card has been removed", outcome_unknown=True)
        return self._slot.exchange(apdu)


class SocketSlot:
    """A card behind `apdu://host:port`: frames of a 2-byte big-endian length and that many bytes.

    One byte is a control code; `GET_ATR` is answered by the ATR, empty when there is no card. Anything else
    is an APDU and is answered once.

    Args:
        host, port: a loopback address.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, host: str, port: int, timeout: float = 10.0) -> None:
        self._address = (host, port)
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def present(self) -> bool:
        """Tell whether a card is in the slot.

        Raises:
            ReaderError: nobody answers.
        """
        return self._ask(GET_ATR) != b""

    def power_on(self) -> bytes:
        """Power the card up and return its ATR.

        Raises:
            ReaderError: nobody answers.
        """
        self._send(POWER_ON)
        return self._ask(GET_ATR)

    def power_off(self) -> None:
        """Cut the card's power.

        Raises:
            ReaderError: nobody answers.
        """
        self._send(POWER_OFF)

    def exchange(self, apdu: bytes) -> bytes:
        """Send one command and return the raw answer.

        Raises:
            ReaderError: no answer came, outcome unknown.
        """
        return self._ask(apdu)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, payload: bytes) -> bytes:
        connection = self._send(payload)
        try:
            (length,) = struct.unpack(">H", _receive(connection, 2))
            return _receive(connection, length)
        except TimeoutError as error:
            self.close()
            raise ReaderHung(self._name, "no answer in time", outcome_unknown=True) from error
        except OSError as error:
            raise self._lost(error) from error

    def _send(self, payload: bytes) -> socket.socket:
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, self._timeout)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(struct.pack(">H", len(payload)) + payload)
        except OSError as error:
            raise self._lost(error) from error
        return self._socket

    def _lost(self, error: OSError) -> ReaderError:
        was_open = self._socket is not None
        self.close()
        if was_open:
            return DaemonGone(self._name, f"connection lost ({error})", outcome_unknown=True)
        return NotConnected(self._name, f"nobody listens ({error})")

    @property
    def _name(self) -> str:
        return f"apdu://{self._address[0]}:{self._address[1]}"


def _receive(connection: socket.socket, length: int) -> bytes:
    """Read exactly `length` bytes.

    Raises:
        OSError: the peer closed the connection, or no byte came in time.
    """
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionResetError("closed by the peer")
        data += part
    return data
