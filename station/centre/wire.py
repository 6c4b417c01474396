"""One HTTPS connection to the centre: kept open, bounded in time and size, believed only under our authority.

http.client of the standard library: one host, no redirects, no proxies, no cookies. Decision 0017 gives the
reasons against urllib3 and httpx; neither was measured, only a bare http.client loop is (`make bench
NAME=centre`). Sources: RFC 9112 (HTTP/1.1), RFC 8446 (TLS 1.3).
"""

import contextlib
import http.client
import io
import select
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from station.centre.faults import answer_lost, answer_unusable, certificate_bad, unreachable
from station.centre.pace import Pace
from station.clock import Clock
from station.errors import InputFault, StationError
from station.settings import CentreSettings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_ANSWER = 1024 * 1024  # a page of 1,000 statuses has about 200 kB
READ = 64 * 1024
LAST_WORD = 2.0  # seconds to wait for an answer after the centre has stopped reading
SLOWEST = 1000  # bytes a second that a fetch must make on the whole


@dataclass(frozen=True)
class Answer:
    """What came back, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Wire:
    """The connection. It is made when it is needed, and made anew after every trouble. One thread uses it."""

    def __init__(self, settings: CentreSettings, clock: Clock, pace: Pace) -> None:
        self._clock, self._pace, self._patience = clock, pace, settings.patience
        self._authority = settings.authority
        url = urlsplit(settings.url)
        self._host, self._port = url.hostname or "", url.port or 443
        self.host_header = f"{self._host}:{self._port}" if url.port else self._host
        self._connection: http.client.HTTPSConnection | None = None
        self._context: ssl.SSLContext | None = None
        self._deadline = _Deadline(clock, settings.patience)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read its answer whole.

        Raises:
            DeviceAbsent: CENTRE_UNREACHABLE, CENTRE_CERTIFICATE_BAD: nothing was sent.
            OutcomeUnknown: CENTRE_ANSWER_LOST, CENTRE_ANSWER_UNUSABLE: it may have been received.
        """
        with self._asked(method, path, body, headers or {}) as response:
            content = response.read(LARGEST_ANSWER + 1)
            if len(content) > LARGEST_ANSWER:
                raise answer_unusable("longer than any answer of the centre")
            _require_whole(response)
            return Answer(response.status, dict(response.getheaders()), content)

    def fetch(self, path: str, headers: Mapping[str, str], into: BinaryIO, most: int) -> int:
        """Read an answer into a file as far as it comes; return its status.

        What was read before trouble stays in the file: the next fetch goes on there.

        Raises:
            DeviceAbsent, OutcomeUnknown: as `ask`; CENTRE_ANSWER_UNUSABLE beyond `most` bytes.
            OSError: the file cannot be written.
        """
        with self._asked("GET", path, b"", headers, most / SLOWEST) as response:
            if response.status not in (200, 206):
                response.read(LARGEST_ANSWER)
                return response.status
            if response.status == 200:
                into.seek(0)
                into.truncate()
            left = most
            while piece := response.read1(READ):
                left -= len(piece)
                if left < 0:
                    raise answer_unusable("longer than it was announced")
                self._pace.spend(len(piece))
                _write(into, piece)
            _require_whole(response)
            return response.status

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _asked(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], more_time: float = 0.0
    ) -> Iterator[http.client.HTTPResponse]:
        connection = self._connected()
        try:
            response = self._send(connection, method, path, body, headers, more_time)
            yield response
            if response.length:
                self.close()  # the rest of an answer that nobody reads
            else:
                response.close()  # the connection is free for the next request
        except _LocalTrouble as trouble:
            self.close()
            raise trouble.error from trouble
        except (http.client.HTTPException, ValueError) as error:
            self.close()
            raise _unusable_or_lost(error) from error
        except OSError as error:
            self.close()
            raise answer_lost(_problem(error)) from error
        except BaseException:
            self.close()
            raise

    def _connected(self) -> http.client.HTTPSConnection:
        if self._connection is not None and _has_unasked_bytes(self._connection.sock):
            self.close()  # the centre has closed it, or said something that nobody asked for
        if self._connection is None or self._connection.sock is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> http.client.HTTPSConnection:
        connection = http.client.HTTPSConnection(
            self._host, self._port, timeout=self._patience, context=self._tls()
        )
        connection.response_class = _timed_response(self._deadline)
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            raise certificate_bad(error.verify_message) from error
        except OSError as error:
            connection.close()
            raise unreachable(_problem(error)) from error
        return connection

    def _tls(self) -> ssl.SSLContext:
        """Only our authority counts; the system's are not asked.

        Raises:
            InputFault: SETTINGS_MALFORMED when its certificate cannot be read.
        """
        if self._context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks the certificate and the name
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            try:
                context.load_verify_locations(self._authority)
            except OSError as error:
                problem = f"[centre] authority {self._authority}: {error.strerror or 'no certificate'}"
                raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=problem) from error
            self._context = context
        return self._context

    def _send(
        self,
        connection: http.client.HTTPSConnection,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        more_time: float,
    ) -> http.client.HTTPResponse:
        connection.sock.settimeout(self._patience)
        patience = self._patience + more_time
        try:
            connection.request(
                method, path, self._slices(body), {**headers, "Content-Length": str(len(body))}
            )
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            patience = LAST_WORD  # it stopped reading: perhaps it says why
        self._deadline.set(self._clock.monotonic() + patience)
        return connection.getresponse()

    def _slices(self, body: bytes) -> Iterator[bytes] | bytes | None:
        slices = self._pace.slices(body)
        return slices if isinstance(slices, bytes) else _guarded(slices)


