"""The printer's TCP port (9100 on the hardware): one connection for a command or for a job (S)."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

from simulators.evolis.session import LineBroken, Session

LOOPBACK = "127.0.0.1"
CHUNK = 16 * 1024
PROBE = bytes.fromhex("1C6E00000000")  # S: probe for another family of printers; closed at once
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
OpenSession = Callable[[Callable[[bytes], None]], Session]


class TcpPort:
    """Accepts hosts on loopback, a thread for each connection."""

    def __init__(self, open_session: OpenSession, is_powered: Callable[[], bool], port: int = 0) -> None:
        """Bind the port (0 = any free one) and accept.

        Raises:
            OSError: the port is taken.
        """
        self._open_session = open_session
        self._is_powered = is_powered
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, port))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="tcp-port", daemon=True).start()

    def hang_up(self) -> None:
        """Break all connections, as a printer without power does."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _break(connection)

    def close(self) -> None:
        """Stop accepting and break all connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if not self._is_powered():
                _break(connection)
                connection.close()
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        session = self._open_session(connection.sendall)
        try:
            self._talk(connection, session)
        except LineBroken:
            _break(connection)
        except OSError:
            pass  # the host is gone; what it began is abandoned below
        finally:
            session.close()
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _talk(self, connection: socket.socket, session: Session) -> None:
        said_nothing, beginning = True, b""
        while chunk := connection.recv(CHUNK):
            if said_nothing and PROBE.startswith(beginning + chunk):
                beginning += chunk
                if beginning == PROBE:
                    return
                continue
            said_nothing = False
            session.feed(beginning + chunk)
            beginning = b""
        session.wait()
        if said_nothing and not beginning:
            # S: a connection that sends nothing and half-closes expects a status text
            session.send_status()


def _break(connection: socket.socket) -> None:
    """Reset the connection: the host sees it break off, not end."""
    with contextlib.suppress(OSError):  # it may have ended by itself
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        connection.shutdown(socket.SHUT_RDWR)
