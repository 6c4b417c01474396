"""Short command APDUs, status words, answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.chip.apdu import Command
from drivers.pcsc import Response, StatusWordError, expect, matches
from drivers.pcsc.status import MEANINGS, meaning_of

OCTETS = st.integers(0, 0xFF)


@pytest.mark.parametrize(
    ("command", "encoded"),
    [
        (Command("case 1", 0x00, 0x44), "00440000"),
        (Command("case 2", 0x00, 0xB0, 0x01, 0x02, le=0x35), "00B0010235"),
        (Command("case 2, 256", 0x00, 0xB0, le=256), "00B0000000"),
        (Command("case 3", 0x00, 0xA4, 0x00, 0x0C, b"\x7f\x0a"), "00A4000C027F0A"),
        (Command("case 4", 0x80, 0x50, 0x30, 0x00, bytes(8), 256), "8050300008" + "00" * 9),
    ],
)
def test_the_four_cases(command: Command, encoded: str) -> None:
    assert command.to_bytes() == bytes.fromhex(encoded)


@given(OCTETS, OCTETS, OCTETS, OCTETS, st.binary(max_size=255), st.none() | st.integers(1, 256))
def test_length_fields_say_what_is_there(
    cla: int, ins: int, p1: int, p2: int, data: bytes, le: int | None
) -> None:
    encoded = Command("any", cla, ins, p1, p2, data, le).to_bytes()
    assert encoded[:4] == bytes((cla, ins, p1, p2))
    body = encoded[4:]
    if data:
        assert body[0] == len(data)
        assert body[1 : 1 + len(data)] == data
        body = body[1 + len(data) :]
    assert body == (b"" if le is None else bytes((le % 256,)))


@pytest.mark.parametrize(
    "arguments",
    [
        {"cla": 0x100, "ins": 0},
        {"cla": 0, "ins": -1},
        {"cla": 0, "ins": 0, "data": bytes(256)},
        {"cla": 0, "ins": 0, "le": 0},
        {"cla": 0, "ins": 0, "le": 257},
    ],
)
def test_what_does_not_fit_a_short_apdu(arguments: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Command("wrong", **arguments)  # type: ignore[arg-type]


def test_data_does_not_show_in_a_trace() -> None:
    assert "secret" not in repr(Command("UPDATE", 0, 0xD6, data=b"secret"))
    assert "secret" not in repr(Response(b"secret", 0x9000))


@given(st.binary(min_size=2, max_size=300))
def test_an_answer_is_split_and_joined(answer: bytes) -> None:
    assert Response.parse(answer).to_bytes() == answer


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_without_status_word(answer: bytes) -> None:
    with pytest.raises(ValueError):
        Response.parse(answer)


@pytest.mark.parametrize(
    ("mask", "sw", "fits"),
    [
        ("9000", 0x9000, True),
        ("9000", 0x9001, False),
        ("61xx", 0x6112, True),
        ("61xx", 0x6212, False),
        ("63Cx", 0x63C2, True),
        ("63Cx", 0x6302, False),
    ],
)
def test_masks(mask: str, sw: int, fits: bool) -> None:
    assert matches(mask, sw) is fits


@pytest.mark.parametrize("mask", ["", "900", "90000", "9g00", "63CX", "63cx"])
def test_faulty_masks(mask: str) -> None:
    with pytest.raises(ValueError):
        matches(mask, 0x9000)


def test_every_meaning_can_be_reached() -> None:
    for mask, text in MEANINGS:
        assert meaning_of(int(mask.replace("x", "4"), 16)) == text
    assert meaning_of(0x1234) == "unknown status word"


def test_an_unexpected_status_word_says_what_it_means() -> None:
    with pytest.raises(StatusWordError) as caught:
        expect("CREATE FILE", Response(b"", 0x6A84), "9000", "61xx")
    error = caught.value
    assert (error.actual, error.expected, error.meaning) == (0x6A84, ("9000", "61xx"), "not enough memory")
    assert str(error) == "CREATE FILE: 6A84 (not enough memory), expected 9000 or 61xx"
    assert not error.outcome_unknown


@pytest.mark.parametrize("sw", [0x6581, 0x6500, 0x6F00])
def test_a_failure_half_way_leaves_the_outcome_unknown(sw: int) -> None:
    with pytest.raises(StatusWordError) as caught:
        expect("UPDATE BINARY", Response(b"", sw), "9000")
    assert caught.value.outcome_unknown
