"""The one place where traffic with a card is counted and traced."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.pcsc.connection import CardConnection, Response
from drivers.pcsc.errors import ReaderError

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExchangeRecord:
    """One command and its answer, without any data: lengths only, so that no trace can hold a secret.

    Attributes:
        header: CLA INS P1 P2.
        command_length, response_length: bytes on the wire, header and status word included.
        sw: status word, `None` when no answer came.
        duration: seconds between command and answer.
    """

    header: bytes
    command_length: int
    response_length: int
    sw: int | None
    duration: float


Observer = Callable[[ExchangeRecord], None]


@dataclass
class WireStatistics:
    """Counts of what went over the wire; pass `add` as an observer."""

    apdus: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    seconds: float = 0.0

    def add(self, record: ExchangeRecord) -> None:
        """Count one exchange."""
        self.apdus += 1
        self.bytes_sent += record.command_length
        self.bytes_received += record.response_length
        self.seconds += record.duration


def log_exchange(record: ExchangeRecord) -> None:
    """Observer that writes one debug line an exchange."""
    status = "no answer" if record.sw is None else f"{record.sw:04X}"
    _LOGGER.debug(
        "%s sent=%d received=%d %s %.1f ms",
        record.header.hex(),
        record.command_length,
        record.response_length,
        status,
        record.duration * 1000,
    )


class ObservedConnection:
    """A card connection that shows every exchange to its observers.

    Args:
        connection: the connection that does the work.
        observers: called after each exchange, whether an answer came or not.
    """

    def __init__(self, connection: CardConnection, *observers: Observer) -> None:
        self._connection = connection
        self._observers = observers

    @property
    def session(self) -> int:
        """Power-up number of the connection behind."""
        return self._connection.session

    def transmit(self, apdu: bytes) -> Response:
        """Pass one command on and show it to the observers.

        Raises:
            ReaderError: as the connection behind.
        """
        begin = time.perf_counter()
        try:
            response = self._connection.transmit(apdu)
        except ReaderError:
            self._show(ExchangeRecord(apdu[:4], len(apdu), 0, None, time.perf_counter() - begin))
            raise
        duration = time.perf_counter() - begin
        self._show(ExchangeRecord(apdu[:4], len(apdu), len(response.data) + 2, response.sw, duration))
        return response

    def _show(self, record: ExchangeRecord) -> None:
        for observer in self._observers:
            observer(record)
