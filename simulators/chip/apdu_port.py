"""A chip station reached without pcscd: the wire of `apdu://`, seen from the side of the card.

Messages are those of vpcd, but here the card's side listens and the host connects: two bytes of big-endian
length, then the payload. One byte is a control; a request for the ATR is answered, empty when no card is
there; anything else is an APDU, answered once, empty when the card was lost before its answer (as pcscd hands
on a card that was pulled).
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

from simulators.chip import vpcd_wire
from simulators.chip.card import ATR, Card
from simulators.chip.faults import CardMute, CardTorn
from simulators.chip.slot_faults import LATE_SECONDS, SlotFault, SlotFaults
from simulators.chip.timing import Interface
from simulators.chip.vpcd_wire import ConnectionEnded

LOOPBACK = "127.0.0.1"
LOST = b""


class ApduPort:
    """One chip station on a TCP port of its own, on loopback; one host at a time has the card."""

    def __init__(self, interface: Interface, port: int = 0) -> None:
        """Bind the port (0 = any free one) and accept hosts.

        Raises:
            OSError: the port is taken.
        """
        self.faults = SlotFaults()
        self._interface: Interface = interface
        self._card: Card | None = None
        self._lock = Lock()
        self._closed = Event()
        self._connections: set[socket.socket] = set()
        self._listener = socket.create_server((LOOPBACK, port))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._accept, name="apdu port", daemon=True).start()

    def insert(self, card: Card) -> None:
        """Put a card into the station.

        Raises:
            ValueError: the port is closed, or a card is there.
        """
        with self._lock:
            if self._closed.is_set():
                raise ValueError("the station is closed")
            if self._card is not None:
                raise ValueError("a card is in the station already")
            self._card = card

    def remove(self) -> None:
        """Take the card out, if there is one."""
        with self._lock:
            self._take_out()

    def close(self) -> None:
        """Take the card out and stop listening."""
        self._closed.set()
        with self._lock:
            self._take_out()
            connections = list(self._connections)
        with suppress(OSError):  # it may be closed already
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in connections:
            with suppress(OSError):  # the host may have closed it before
                connection.shutdown(socket.SHUT_RDWR)

    def _take_out(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.power_off()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        vpcd_wire.prepare(connection)
        try:
            while True:
                for answer in self._answers(vpcd_wire.receive(connection)):
                    vpcd_wire.send(connection, answer)
        except ConnectionEnded:
            return
        finally:
            self._leave(connection)

    def _leave(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)
            if self._card is not None:
                self._card.power_off()
        connection.close()

    def _answers(self, message: bytes) -> tuple[bytes, ...]:
        with self._lock:
            control = _CONTROLS.get(message)
            if control is None:
                return self._answer_apdu(message)
            return control(self._card, self._interface)

    def _answer_apdu(self, apdu: bytes) -> tuple[bytes, ...]:
        card, fault = self._card, self.faults.strike_apdu()
        if fault is SlotFault.PULLED:
            self._take_out()
        if self._card is None or card is None or not card.powered:
            return (LOST,)
        try:
            response = card.exchange(apdu)
        except CardMute:
            return ()
        except CardTorn as loss:
            if not loss.returns:
                self._take_out()
            return (LOST,)
        return self._spoilt(card, response, fault)

    def _spoilt(self, card: Card, response: bytes, fault: SlotFault | None) -> tuple[bytes, ...]:
        if fault is SlotFault.EMPTY_REPLY:
            card.power_off()
            return (LOST,)
        if fault is SlotFault.LATE:
            self._closed.wait(LATE_SECONDS)
        if fault is SlotFault.ONE_BYTE:
            return (b"\x90",)
        return (response, response) if fault is SlotFault.DOUBLE_REPLY else (response,)


def _give_atr(card: Card | None, interface: Interface) -> tuple[bytes, ...]:
    """Tell whether a card is there; a look gives no power to a card that has lost it."""
    return (LOST if card is None else ATR[interface],)


def _power_on(card: Card | None, interface: Interface) -> tuple[bytes, ...]:
    if card is not None:
        card.power_on(interface)
    return ()


def _power_off(card: Card | None, interface: Interface) -> tuple[bytes, ...]:
    del interface
    if card is not None:
        card.power_off()
    return ()


_CONTROLS: dict[bytes, Callable[[Card | None, Interface], tuple[bytes, ...]]] = {
    vpcd_wire.POWER_OFF: _power_off,
    vpcd_wire.POWER_ON: _power_on,
    vpcd_wire.RESET: _power_on,
    vpcd_wire.GIVE_ATR: _give_atr,
}
