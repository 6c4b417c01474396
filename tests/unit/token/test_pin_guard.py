"""A wrong PIN is never tried twice: the rules, without a token."""

import json
from pathlib import Path

import pytest

from drivers.token import PinAlreadyRefused, PinLastTry, PinLocked, TokenError
from drivers.token.pin_guard import PinFlags, PinGuard

CALM = PinFlags()


def guard_in(folder: Path, identity: bytes = b"token 1") -> PinGuard:
    return PinGuard(folder, "station", identity)


def test_a_refused_pin_is_not_tried_again_by_the_next_process(tmp_path: Path) -> None:
    with guard_in(tmp_path).attempt() as guard:
        guard.begin(CALM, "0000")
        guard.refuse("0000")
    with pytest.raises(PinAlreadyRefused) as caught, guard_in(tmp_path).attempt() as guard:
        guard.begin(CALM, "0000")
    assert caught.value.marker == str(guard_in(tmp_path).marker)


def test_another_pin_may_be_tried_after_a_refused_one(tmp_path: Path) -> None:
    guard = guard_in(tmp_path)
    guard.refuse("0000")
    guard.begin(PinFlags(count_low=True), "1234")
    guard.accept()
    guard.begin(CALM, "0000")


def test_another_token_is_not_concerned(tmp_path: Path) -> None:
    guard_in(tmp_path).refuse("0000")
    guard_in(tmp_path, b"token 2").begin(CALM, "0000")


def test_a_process_that_died_in_the_try_is_judged_by_the_flag_of_the_token(tmp_path: Path) -> None:
    guard_in(tmp_path).begin(CALM, "0000")
    with pytest.raises(PinAlreadyRefused):
        guard_in(tmp_path).begin(PinFlags(count_low=True), "0000")
    guard_in(tmp_path).begin(CALM, "0000")


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        (PinFlags(final_try=True), PinLastTry),
        (PinFlags(locked=True), PinLocked),
        (PinFlags(unset=True), PinLocked),
    ],
)
def test_no_try_where_it_could_do_harm(tmp_path: Path, flags: PinFlags, error: type[TokenError]) -> None:
    with pytest.raises(error):
        guard_in(tmp_path).begin(flags, "1234")
    assert not guard_in(tmp_path).marker.exists()


def test_the_marker_holds_no_pin_and_is_for_its_owner_only(tmp_path: Path) -> None:
    guard = guard_in(tmp_path)
    guard.refuse("73914682")
    assert "73914682" not in guard.marker.read_text()
    assert guard.marker.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"salt": "zz", "digest": "", "state": ""})])
def test_a_marker_that_cannot_be_read_means_no_try(tmp_path: Path, text: str) -> None:
    guard = guard_in(tmp_path)
    guard.marker.write_text(text)
    with pytest.raises(TokenError):
        guard.begin(CALM, "1234")
