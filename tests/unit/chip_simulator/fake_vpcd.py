"""The host side of the vpcd wire for tests: one slot's port on loopback, driven by hand."""

import socket
from types import TracebackType


class FakeVpcd:
    """Listens like vpcd; `accept` waits for a card."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self.port: int = self._listener.getsockname()[1]
        self._card: socket.socket | None = None

    def __enter__(self) -> "FakeVpcd":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()
        self._listener.close()

    def connect_card(self) -> socket.socket:
        """What a slot calls to open its connection."""
        return socket.create_connection(("127.0.0.1", self.port))

    def accept(self) -> None:
        self.drop()
        self._card, _ = self._listener.accept()
        self._card.settimeout(5)

    def drop(self) -> None:
        """Die, as seen from the card."""
        if self._card is not None:
            self._card.close()
            self._card = None

    def send(self, payload: bytes) -> None:
        """Length and data apart, as vpcd 3.3 does."""
        self.card.sendall(len(payload).to_bytes(2, "big"))
        self.card.sendall(payload)

    def receive(self) -> bytes:
        """One answer; empty when the card has closed the connection."""
        head = self.card.recv(2, socket.MSG_WAITALL)
        return self.card.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if head else b""

    def ask(self, payload: bytes) -> bytes:
        self.send(payload)
        return self.receive()

    def is_quiet(self) -> bool:
        """Whether nothing more has come for a moment."""
        self.card.settimeout(0.2)
        try:
            return self.card.recv(1) == b""
        except TimeoutError:
            return True
        finally:
            self.card.settimeout(5)

    @property
    def card(self) -> socket.socket:
        assert self._card is not None
        return self._card
