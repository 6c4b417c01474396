"""A slot of the virtual reader: where a card meets pcscd."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from time import monotonic

from simulators.chip import vpcd_wire
from simulators.chip.card import Card
from simulators.chip.faults import CardMute, CardTorn
from simulators.chip.slot_faults import LATE_SECONDS, SlotFault, SlotFaults
from simulators.chip.timing import Interface
from simulators.chip.vpcd_wire import ConnectionEnded

_ABSENCE = 0.8  # seconds; pcscd looks every 0.4, so it misses a card that is swapped faster than a hand can
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds between attempts to reach pcscd


class ReaderSlot:
    """One vpcd slot: presents a card to pcscd while it is inserted; reconnects when pcscd comes back."""

    def __init__(self, open_connection: Callable[[], socket.socket], interface: Interface) -> None:
        """Make an empty slot.

        Args:
            open_connection: connects to the slot's port, raises OSError while pcscd is not there.
            interface: how cards in this slot are powered.
        """
        self.faults = SlotFaults()
        self._open_connection = open_connection
        self._interface: Interface = interface
        self._stay: _Stay | None = None
        self._empty_since = float("-inf")
        self._closed = False
        self._lock = Lock()

    @property
    def occupied(self) -> bool:
        """Whether a card is in the slot; a pulled card is not."""
        return self._stay is not None and self._stay.present

    def insert(self, card: Card) -> None:
        """Put a card into the slot; pcscd sees it at its next look.

        Raises:
            ValueError: the slot is closed, or a card is in it.
        """
        with self._lock:
            if self._closed:
                raise ValueError("the slot is closed")
            if self.occupied:
                raise ValueError("a card is in the slot already")
            self._end_stay()
            self._stay = _Stay(card, self._interface, self._open_connection, self.faults, self._empty_since)
            self._stay.begin()

    def remove(self) -> None:
        """Take the card out, if there is one, in the middle of a command too; pcscd sees it go."""
        with self._lock:
            self._end_stay()

    def _end_stay(self) -> None:
        if self._stay is not None:
            self._stay.end()
            self._empty_since = self._stay.empty_since
            self._stay = None

    def close(self) -> None:
        """Take the card out and let none in again."""
        with self._lock:
            self._end_stay()
            self._closed = True


class _Stay:
    """One card from its insertion to its removal, served by a thread of its own."""

    def __init__(
        self,
        card: Card,
        interface: Interface,
        open_connection: Callable[[], socket.socket],
        faults: SlotFaults,
        empty_since: float,
    ) -> None:
        self._card = card
        self._interface: Interface = interface
        self._open_connection = open_connection
        self._faults = faults
        self.empty_since = empty_since  # on the monotonic clock; of this slot, not of this card
        self._ended = Event()
        self._lock = Lock()  # guards the connection against being opened while the stay ends
        self._connection: socket.socket | None = None
        self._thread = Thread(target=self._run, name="reader slot", daemon=True)

    @property
    def present(self) -> bool:
        return not self._ended.is_set()

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        with self._lock:
            self._ended.set()
            if self._connection is not None:
                with suppress(OSError):  # the host may have closed it before
                    self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._card.power_off()

    def _run(self) -> None:
        while not self._ended.wait(max(0.0, self.empty_since + _ABSENCE - monotonic())):
            connection = self._connect()
            if connection is None:
                return
            try:
                self._serve(connection)
            except ConnectionEnded:
                pass
            except CardTorn as loss:
                if not loss.returns:
                    self._ended.set()
            finally:
                self._leave(connection)

    def _leave(self, connection: socket.socket) -> None:
        with self._lock:
            self._connection = None
            connection.close()
        self._card.power_off()
        self.empty_since = monotonic()

    def _connect(self) -> socket.socket | None:
        pause = _FIRST_PAUSE
        while not self._ended.is_set():
            with suppress(OSError):  # pcscd is not there, or not yet
                connection = self._open_connection()
                return self._keep(connection)
            self._ended.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return None

    def _keep(self, connection: socket.socket) -> socket.socket | None:
        with self._lock:
            if self._ended.is_set():
                connection.close()
                self.empty_since = monotonic()  # pcscd may have seen the card for a moment
                return None
            vpcd_wire.prepare(connection)
            self._connection = connection
            return connection

    def _serve(self, connection: socket.socket) -> None:
        atr = self._card.power_on(self._interface)
        while True:
            message = vpcd_wire.receive(connection)
            if message == vpcd_wire.GIVE_ATR:
                vpcd_wire.send(connection, atr)
            elif message == vpcd_wire.POWER_OFF:
                self._card.power_off()
            elif message in (vpcd_wire.POWER_ON, vpcd_wire.RESET):
                self._card.power_on(self._interface)
            else:
                self._serve_apdu(connection, message)

    def _serve_apdu(self, connection: socket.socket, apdu: bytes) -> None:
        fault = self._faults.strike_apdu()
        if fault is SlotFault.PULLED:
            raise CardTorn(returns=False)
        if not self._card.powered:  # pcscd does this after SCardReconnect with SCARD_LEAVE_CARD
            raise CardTorn(returns=True)  # a reader reports an error, for which vpcd has no other word
        try:
            response = self._card.exchange(apdu)
        except CardMute:
            return
        if fault is SlotFault.EMPTY_REPLY:
            raise CardTorn(returns=True)
        if fault is SlotFault.LATE:
            self._ended.wait(LATE_SECONDS)
        if fault is SlotFault.ONE_BYTE:
            response = b"\x90"
        vpcd_wire.send(connection, response)
        if fault is SlotFault.DOUBLE_REPLY:
            vpcd_wire.send(connection, response)
