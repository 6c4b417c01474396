"""Answers: what is accepted, what the printer's refusals become, and that garbage is always a typed error."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.evolis import replies
from drivers.evolis.commands import InsertionTray
from drivers.evolis.errors import EvolisError, MalformedReplyError, NoCardError, PrinterRefusedError
from drivers.evolis.ribbons import find_ribbon

PARSERS: list[Callable[[bytes], object]] = [
    replies.parse_text,
    replies.parse_ok,
    replies.parse_value,
    replies.parse_count,
    replies.parse_voltage,
    replies.parse_error_mode,
    replies.parse_card_presence,
    lambda reply: replies.parse_letter(InsertionTray, reply),
]


def test_values() -> None:
    replies.parse_ok(b"OK")
    assert replies.parse_value(b"Primacy 2") == "Primacy 2"
    assert replies.parse_count(b"0012") == 12
    assert replies.parse_voltage(b"3.27") == 3.27
    assert replies.parse_voltage(b"212") == 212
    assert replies.parse_letter(InsertionTray, b"F") is InsertionTray.FEEDER


@pytest.mark.parametrize(
    ("reply", "mode"), [(b"0", 0), (b"2;0", 2), (b"0,0", 0), (b"16 0", 16), (b"38", 38), (b"0; 0", 0)]
)
def test_error_mode(reply: bytes, mode: int) -> None:
    assert replies.parse_error_mode(reply) == mode


@pytest.mark.parametrize("reply", [b"OK", b"6", b"2;0;0", b"x", b"-1", b"2;"])
def test_an_unlisted_error_mode_is_not_believed(reply: bytes) -> None:
    with pytest.raises(MalformedReplyError):
        replies.parse_error_mode(reply)


@pytest.mark.parametrize(
    ("reported", "name"),
    [
        ("0", "YMCKO"),
        ("ymcko", "YMCKO"),
        ("YMCKOK", "YMCKOK"),
        ("100", "K black"),
        ("K", "K black"),
        ("91", None),
    ],
)
def test_a_ribbon_is_known_by_number_name_or_word(reported: str, name: str | None) -> None:
    found = find_ribbon(reported)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(("reply", "inside"), [(b"OK", True), (b"NO CARD", False), (b"ERR CARD", True)])
def test_card_presence(reply: bytes, inside: bool) -> None:
    assert replies.parse_card_presence(reply) is inside


def test_a_cleaning_that_is_due_says_nothing_about_the_card() -> None:
    with pytest.raises(PrinterRefusedError, match="NEED CLEANING"):
        replies.parse_card_presence(b"ERR NEED CLEANING")


@pytest.mark.parametrize("parse", PARSERS[1:6])
def test_refusals_are_typed(parse: Callable[[bytes], object]) -> None:
    with pytest.raises(PrinterRefusedError) as refused:
        parse(b"ERR FEEDER")
    assert refused.value.text == "ERR FEEDER"
    with pytest.raises(NoCardError):
        parse(b"NO CARD")


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("reply", [b"", b" ", b"\xffOK", b"OK\x1b", b"K\r\nO", b"1" * 300])
def test_empty_and_dirty_answers_are_malformed(parse: Callable[[bytes], object], reply: bytes) -> None:
    with pytest.raises(MalformedReplyError):
        parse(reply)


@pytest.mark.parametrize("parse", [*PARSERS[1:2], *PARSERS[3:]])
@pytest.mark.parametrize("reply", [b"O", b"E", b"K", b"NO CAR", b"ER"])
def test_cut_answers_are_malformed(parse: Callable[[bytes], object], reply: bytes) -> None:
    with pytest.raises(MalformedReplyError):
        parse(reply)


@given(st.sampled_from(PARSERS), st.binary(max_size=300))
def test_garbage_is_a_typed_error(parse: Callable[[bytes], object], garbage: bytes) -> None:
    try:
        parse(garbage)
    except EvolisError:
        return


@given(st.text(alphabet=st.sampled_from("OKERR NOCAD0123456789;,. "), max_size=12))
def test_ok_is_only_ok(text: str) -> None:
    try:
        replies.parse_ok(text.encode())
    except EvolisError:
        assert text.strip(" ") != "OK"
    else:
        assert text.strip(" ") == "OK"
