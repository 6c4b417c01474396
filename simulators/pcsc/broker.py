"""The way into the namespace: hands out connections to the slots of the virtual readers.

vpcd listens on TCP inside a network namespace, where no one else can reach it. A card simulator outside
asks the broker over a UNIX socket for `READER SLOT` and gets the connected TCP socket itself
(SCM_RIGHTS, unix(7)) with the byte `+`; `-` says that nobody listens there.
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from simulators.pcsc.readers import SLOTS, VirtualReader

_GIVEN, _REFUSED = b"+", b"-"
_LONGEST_REQUEST = 16
_TIMEOUT = 5.0  # seconds; both ends are on this machine


def connect(broker_path: Path, reader: int, slot: int) -> socket.socket:
    """Connect to a slot of a virtual reader.

    Args:
        broker_path: the broker's UNIX socket.
        reader: index of the reader, as given on the command line.
        slot: 0 contact, 1 contactless.

    Raises:
        OSError: there is no broker, or pcscd is not listening (ConnectionRefusedError).
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(_TIMEOUT)
        line.connect(str(broker_path))
        line.sendall(f"{reader} {slot}\n".encode("ascii"))
        verdict, descriptors, _, _ = socket.recv_fds(line, 1, 1)
    connections = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    if verdict != _GIVEN or not connections:
        raise ConnectionRefusedError(f"reader {reader} slot {slot} is not listening")
    connections[0].setblocking(True)
    return connections[0]


class Broker:
    """Serves requests for connections until it is closed."""

    def __init__(self, path: Path, readers: Sequence[VirtualReader]) -> None:
        """Listen at a path; what a former broker left there is replaced.

        Raises:
            OSError: the path is too long or not writable.
        """
        self._path = path
        self._readers = readers
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = Thread(target=self._run, name="vpcd broker", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and take the socket off the disk."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._listener.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:  # closed
                return
            Thread(target=self._serve, args=(line,), name="vpcd request", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError):  # an asker that has gone needs no answer
            line.settimeout(_TIMEOUT)
            port = self._requested_port(line)
            try:
                if port is None:
                    raise ConnectionRefusedError
                connection = socket.create_connection(("127.0.0.1", port), _TIMEOUT)
            except OSError:
                line.sendall(_REFUSED)
                return
            with connection:
                socket.send_fds(line, [_GIVEN], [connection.fileno()])

    def _requested_port(self, line: socket.socket) -> int | None:
        """Read `INDEX SLOT` and a line feed; None for anything else."""
        request = b""
        while not request.endswith(b"\n") and len(request) < _LONGEST_REQUEST:
            part = line.recv(_LONGEST_REQUEST)
            if not part:
                return None
            request += part
        words = request.split()
        if len(words) != 2 or not all(word.isdigit() for word in words):
            return None
        reader, slot = int(words[0]), int(words[1])
        if reader >= len(self._readers) or slot >= SLOTS:
            return None
        return self._readers[reader].port(slot)
