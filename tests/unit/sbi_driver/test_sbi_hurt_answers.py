"""A sample of the hunt in tests/fuzz, the same on the wire, and that the hunt would find a fault."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from drivers.sbi import calls
from drivers.sbi.capture import FingerCapture, read_answer
from drivers.sbi.connection import ask
from drivers.sbi.errors import SbiError
from simulators.sbi.image_record import pack
from tests.fakes.sbi import ScriptedService
from tests.fuzz import sbi_answers
from tests.fuzz.bytes_hurt import hurt
from tests.fuzz.sbi_answers import WAYS, Broken, Scene, Tally, hunt, try_one

HEADS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-%x\r\n%s\r\n0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nX: %d\r\n\r\n%s",
)


@pytest.fixture(scope="module")
def scene(sbi_keys: Path) -> Scene:
    return Scene(sbi_keys)


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    one = ScriptedService(b"")
    yield one
    one.close()


def test_a_sample_of_hurt_answers(scene: Scene) -> None:
    tally = list(hunt(scene, 600, seed=20261129))[-1]
    assert sum(tally.reasons.values()) == 600
    assert set(tally.ways) == set(WAYS)
    assert len(tally.reasons) > 12


def test_hurt_answers_on_the_wire(scene: Scene, service: ScriptedService) -> None:
    random, body = Random(3), scene.good()
    for number in range(120):
        whole = HEADS[number % len(HEADS)] % (len(body), body)
        service.answer = hurt(random, whole[:200]) + whole[200:] if number % 2 else hurt(random, whole)
        try:
            answer = ask(service.port, calls.CAPTURE, {}, 5.0)
        except SbiError as error:
            assert str(error).isprintable()
        else:
            try_one(scene, "bytes", answer, Tally())


def test_the_good_answer_is_taken(scene: Scene) -> None:
    tally = Tally()
    try_one(scene, "bytes", scene.good(), tally)
    assert tally.reasons == {"taken: the capture itself": 1}


def test_the_hunt_finds_a_traceback(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> tuple[FingerCapture, ...]:
        raise TypeError("a traceback")

    monkeypatch.setattr(sbi_answers, "read_answer", failing)
    with pytest.raises(Broken, match="TypeError"):
        list(hunt(scene, 1, seed=1))


def test_the_hunt_finds_a_capture_that_must_not_be(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    real = read_answer(scene.good(), scene.wish, scene.device, scene.policy, sbi_answers.NOW)
    monkeypatch.setattr(sbi_answers, "read_answer", lambda *_: real)
    changed = scene.with_record(pack(scene.record.but(scores=(1,))))
    with pytest.raises(Broken, match="must not be"):
        try_one(scene, "bytes", changed, Tally())
