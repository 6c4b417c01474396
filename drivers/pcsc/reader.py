"""A chip reader behind pcscd: `pcsc:///Reader name`."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from drivers.pcsc.base import CardReader
from drivers.pcsc.errors import NoCard, NotConnected, ReaderBusy, ReaderHung, ReaderNotFound
from drivers.pcsc.watched import CallStuck, WatchedThread
from drivers.pcsc.winscard import STATE_PRESENT, STATE_UNAWARE, ReturnCode, Winscard, error_for

Result = TypeVar("Result")

# Seconds; a slow card may take 3 s (facts: pcsc.md), a foreign transaction blocks as long as it likes.
DEFAULT_CALL_TIMEOUT: Final = 10.0
# Seconds that a waiting call may come back late: pcscd looks at its readers every 0.4 s.
WAITING_MARGIN: Final = 2.0
_PROTOCOL_T0: Final = 1


class PcscReader(CardReader):
    """One reader of the card daemon, with a context and a thread of its own, and the card to itself.

    After the daemon has died every call raises `DaemonGone`; the next `wait_for_card` or `connect` makes a
    fresh context, so a daemon that came back is found without a new object.

    Args:
        name: the reader's full name, for example `Name 00 01`; never "the first reader".
        call_timeout: seconds after which a call to the card counts as hung.
        library: the PC/SC calls.
    """

    def __init__(
        self, name: str, *, call_timeout: float = DEFAULT_CALL_TIMEOUT, library: Winscard | None = None
    ) -> None:
        super().__init__(name)
        self._call_timeout = call_timeout
        self._library = library or Winscard()
        self._thread = WatchedThread(f"reader {name}")
        # Only the watched thread touches these three.
        self._context: int | None = None
        self._card: int | None = None
        self._protocol = 0

    @property
    def hung(self) -> bool:
        """A call is running that did not come back in time; see `drivers.pcsc.watched`."""
        return self._thread.stuck

    def wait_for_card(self, deadline: float) -> None:
        """Wait until a card stands in the reader, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            NoCard: none came.
            ReaderNotFound, DaemonGone, ReaderHung: the reader cannot be asked.
        """
        if not self._watch_waiting(STATE_PRESENT, deadline):
            raise NoCard(self.name, "no card came in time")

    def wait_for_removal(self, deadline: float) -> None:
        """Wait until no card stands in the reader, at most until `deadline` (a `time.monotonic()` reading).

        Raises:
            ReaderBusy: it is still there.
            ReaderNotFound, DaemonGone, ReaderHung: the reader cannot be asked.
        """
        if not self._watch_waiting(0, deadline):
            raise ReaderBusy(self.name, "the card did not leave in time")

    def close(self) -> None:
        """Let go of the card, the daemon and the thread; after a hung call that happens when it ends."""
        self._alive = False
        if not self.hung:
            self._watch(self._drop_context, self._call_timeout)
        self._thread.close(self._drop_context)

    def _power_up(self) -> bytes:
        return self._watch(self._connect, self._call_timeout)

    def _power_down(self) -> None:
        if not self.hung:
            self._watch(self._drop_card, self._call_timeout)

    def _exchange(self, apdu: bytes) -> bytes:
        return self._watch(lambda: self._transmit(apdu), self._call_timeout, outcome_unknown=True)

    def _watch_waiting(self, wanted: int, deadline: float) -> bool:
        longest = max(0.0, deadline - time.monotonic()) + WAITING_MARGIN
        return self._watch(lambda: self._wait_for(wanted, deadline), longest)

    def _watch(
        self, function: Callable[[], Result], timeout: float, *, outcome_unknown: bool = False
    ) -> Result:
        try:
            return self._thread.call(function, timeout)
        except CallStuck as stuck:
            raise ReaderHung(
                self.name, f"no return after {timeout:g} s", outcome_unknown=outcome_unknown and stuck.begun
            ) from stuck

    # Everything below runs in the watched thread.

    def _open_context(self) -> int:
        if self._context is None:
            code, context = self._library.establish_context()
            self._check(code)
            self._context = context
        return self._context

    def _check(self, code: int, *, outcome_unknown: bool = False) -> None:
        """Raise our error for a return code.

        Every failure but a missing or busy card drops the context: one that outlived its daemon is dead for
        ever, and a fresh one is cheap.
        """
        if code == ReturnCode.SUCCESS:
            return
        error = error_for(code, self.name, outcome_unknown=outcome_unknown)
        if not isinstance(error, (NoCard, ReaderBusy, ReaderNotFound)):
            self._drop_context()
        raise error

    def _wait_for(self, wanted: int, deadline: float) -> bool:
        context = self._open_context()
        code, state = self._library.get_status_change(context, self.name, STATE_UNAWARE, 0)
        self._check(code)
        while state & STATE_PRESENT != wanted:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            code, state_now = self._library.get_status_change(context, self.name, state, remaining)
            if code == ReturnCode.TIMEOUT:
                return False
            self._check(code)
            state = state_now
        return True

    def _connect(self) -> bytes:
        self._drop_card()
        code, card, protocol = self._library.connect_exclusive(self._open_context(), self.name)
        self._check(code)
        self._card, self._protocol = card, protocol
        code, atr = self._library.status(card)
        self._check(code)
        return atr

    def _transmit(self, apdu: bytes) -> bytes:
        if self._card is None:
            raise NotConnected(self.name, "no card handle")
        answer = self._transmit_once(self._card, apdu)
        if self._protocol == _PROTOCOL_T0 and len(answer) >= 2:
            return self._finish_t0(self._card, apdu, answer)
        return answer

    def _transmit_once(self, card: int, apdu: bytes) -> bytes:
        code, answer = self._library.transmit(card, self._protocol, apdu)
        self._check(code, outcome_unknown=True)
        return answer

    def _finish_t0(self, card: int, apdu: bytes, answer: bytes) -> bytes:
        """Fetch what T=0 leaves to the host, ISO 7816-3 clause 12.2: wrong Le and GET RESPONSE."""
        if answer[-2] == 0x6C:
            answer = self._transmit_once(card, apdu[:4] + answer[-1:])
        data = b""
        while len(answer) >= 2 and answer[-2] == 0x61:
            data += answer[:-2]
            answer = self._transmit_once(card, bytes((apdu[0] & 0x03, 0xC0, 0x00, 0x00, answer[-1])))
        return data + answer

    def _drop_card(self) -> None:
        """Whether the daemon still knows the handle does not matter: it is forgotten either way."""
        if self._card is not None:
            self._library.disconnect(self._card)
            self._card = None

    def _drop_context(self) -> None:
        self._drop_card()
        if self._context is not None:
            self._library.release_context(self._context)
            self._context = None


def list_readers(library: Winscard | None = None) -> tuple[str, ...]:
    """Return the names of all readers that the card daemon has, none if it has none.

    Raises:
        DaemonGone: it does not run.
        ReaderError: another failure of the daemon.
    """
    calls = library or Winscard()
    code, context = calls.establish_context()
    if code != ReturnCode.SUCCESS:
        raise error_for(code, "card daemon")
    try:
        code, names = calls.list_readers(context)
    finally:
        calls.release_context(context)
    if code == ReturnCode.NO_READERS_AVAILABLE:
        return ()
    if code != ReturnCode.SUCCESS:
        raise error_for(code, "card daemon")
    return names
