"""One HTTP/1.1 request to a service on this machine, bounded in time and in bytes (facts: sbi.md 1)."""

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from drivers.sbi.calls import LOOPBACK, Call
from drivers.sbi.errors import AnswerLost, MessageMalformed, Reason, ServiceAbsent

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

LARGEST_ANSWER: Final = 8 * 1024 * 1024  # bytes; four fingers are about 0.7 MB
_HEAD: Final = 64 * 1024  # bytes for status line and headers
_CONNECT: Final = 0.5  # seconds; on the loopback a closed port says so at once


class AnswerTooLarge(OSError):
    """More bytes came than any answer has."""


class BoundedSocket(socket.socket):
    """A socket with one deadline for a whole exchange and a budget of bytes.

    A time limit for each read would let a service keep us for ever with a byte now and then; a limit on the
    body alone would not bound its head or the sizes of its chunks.

    Attributes:
        deadline: a reading of `time.monotonic()`.
        budget: so many bytes may still come.
    """

    deadline: float = 0.0
    budget: int = 0

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        """Receive within deadline and budget."""
        self.settimeout(self._left())
        received = super().recv_into(buffer, nbytes, flags)
        self.budget -= received
        if self.budget < 0:
            raise AnswerTooLarge
        return received

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Send within the deadline."""
        self.settimeout(self._left())
        super().sendall(data, flags)

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


@contextlib.contextmanager
def opened(port: int, patience: float) -> Iterator[BoundedSocket]:
    """Connect to a port of the loopback; the budget is that of one answer.

    Raises:
        ServiceAbsent: NOT_LISTENING.
    """
    link = BoundedSocket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        link.settimeout(_CONNECT)
        try:
            link.connect((LOOPBACK, port))
        except OSError as error:
            raise ServiceAbsent(Reason.NOT_LISTENING, f"{LOOPBACK}:{port}: {error}") from error
        link.deadline, link.budget = time.monotonic() + patience, _HEAD + LARGEST_ANSWER
        yield link
    finally:
        link.close()


def ask(port: int, call: Call, body: Mapping[str, object] | None, patience: float) -> bytes:
    """Send one request and read its answer whole.

    Args:
        port: of the service.
        call: which kind of request.
        body: the JSON object that goes with it; None = no body.
        patience: seconds for all of it.

    Raises:
        ServiceAbsent: NOT_LISTENING.
        AnswerLost: TIMED_OUT, CUT_OFF.
        MessageMalformed: NOT_HTTP, HTTP_STATUS, TOO_LARGE.
    """
    with (
        opened(port, patience) as link,
        translated(),
        contextlib.closing(begin(link, port, call, body)) as response,
    ):
        require_ok(response)
        return response.read()


def begin(
    link: BoundedSocket, port: int, call: Call, body: Mapping[str, object] | None
) -> http.client.HTTPResponse:
    """Send one request and read the head of its answer; to be called inside `translated`."""
    connection = http.client.HTTPConnection(LOOPBACK, port)
    connection.sock = link
    # ASCII, because a service was seen to count characters where HTTP counts bytes (MockMDS).
    content = b"" if body is None else json.dumps(body).encode("ascii")
    headers = {"Content-Type": "application/json", "Connection": "close", "Content-Length": str(len(content))}
    connection.request(call.verb, call.path, content, headers)
    return connection.getresponse()


def require_ok(response: http.client.HTTPResponse) -> None:
    """Refuse what HTTP says no with: refusals of SBI itself come with 200."""
    if response.status != http.client.OK:
        raise MessageMalformed(Reason.HTTP_STATUS, f"HTTP {response.status}")
    if response.length is not None and response.length > LARGEST_ANSWER:
        raise MessageMalformed(Reason.TOO_LARGE, f"an answer of {response.length} bytes")


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what sockets and HTTP raise into this driver's errors."""
    try:
        yield
    except AnswerTooLarge as error:
        raise MessageMalformed(Reason.TOO_LARGE, f"more than {LARGEST_ANSWER} bytes") from error
    except TimeoutError as error:
        raise AnswerLost(Reason.TIMED_OUT, "the service did not answer in time") from error
    except (OSError, http.client.IncompleteRead) as error:  # RemoteDisconnected is an OSError too
        raise AnswerLost(Reason.CUT_OFF, type(error).__name__) from error
    except (http.client.HTTPException, ValueError) as error:  # the latter for a chunk of negative size
        raise MessageMalformed(Reason.NOT_HTTP, type(error).__name__) from error