class _LocalTrouble(Exception):
    """Trouble of the station's own in the middle of a request: it is not the centre's."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _guarded(slices: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from slices
    except StationError as error:
        raise _LocalTrouble(error) from error


def _write(into: BinaryIO, piece: bytes) -> None:
    try:
        into.write(piece)
    except OSError as error:
        raise _LocalTrouble(error) from error


class _Deadline:
    """When the answer that is awaited must be there, however slowly its bytes come."""

    def __init__(self, clock: Clock, idle: float) -> None:
        self._clock, self._idle, self._ends = clock, idle, 0.0

    def set(self, ends: float) -> None:
        """Set it, on the monotonic clock."""
        self._ends = ends

    def time_left(self) -> float:
        """How long the next bytes may take.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self._ends - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return min(left, self._idle)


class _TimedReader(io.RawIOBase):
    """Reads a socket as long as there is time."""

    def __init__(self, sock: socket.socket, holds_open: BinaryIO, deadline: _Deadline) -> None:
        """Make a reader; `holds_open` is http.client's own, which keeps the socket open."""
        self._sock, self._holds_open, self._deadline = sock, holds_open, deadline

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what is there, within what time is left."""
        self._sock.settimeout(self._deadline.time_left())
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """Let the socket go."""
        self._holds_open.close()
        super().close()


def _timed_response(deadline: _Deadline) -> type[http.client.HTTPResponse]:
    """The response class of a connection: it reads within a deadline."""

    class Timed(http.client.HTTPResponse):
        def __init__(
            self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
        ) -> None:
            super().__init__(sock, debuglevel, method, url)
            self.fp = io.BufferedReader(_TimedReader(sock, self.fp, deadline))

    return Timed


def _require_whole(response: http.client.HTTPResponse) -> None:
    if response.length:
        raise answer_lost("the connection ended inside the answer")


def _has_unasked_bytes(sock: socket.socket | None) -> bool:
    if sock is None:
        return False
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    return bool(select.select([sock], [], [], 0)[0])


def _unusable_or_lost(error: Exception) -> StationError:
    if isinstance(error, (http.client.RemoteDisconnected, http.client.IncompleteRead)):
        return answer_lost("the connection ended")
    return answer_unusable(type(error).__name__)


def _problem(error: OSError) -> str:
    """What an error of the network is called; never an address or a name."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "its name is not found"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or 'the connection ended'}"
    return error.strerror or type(error).__name__
