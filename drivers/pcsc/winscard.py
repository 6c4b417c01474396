"""The PC/SC library, at the one place that imports pyscard and knows its return codes."""

from enum import IntEnum
from typing import Final

from drivers.pcsc.errors import (
    CardMute,
    CardRemoved,
    CardWasReset,
    DaemonGone,
    NoCard,
    ReaderBusy,
    ReaderError,
    ReaderFailure,
    ReaderNotFound,
)


class ReturnCode(IntEnum):
    """Return codes of PC/SC part 5 as pcsclite.h has them, as far as a rule of ours hangs on them."""

    SUCCESS = 0
    INVALID_HANDLE = 0x80100003
    UNKNOWN_READER = 0x80100009
    TIMEOUT = 0x8010000A
    SHARING_VIOLATION = 0x8010000B
    NO_SMARTCARD = 0x8010000C
    READER_UNAVAILABLE = 0x80100017
    NO_SERVICE = 0x8010001D
    SERVICE_STOPPED = 0x8010001E
    NO_READERS_AVAILABLE = 0x8010002E
    UNRESPONSIVE_CARD = 0x80100066
    UNPOWERED_CARD = 0x80100067
    RESET_CARD = 0x80100068
    REMOVED_CARD = 0x80100069
    SECURITY_VIOLATION = 0x8010006A


_RULES: Final[dict[int, tuple[type[ReaderError], str]]] = {
    # A daemon that was started again does not know the handles of its forerunner.
    ReturnCode.INVALID_HANDLE: (DaemonGone, "the card daemon does not know this connection"),
    ReturnCode.NO_SERVICE: (DaemonGone, "the card daemon does not run"),
    ReturnCode.SERVICE_STOPPED: (DaemonGone, "the card daemon has stopped"),
    # What libpcsclite makes of a socket that was reset: seen now and then when pcscd was killed, and when a
    # policy (polkit) refuses the user.
    ReturnCode.SECURITY_VIOLATION: (DaemonGone, "the card daemon has died, or does not allow this user"),
    ReturnCode.UNKNOWN_READER: (ReaderNotFound, "no reader of this name"),
    ReturnCode.READER_UNAVAILABLE: (ReaderNotFound, "the reader was unplugged"),
    ReturnCode.NO_READERS_AVAILABLE: (ReaderNotFound, "the card daemon has no reader"),
    ReturnCode.SHARING_VIOLATION: (ReaderBusy, "another program holds the card"),
    ReturnCode.NO_SMARTCARD: (NoCard, "no card in the reader"),
    ReturnCode.UNRESPONSIVE_CARD: (CardMute, "the card does not answer to reset"),
    ReturnCode.UNPOWERED_CARD: (CardMute, "the card has no power"),
    ReturnCode.RESET_CARD: (CardWasReset, "another program has reset the card"),
    ReturnCode.REMOVED_CARD: (CardRemoved, "the card has been removed"),
}

_SCOPE_SYSTEM: Final = 2
_SHARE_EXCLUSIVE: Final = 1
_PROTOCOL_T0: Final = 1
_PROTOCOL_T1: Final = 2
_UNPOWER_CARD: Final = 2
STATE_UNAWARE: Final = 0x0000
_STATE_CHANGED: Final = 0x0002
_STATE_UNKNOWN: Final = 0x0004
_STATE_UNAVAILABLE: Final = 0x0008
STATE_PRESENT: Final = 0x0020


def error_for(code: int, reader: str, *, outcome_unknown: bool = False) -> ReaderError:
    """Turn a PC/SC return code into our error; the only place that does."""
    rule = _RULES.get(code)
    if rule is None:
        return ReaderFailure(reader, code, outcome_unknown=outcome_unknown)
    kind, reason = rule
    return kind(reader, reason, outcome_unknown=outcome_unknown)


class Winscard:
    """The raw PC/SC calls with types; each returns its return code and its values."""

    def __init__(self) -> None:
        # pyscard needs the daemon's client library, so it is loaded when the first reader is opened.
        from smartcard import scard

        self._scard = scard

    def establish_context(self) -> tuple[int, int]:
        """Return code and context."""
        code, context = self._scard.SCardEstablishContext(_SCOPE_SYSTEM)
        return _unsigned(code), int(context)

    def release_context(self, context: int) -> int:
        """Return code."""
        return _unsigned(self._scard.SCardReleaseContext(context))

    def list_readers(self, context: int) -> tuple[int, tuple[str, ...]]:
        """Return code and names of the readers."""
        code, names = self._scard.SCardListReaders(context, [])
        return _unsigned(code), tuple(str(name) for name in names)

    def get_status_change(self, context: int, reader: str, state: int, timeout: float) -> tuple[int, int]:
        """Wait until the state of a reader differs from `state`; return code and the new state."""
        code, states = self._scard.SCardGetStatusChange(context, round(timeout * 1000), [(reader, state)])
        flags = int(states[0][1]) if states else 0
        return _state_code(_unsigned(code), flags), flags & ~_STATE_CHANGED

    def connect_exclusive(self, context: int, reader: str) -> tuple[int, int, int]:
        """Return code, card handle and protocol (`PROTOCOL_T0` = 1 or 2 for T=1)."""
        code, card, protocol = self._scard.SCardConnect(
            context, reader, _SHARE_EXCLUSIVE, _PROTOCOL_T0 | _PROTOCOL_T1
        )
        return _unsigned(code), int(card), int(protocol)

    def status(self, card: int) -> tuple[int, bytes]:
        """Return code and ATR."""
        code, _reader, _state, _protocol, atr = self._scard.SCardStatus(card)
        return _unsigned(code), bytes(atr)

    def transmit(self, card: int, protocol: int, apdu: bytes) -> tuple[int, bytes]:
        """Return code and raw answer."""
        code, answer = self._scard.SCardTransmit(card, protocol, list(apdu))
        return _unsigned(code), bytes(answer)

    def disconnect(self, card: int) -> int:
        """Cut the card's power; return code."""
        return _unsigned(self._scard.SCardDisconnect(card, _UNPOWER_CARD))


def _unsigned(code: int) -> int:
    """Pyscard hands return codes over as signed on some platforms."""
    return code & 0xFFFFFFFF


def _state_code(code: int, flags: int) -> int:
    """An unknown reader is not an error code of the call but a flag of the state."""
    if code == ReturnCode.SUCCESS and flags & _STATE_UNKNOWN:
        return ReturnCode.UNKNOWN_READER
    if code == ReturnCode.SUCCESS and flags & _STATE_UNAVAILABLE:
        return ReturnCode.READER_UNAVAILABLE
    return code
