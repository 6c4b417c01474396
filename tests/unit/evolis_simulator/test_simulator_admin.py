"""The admin port and the clock."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection

import pytest

from simulators.admin import AdminError, AdminServer
from simulators.clock import SimulatorClock


class Subject:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def truth(self) -> object:
        return {"cards": 3}

    def fault(self, name: str, at: int, count: int) -> None:
        if name == "nonsense":
            raise AdminError("no such fault")
        self.asked.append((name, at, count))

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        self.asked.append((action, arguments.get("count")))
        return [action]


@pytest.fixture
def served() -> Iterator[tuple[Subject, AdminServer]]:
    subject = Subject()
    server = AdminServer(subject)
    yield subject, server
    server.close()


def call(server: AdminServer, method: str, path: str, body: bytes | None = None) -> tuple[int, object]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        value: object = json.loads(answer.read())
        return answer.status, value
    finally:
        connection.close()


def test_truth_fault_and_person(served: tuple[Subject, AdminServer]) -> None:
    subject, server = served
    assert call(server, "GET", "/truth") == (200, {"cards": 3})
    assert call(server, "POST", "/fault", b'{"name": "jam"}')[0] == 200
    assert call(server, "POST", "/fault", b'{"name": "jam", "at": 2, "count": 3}')[0] == 200
    fill = b'{"action": "fill", "count": 5}'
    assert call(server, "POST", "/person", fill) == (200, {"ok": True, "result": ["fill"]})
    assert subject.asked == [("jam", 1, 1), ("jam", 2, 3), ("fill", 5)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/fault", b"{}"),
        ("/fault", b"[]"),
        ("/fault", b"not json"),
        ("/fault", b'{"name": "nonsense"}'),
        ("/fault", b'{"name": "jam", "at": "two"}'),
        ("/fault", b'{"name": "jam", "at": true}'),
        ("/person", b'{"action": 5}'),
        ("/elsewhere", b"{}"),
    ],
)
def test_bad_requests_are_answered_with_400(
    served: tuple[Subject, AdminServer], path: str, body: bytes
) -> None:
    status, value = call(served[1], "POST", path, body)
    assert status == 400
    assert isinstance(value, dict)
    assert isinstance(value["error"], str)
    assert served[0].asked == []


def test_an_unknown_page(served: tuple[Subject, AdminServer]) -> None:
    assert call(served[1], "GET", "/")[0] == 404


def test_a_clock_without_speed_advances_by_what_was_slept() -> None:
    clock = SimulatorClock(0)
    began = time.monotonic()
    clock.sleep(3600)
    clock.sleep(-1)
    assert clock.now() == 3600
    assert time.monotonic() - began < 1


def test_a_clock_with_speed_scales_wall_time() -> None:
    clock = SimulatorClock(100)
    clock.sleep(10)
    assert 10 <= clock.now() < 60
    with pytest.raises(ValueError, match="negative"):
        SimulatorClock(-1)
