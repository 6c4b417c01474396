"""A port of a simulator that answers in threads of its own."""

import threading
from http.server import ThreadingHTTPServer


class ServedPort:
    """Lets a bound server answer until it is closed."""

    def __init__(self, server: ThreadingHTTPServer, name: str) -> None:
        """Start to answer.

        Args:
            server: bound already.
            name: of the thread that accepts.
        """
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, name=name, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The TCP port in use."""
        return self._server.server_port

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
