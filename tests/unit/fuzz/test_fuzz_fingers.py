"""The hunt of hurt records and images of fingers in a small version; and that it would find a fault."""

import pytest

from station.errors import InputFault
from tests.fuzz import fingers
from tests.fuzz.fingers import Broken, hunt, main


def test_hurt_fingers_end_in_a_code_and_never_match(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutations", "400", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    for end in ("FINGERS_UNREADABLE", "FINGER_IMAGE_UNREADABLE", "record can be, no match"):
        assert f"ended in {end}" in said


def test_a_traceback_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes) -> None:
        raise IndexError

    monkeypatch.setattr(fingers, "read_record", careless)
    with pytest.raises(Broken, match="seed 3, mutation 2: IndexError"):
        list(hunt(10, 3))


def test_a_match_of_strangers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingers, "match_score", lambda live, reference: 99.0)
    with pytest.raises(Broken, match="strangers match"):
        list(hunt(200, 3))


def test_a_code_that_nobody_explains_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def unexplained(data: bytes) -> None:
        fault = InputFault("FINGERS_UNREADABLE", problem="x")
        fault.code = "MADE_UP"
        raise fault

    monkeypatch.setattr(fingers, "read_record", unexplained)
    with pytest.raises(Broken, match="unknown code MADE_UP"):
        list(hunt(10, 3))
