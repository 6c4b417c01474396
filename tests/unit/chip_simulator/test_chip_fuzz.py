"""Whatever arrives, the card answers with a status word, and what it says is what it keeps."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.chip.card import Card
from simulators.chip.store import load_state
from tests.unit.chip_simulator.chip_maker import CREATE, CREATE_DF, FILES, create_ef, created, make_card
from tests.unit.chip_simulator.scp03_host import Host

INS = [0xA4, 0xB0, 0xD6, 0xE0, 0x44, 0xE6, 0xCA, 0x50, 0x82, 0x84, 0x20]


@contextmanager
def fresh() -> Iterator[tuple[Path, Card]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chip"
        yield path, make_card(path)


def headers() -> st.SearchStrategy[bytes]:
    cla = st.sampled_from([0x00, 0x80, 0x84, 0xFF]) | st.integers(0, 255)
    ins = st.sampled_from(INS) | st.integers(0, 255)
    parameter = st.sampled_from([0x00, 0x04, 0x0C, 0x30, 0x33]) | st.integers(0, 255)
    return st.tuples(cla, ins, parameter, parameter).map(bytes)


def commands() -> st.SearchStrategy[bytes]:
    body = st.binary(max_size=40)
    counted = body.map(lambda data: bytes([len(data)]) + data)
    named = st.sampled_from([0x3F00, 0x7F0A, *FILES]).map(lambda fid: b"\x02" + fid.to_bytes(2, "big"))
    tail = st.sampled_from([b"", b"\x00", b"\x10"])
    return st.binary(max_size=6) | st.builds(
        lambda *parts: b"".join(parts), headers(), body | counted | named, tail
    )


@settings(max_examples=150)
@given(st.lists(commands(), min_size=1, max_size=12), st.booleans())
def test_any_bytes_get_a_status_word(apdus: list[bytes], personalised: bool) -> None:
    with fresh() as (path, card):
        if personalised:
            created(card, 0x6FF0, 0x6FF1)
        for apdu in apdus:
            answer = card.exchange(apdu)
            assert 2 <= len(answer) <= 258
            assert answer[-2] >> 4 in (0x6, 0x9)
        assert load_state(path) == card.state


def secured_commands() -> st.SearchStrategy[tuple[int, int, bytes, int | None]]:
    template = st.sampled_from([CREATE_DF, *(create_ef(fid, *row) for fid, row in FILES.items())])
    data = st.binary(max_size=239) | template | st.sampled_from([b"\x7f\x0a", b"\x6f\xf1", b"\x3f\x00"])
    offset = st.sampled_from([0, 4, 12]) | st.integers(0, 0xFFFF)
    return st.tuples(st.sampled_from(INS), offset, data, st.sampled_from([None, 8, 223, 256]))


@settings(max_examples=100)
@given(st.lists(secured_commands(), min_size=1, max_size=12))
def test_any_command_under_the_channel_keeps_the_channel_sound(
    rows: list[tuple[int, int, bytes, int | None]],
) -> None:
    with fresh() as (path, card):
        host = created(card, 0x6FF1)
        for ins, offset, data, le in rows:
            if ins == 0x82:  # would be an authentication, not a command under the channel
                continue
            host.secured(ins, offset, data, le)  # checks the R-MAC of each answer
            assert host.status != 0x6988
        assert load_state(path) == card.state
        assert card.state.free >= 0


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=200), st.binary(min_size=1, max_size=200), st.integers(0, 600))
def test_what_was_written_is_what_is_read(first: bytes, second: bytes, offset: int) -> None:
    with fresh() as (path, card):
        host = created(card, 0x6FF1)
        host.secured(0xA4, 0x000C, b"\x6f\xf1")
        host.secured(0xD6, offset, first)
        host.secured(0xD6, offset, second)
        expected = (second + first[len(second) :])[: max(len(first), len(second))]
        assert host.secured(0xB0, offset, le=len(expected)) == expected
        card.power_off()
        again = Card(path)
        assert again.state == card.state


def test_a_host_with_the_wrong_batch_key_never_gets_in() -> None:
    with fresh() as (_, card):
        host = Host(card, bytes(16))
        host.open()
        host.secured(CREATE, data=CREATE_DF)
        assert host.status == 0x6982
