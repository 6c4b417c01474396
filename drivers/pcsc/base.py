"""What every chip reader does, whatever its transport: limits, lost connections, who the card is."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.pcsc.connection import Response
from drivers.pcsc.errors import (
    CardChanged,
    CardMute,
    CardRemoved,
    CardWasReset,
    DaemonGone,
    FrameRefused,
    NoCard,
    NotConnected,
    OutcomeUnknown,
    ReaderError,
    ReaderHung,
)

# vpcd takes one byte for a control code and never answers (facts: pcsc.md, "1-byte APDU"); ISO 7816-4 has 4.
SHORTEST_APDU: Final = 4
# More breaks every later transmit until a reconnect (facts: pcsc.md, "Frame limit").
LONGEST_APDU: Final = 65_535
GET_UID: Final = bytes((0xFF, 0xCA, 0x00, 0x00, 0x00))  # PC/SC part 3, clause 3.2.2.1.3
DONE: Final = 0x9000
# Losses that may mend themselves while somebody waits.
PASSING: Final = (NoCard, CardRemoved, CardWasReset, CardMute, DaemonGone, OutcomeUnknown, ReaderHung)
_RETRY_PAUSE: Final = 0.1  # seconds between two attempts


@dataclass(frozen=True)
class CardIdentity:
    """Which card stands in a reader.

    Attributes:
        uid: as the reader or card tells it, empty when it tells none (a contact card).
        atr: answer to reset; nothing may be keyed on it (PC/SC makes up that of a contactless card).
    """

    uid: bytes
    atr: bytes


class CardReader(ABC):
    """A reader that holds at most one card, used by one thread.

    A subclass moves bytes (`_power_up`, `_exchange`, `_power_down`) and waits for cards. After an error with
    a command on its way the connection is dead until `reconnect`, so that nothing reaches a swapped card.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._session = 0
        self._alive = False
        self._identity: CardIdentity | None = None

    @property
    def session(self) -> int:
        """Number of power-ups of a card by this object."""
        return self._session

    @property
    def identity(self) -> CardIdentity | None:
        """The card of the last `connect`, or `None`."""
        return self._identity

    @abstractmethod
    def wait_for_card(self, deadline: float) -> None:
        """Wait until a card stands in the reader, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            NoCard: none came.
            ReaderError: the reader or its daemon is not there.
        """

    @abstractmethod
    def wait_for_removal(self, deadline: float) -> None:
        """Wait until no card stands in the reader, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            ReaderBusy: it is still there.
            ReaderError: the reader or its daemon is not there.
        """

    @abstractmethod
    def _power_up(self) -> bytes:
        """Open an exclusive connection afresh and return the ATR."""

    @abstractmethod
    def _exchange(self, apdu: bytes) -> bytes:
        """Send one command, return the raw answer."""

    @abstractmethod
    def _power_down(self) -> None:
        """Cut the card's power and let go of it; no error when it is gone already."""

    def close(self) -> None:
        """Let go of the card and of the reader for good."""
        self.disconnect()

    def connect(self) -> CardIdentity:
        """Power up whatever card is there, read its UID and remember it.

        Raises:
            ReaderError: no card, no reader, no daemon, held by another program.
        """
        self._identity = self._identify()
        return self._identity

    def reconnect(self) -> CardIdentity:
        """Power up the card again and make sure that it is the one of the last `connect`.

        Raises:
            CardChanged: it is another one; the connection is closed.
            NotConnected: there was no `connect` before.
            ReaderError: as for `connect`.
        """
        if self._identity is None:
            raise NotConnected(self.name, "there is no card to go back to")
        identity = self._identify()
        if identity.uid != self._identity.uid:
            self.disconnect()
            raise CardChanged(self.name, self._identity.uid, identity.uid)
        return identity

    def wait_and_connect(self, deadline: float) -> CardIdentity:
        """Wait for any card and `connect`, again while contacts bounce.

        Args:
            deadline: `time.monotonic()` reading after which the last failure is raised.

        Raises:
            ReaderError: as for `wait_for_card` and `connect`.
        """
        return self._try_until(deadline, self.connect)

    def recover(self, deadline: float) -> CardIdentity:
        """Wait for the card, its daemon or a hung call to come back and `reconnect`; only GET UID is sent.

        Args:
            deadline: `time.monotonic()` reading after which the last loss is raised.

        Raises:
            CardChanged: another card has come.
            ReaderError: as for `wait_for_card` and `reconnect`.
        """
        return self._try_until(deadline, self.reconnect)

    def _try_until(self, deadline: float, function: Callable[[], CardIdentity]) -> CardIdentity:
        # pcscd looks at its readers every 0.4 s, so just after a loss it still reports a card that has gone.
        while True:
            try:
                self.wait_for_card(deadline)
                return function()
            except PASSING:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise
                time.sleep(min(_RETRY_PAUSE, remaining))

    def disconnect(self) -> None:
        """Cut the card's power and let go of it; the identity stays for `reconnect`."""
        self._alive = False
        self._power_down()

    def transmit(self, apdu: bytes) -> Response:
        """Send one command to the card.

        Raises:
            FrameRefused: shorter than 4 or longer than 65,535 bytes; nothing was sent.
            NotConnected: no card is connected; nothing was sent.
            OutcomeUnknown: an answer without a status word.
            ReaderError: any other loss of the card; `reconnect` is needed afterwards.
        """
        if not SHORTEST_APDU <= len(apdu) <= LONGEST_APDU:
            raise FrameRefused(self.name, len(apdu))
        if not self._alive:
            raise NotConnected(self.name, "no live connection to a card")
        try:
            answer = self._exchange(apdu)
        except ReaderError:
            self._alive = False
            raise
        if len(answer) < 2:
            self._alive = False
            raise OutcomeUnknown(self.name, len(answer))
        return Response.parse(answer)

    def _identify(self) -> CardIdentity:
        self._alive = False
        atr = self._power_up()
        self._alive = True
        self._session += 1
        answer = self.transmit(GET_UID)
        return CardIdentity(answer.data if answer.sw == DONE else b"", atr)
