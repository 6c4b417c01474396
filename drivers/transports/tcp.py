"""Printer over TCP port 9100, as the vendor library speaks to it (facts evolis.md, Transports)."""

import socket
from collections.abc import Callable, Iterable

from drivers.transports.base import (
    ClosingQuestion,
    TransportBrokenError,
    TransportTimeoutError,
    TransportUnreachableError,
    deadline_after,
    seconds_left,
    slices,
)

_NUL = b"\x00"
_LONGEST_REPLY = 4096
"""Assumed: no answer of a printer is longer than this many bytes; more is noise."""
_GOODBYE = 2.0
"""Seconds that the end of a job's connection may take after the printer has answered (assumed)."""


class TcpTransport:
    """The network socket of a printer: one connection for each command, for each status and for each job.

    Because an answer belongs to the connection of its command, an answer that comes too late dies with its
    connection and is never taken for another's.
    """

    def __init__(self, host: str, port: int, connect_timeout: float = 5.0) -> None:
        self._address = (host, port)
        self._connect_timeout = connect_timeout

    @property
    def has_replies(self) -> bool:
        """A network printer answers."""
        return True

    @property
    def keeps_stale_replies(self) -> bool:
        """Answers die with their connection."""
        return False

    def exchange(self, command: bytes, deadline: float) -> bytes:
        """Send one command on its own connection and return the answer up to its NUL."""
        with self._connect(deadline) as connection:
            sent = _send(connection, slices([command]), deadline)
            return _Replies(connection, sent).next(deadline)

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        """Send nothing, half-close, and return the status text that the printer then sends."""
        del empty_command  # the silent connection is the question
        with self._connect(deadline) as connection:
            _half_close(connection, 0)
            return _Replies(connection, 0).next_or_rest(deadline)

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        """Send the job and `NUL closing-question` on one connection, and wait for that question's answer.

        The printer may answer the commands inside the job as well; those answers are passed over. Giving the
        connection up earlier would make the network stack drop job bytes that the printer has not fetched.
        """
        with self._connect(deadline) as connection:
            sent = _send(connection, slices(chunks), deadline)
            total = _send(connection, [_NUL + closing.command], deadline, sent)
            replies = _Replies(connection, total)
            while replies.next(deadline) != closing.answer:
                pass
            _half_close(connection, total)
            _drain(connection, min(deadline, deadline_after(_GOODBYE)))
        return sent

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        """Do nothing: no stale answer can exist here."""
        del question, is_answer, deadline

    def reset(self, deadline: float) -> None:
        """Do nothing: a half-received job ended with its connection."""
        del deadline

    def close(self) -> None:
        """Do nothing: no connection outlives its exchange."""

    def _connect(self, deadline: float) -> socket.socket:
        timeout = min(self._connect_timeout, seconds_left(deadline))
        try:
            connection = socket.create_connection(self._address, timeout)
        except OSError as error:
            host, port = self._address
            raise TransportUnreachableError(f"no connection to {host}:{port}: {error}") from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def _send(connection: socket.socket, pieces: Iterable[bytes], deadline: float, already: int = 0) -> int:
    sent = already
    for piece in pieces:
        view = memoryview(piece)
        while view:
            connection.settimeout(seconds_left(deadline, sent))
            try:
                taken = connection.send(view)
            except TimeoutError as error:
                raise TransportTimeoutError("the printer takes no more bytes", sent) from error
            except OSError as error:
                raise TransportBrokenError(f"the connection broke while sending: {error}", sent) from error
            sent += taken
            view = view[taken:]
    return sent


def _receive(connection: socket.socket, deadline: float, sent: int) -> bytes:
    connection.settimeout(seconds_left(deadline, sent))
    try:
        return connection.recv(_LONGEST_REPLY)
    except TimeoutError as error:
        raise TransportTimeoutError("no complete answer before the deadline", sent) from error
    except OSError as error:
        raise TransportBrokenError(f"the connection broke before the answer: {error}", sent) from error


class _Replies:
    """The answers on one connection, each up to its NUL."""

    def __init__(self, connection: socket.socket, sent: int) -> None:
        self._connection = connection
        self._sent = sent
        self._received = b""

    def next(self, deadline: float) -> bytes:
        while _NUL not in self._received:
            if not self._read_on(deadline):
                raise TransportBrokenError(
                    f"the answer ended after {len(self._received)} bytes, without its NUL", self._sent
                )
        reply, _, self._received = self._received.partition(_NUL)
        return reply

    def next_or_rest(self, deadline: float) -> bytes:
        """Return the next answer; the end of the connection ends it as well, but is none by itself."""
        while _NUL not in self._received and self._read_on(deadline):
            pass
        if not self._received:
            raise TransportBrokenError("the printer hung up without an answer", self._sent)
        return self._received.partition(_NUL)[0]

    def _read_on(self, deadline: float) -> bool:
        piece = _receive(self._connection, deadline, self._sent)
        self._received += piece
        if _NUL not in self._received and len(self._received) > _LONGEST_REPLY:
            raise TransportBrokenError(f"more than {_LONGEST_REPLY} bytes came without a NUL", self._sent)
        return bool(piece)


def _half_close(connection: socket.socket, sent: int) -> None:
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        raise TransportBrokenError(f"the connection broke: {error}", sent) from error


def _drain(connection: socket.socket, deadline: float) -> None:
    try:
        while _receive(connection, deadline, 0):
            pass
    except (TransportTimeoutError, TransportBrokenError):
        return  # the printer had answered: how it hangs up adds nothing
