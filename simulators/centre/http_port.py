"""The HTTPS port: one thread a connection, TLS with the certificate of the day."""

from __future__ import annotations

import contextlib
import socket
from http.server import ThreadingHTTPServer

from simulators.centre.centre import Centre
from simulators.centre.requests import Requests
from simulators.served_port import ServedPort

LOOPBACK = "127.0.0.1"
HANDSHAKE = 10.0  # seconds of wall time


class HttpPort(ServedPort):
    """Serves the stations in threads of its own."""

    def __init__(self, centre: Centre, port: int = 0) -> None:
        """Bind the port (0 = any free one) and start to answer.

        Raises:
            OSError: the port is taken.
        """
        super().__init__(_Server(centre, port), "https")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, centre: Centre, port: int) -> None:
        super().__init__((LOOPBACK, port), Requests)
        self.centre = centre
        self._contexts = {expired: centre.identity.context(expired=expired) for expired in (False, True)}

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Take the connection, unless the link is cut."""
        centre = self.centre
        if centre.is_down():
            centre.truth.count("refused_connections")
            return
        expired = centre.truth.switch("certificate", "valid") == "expired"
        request.settimeout(HANDSHAKE)
        context = self._contexts[expired]
        with (
            contextlib.suppress(OSError),  # an ssl.SSLError is one: the station does not like the certificate
            context.wrap_socket(request, server_side=True) as secured,
        ):
            Requests(secured, client_address, self)
