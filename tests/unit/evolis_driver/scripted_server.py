"""A TCP server for tests that runs one function for each connection and keeps what it raises."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Handler = Callable[[socket.socket], None]


@contextmanager
def serving(handlers: Sequence[Handler]) -> Iterator[int]:
    """Serve one connection for each handler, in order, on a loopback port; yield the port.

    An exception in a handler fails the test when the block ends.
    """
    failures: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        worker = threading.Thread(target=_serve, args=(listener, handlers, failures))
        worker.start()
        try:
            yield listener.getsockname()[1]
        finally:
            worker.join(15)
    assert not worker.is_alive(), "the scripted server still runs"
    assert not failures, failures


def _serve(listener: socket.socket, handlers: Sequence[Handler], failures: list[BaseException]) -> None:
    for handler in handlers:
        try:
            connection, _ = listener.accept()
            connection.settimeout(10)
            with connection:
                handler(connection)
        except (AssertionError, OSError) as error:
            failures.append(error)
            return


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """Return what arrives up to and including the given bytes."""
    received = b""
    while not received.endswith(end):
        piece = connection.recv(1)
        assert piece, f"the connection ended after {received!r}"
        received += piece
    return received


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return exactly that many bytes."""
    received = b""
    while len(received) < size:
        piece = connection.recv(size - len(received))
        assert piece, f"the connection ended after {len(received)} of {size} bytes"
        received += piece
    return received
