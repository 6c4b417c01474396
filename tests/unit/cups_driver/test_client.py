"""The client against print servers that do not behave: each fault has its class, and nothing hangs."""

import socket
import threading
from collections.abc import Iterator

import pytest

from drivers.cups.address import parse
from drivers.cups.client import LARGEST_ANSWER, CupsQueue
from drivers.cups.errors import (
    AddressUnusable,
    AnswerLost,
    CupsError,
    MessageMalformed,
    ObjectUnknown,
    RequestRefused,
    ServerAbsent,
)
from drivers.cups.message import Group, Message, encode
from drivers.cups.tags import GroupTag, ValueTag
from drivers.cups.values import integer, text

PATIENCE = 0.5
QUEUE = Group(GroupTag.PRINTER, (integer("printer-state", 3),))


class OneAnswer:
    """Listens once, reads a request, writes these bytes and hangs up."""

    def __init__(self, answer: bytes, *, hang_up: bool = True) -> None:
        self._answer, self._hang_up = answer, hang_up
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        with line:
            line.recv(1 << 16)
            try:
                line.sendall(self._answer)
                if self._hang_up:
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(1 << 16):  # closed with a request unread, the line would be reset
                        pass
            except OSError:
                return
            if not self._hang_up:
                self._done.wait(10)

    def close(self) -> None:
        self._done.set()
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def servers() -> Iterator[list[OneAnswer]]:
    made = list[OneAnswer]()
    yield made
    for server in made:
        server.close()


def queue_of(server: OneAnswer) -> CupsQueue:
    return CupsQueue(f"ipp://127.0.0.1:{server.port}/printers/kantor", "print-station", PATIENCE)


def http(
    body: bytes, status: str = "200 OK", kind: str = "application/ipp", length: int | None = None
) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def ipp(code: int = 0, request: int = 1, *groups: Group) -> bytes:
    said = Group(GroupTag.OPERATION, (text("status-message", ValueTag.TEXT, "so sad"),))
    return encode(Message((2, 0), code, request, (said, *groups)))


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", AnswerLost),
        (b"garbage\r\n\r\n", AnswerLost),
        (http(ipp(0, 1, QUEUE), length=5000), AnswerLost),
        (http(b"<html>", kind="text/html"), MessageMalformed),
        (http(ipp(0, 1, QUEUE), kind="text/html"), MessageMalformed),
        (http(b""), MessageMalformed),
        (http(ipp(0, 1, QUEUE)[:-1]), MessageMalformed),
        (http(ipp(0, 2, QUEUE)), MessageMalformed),
        (http(ipp(0, 1)), MessageMalformed),
        (http(ipp(0, 1, Group(GroupTag.PRINTER, (integer("printer-state", 77),)))), MessageMalformed),
        (http(b"", length=LARGEST_ANSWER + 1), MessageMalformed),
        (http(b"", length=5000).replace(b"Content-Length: 5000", b"X: y") + ipp()[:9], MessageMalformed),
        (CHUNKED % (0x10, ipp()), AnswerLost),
        (CHUNKED % (LARGEST_ANSWER + 9, bytes(LARGEST_ANSWER + 9)), MessageMalformed),
        (http(b"", status="401 Unauthorized"), RequestRefused),
        (http(b"", status="302 Found"), RequestRefused),
        (http(b"", status="500 Oh"), RequestRefused),
        (http(ipp(0x0400)), RequestRefused),
        (http(ipp(0x0406)), ObjectUnknown),
        (http(ipp(0x0407)), ObjectUnknown),
        (http(ipp(0x0500)), RequestRefused),
    ],
)
def test_every_wrong_answer_has_its_class(
    servers: list[OneAnswer], answer: bytes, kind: type[CupsError]
) -> None:
    servers.append(OneAnswer(answer))
    with pytest.raises(CupsError) as caught:
        queue_of(servers[0]).look()
    assert type(caught.value) is kind


@pytest.mark.parametrize("answer", [b"", http(ipp(0, 1, QUEUE), length=5000)])
def test_a_server_that_falls_silent_is_left(servers: list[OneAnswer], answer: bytes) -> None:
    servers.append(OneAnswer(answer, hang_up=False))
    with pytest.raises(AnswerLost):
        queue_of(servers[0]).look()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServerAbsent):
        CupsQueue(f"ipp://127.0.0.1:{port}/printers/kantor", "print-station", PATIENCE).look()
    with pytest.raises(ServerAbsent):
        CupsQueue("ipp://no-such-host.invalid/printers/kantor", "print-station", PATIENCE).look()


def test_a_good_answer_is_read(servers: list[OneAnswer]) -> None:
    servers.append(OneAnswer(http(ipp(0x0001, 1, QUEUE))))
    assert queue_of(servers[0]).look().state == 3


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("ipp://localhost/printers/kantor", "ipp://localhost:631/printers/kantor"),
        ("ipp://[::1]:632/printers/a%20b", "ipp://[::1]:632/printers/a%20b"),
    ],
)
def test_addresses(url: str, uri: str) -> None:
    assert parse(url).uri == uri


@pytest.mark.parametrize(
    "url",
    [
        "ipps://localhost/printers/kantor",
        "http://localhost/printers/kantor",
        "ipp:///printers/kantor",
        "ipp://localhost",
        "ipp://localhost/",
        "ipp://user:pass@localhost/printers/kantor",
        "ipp://localhost:99999/printers/kantor",
        "ipp://localhost/printers/a b",
        "ipp://localhost/printers/a\r\nX: y",
        "ipp://localhost/printers/a?b=c",
        "ipp://[::1/printers/kantor",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(AddressUnusable):
        parse(url)
