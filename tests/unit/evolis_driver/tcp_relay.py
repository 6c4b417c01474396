"""A TCP relay for tests: passes bytes between a client and a port, and can cut the connection."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TcpRelay:
    """A cable that can be cut, at once or after so many bytes from the client."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._allowance: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut every connection; later ones work."""
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def cut_after(self, size: int) -> None:
        """Cut when the client has sent that many more bytes."""
        self._allowance = size

    def close(self) -> None:
        """Stop relaying."""
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._pairs.append((client, server))
            threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if from_client and self._allowance is not None:
                    self._allowance -= len(data)
                    if self._allowance < 0:
                        self._allowance = None
                        self.cut()
                        break
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        if not from_client:
            source.close()
            sink.close()


@contextmanager
def relayed(target: int) -> Iterator[TcpRelay]:
    """Relay to a loopback port within the block."""
    relay = TcpRelay(target)
    try:
        yield relay
    finally:
        relay.close()
