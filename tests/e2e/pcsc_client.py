"""A small PC/SC client for tests, on the plain SCard calls, so that every status code can be seen."""

from time import monotonic

from smartcard import scard

EXCLUSIVE, SHARED = scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_SHARE_SHARED
SUCCESS = 0x00000000
NOT_TRANSACTED = 0x80100016
NO_SERVICE = 0x8010001D
REMOVED = 0x80100069
_LOOK = 200  # ms


class PcscError(Exception):
    """A PC/SC call that did not succeed."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:08X}")
        self.code = code


def _unsigned(code: int) -> int:
    return code & 0xFFFFFFFF


def _check(code: int) -> None:
    if _unsigned(code) != SUCCESS:
        raise PcscError(_unsigned(code))


class Client:
    """One context; calls block, so every thread needs its own."""

    def __init__(self) -> None:
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check(code)

    def readers(self) -> list[str]:
        code, names = scard.SCardListReaders(self._context, [])
        _check(code)
        return list(names)

    def wait(self, reader: str, present: bool, timeout: float = 10.0) -> bytes:
        """Wait until the reader has a card, or has none, and give the ATR."""
        limit, known = monotonic() + timeout, scard.SCARD_STATE_UNAWARE
        while monotonic() < limit:
            _, states = scard.SCardGetStatusChange(self._context, _LOOK, [(reader, known)])
            _, known, atr = states[0]
            if bool(known & scard.SCARD_STATE_PRESENT) == present:
                return bytes(atr)
        raise TimeoutError(f"{reader}: card present is not {present}")

    def connect(self, reader: str, share: int = EXCLUSIVE) -> "Connection":
        """Connect to the card in the reader, once pcscd has seen it."""
        self.wait(reader, True)
        code, handle, _ = scard.SCardConnect(self._context, reader, share, scard.SCARD_PROTOCOL_T1)
        _check(code)
        return Connection(handle)

    def release(self) -> None:
        scard.SCardReleaseContext(self._context)


class Connection:
    """A connected card."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def transmit(self, apdu: bytes) -> tuple[int, bytes]:
        """Status code of the call, and the response, which may be empty."""
        code, response = scard.SCardTransmit(self._handle, scard.SCARD_PCI_T1, list(apdu))
        return _unsigned(code), bytes(response)

    def exchange(self, apdu: bytes) -> bytes:
        code, response = self.transmit(apdu)
        _check(code)
        return response

    def reconnect(self, share: int = EXCLUSIVE) -> int:
        code, _ = scard.SCardReconnect(self._handle, share, scard.SCARD_PROTOCOL_T1, scard.SCARD_RESET_CARD)
        return _unsigned(code)

    def end(self) -> None:
        scard.SCardDisconnect(self._handle, scard.SCARD_RESET_CARD)
