"""The command stream: whatever the chunks, the same commands come out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.evolis.framing import Framing
from simulators.evolis.models import Model, model_named
from simulators.evolis.parser import Command, CommandParser, Garbage, Item

PRIMACY = model_named("Primacy 2")
# a small raster, so that a panel can be cut at every byte
TINY = Model("Tiny", "Db", 256, 4, 8, (300, 300), PRIMACY.config, 225)


def parse(stream: bytes, model: Model = TINY, cuts: tuple[int, ...] = ()) -> list[Item]:
    parser = CommandParser(model, Framing())
    edges = [0, *sorted(cut for cut in cuts if cut <= len(stream)), len(stream)]
    items: list[Item] = []
    for begin, end in pairwise(edges):
        items += parser.feed(stream[begin:end])
    return items


TRAP = b"\r\x1bSe\r\x00<A>\x1b\r" + bytes(32 - 11)  # panel data that looks like commands, CR and tags
JOB = (
    b"<HEADER>\x1bPr;0;t\r</HEADER>\x00\x1bSs\r\x00<BINARY Size=99>\x1bDb;y;256;"
    + TRAP
    + b"\r</BINARY>\x1bDbc;k;2;5;\x00\xff\x01\r\x1b\r\x00\x00\x1bSe;1\r\x00"
)
EXPECTED = [
    Command("Pr", ("0", "t")),
    Command("Ss"),
    Command("Db", ("y", "256"), TRAP),
    Command("Dbc", ("k", "2", "5"), b"\x00\xff\x01\r\x1b"),
    Command("Se", ("1",)),
]


def test_tags_padding_and_data_are_told_apart() -> None:
    assert parse(JOB) == EXPECTED


@pytest.mark.parametrize("cut", range(len(JOB) + 1))
def test_a_job_may_be_split_at_every_byte(cut: int) -> None:
    assert parse(JOB, cuts=(cut,)) == EXPECTED


def test_a_job_may_come_byte_by_byte() -> None:
    assert parse(JOB, cuts=tuple(range(len(JOB)))) == EXPECTED


@settings(max_examples=200)
@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5))
def test_noise_never_breaks_the_parser_nor_depends_on_the_chunks(noise: bytes, cuts: list[int]) -> None:
    whole = parse(noise)
    assert [type(item) for item in parse(noise, cuts=tuple(cuts))] == [type(item) for item in whole]


@given(st.binary(min_size=32, max_size=32))
def test_panel_data_comes_through_unchanged(data: bytes) -> None:
    assert parse(b"\x1bDb;m;256;" + data + b"\r") == [Command("Db", ("m", "256"), data)]


def test_the_length_follows_from_levels_and_raster() -> None:
    for levels, length in ((2, 82_296), (32, 411_480), (64, 493_776), (128, 576_072), (256, 658_368)):
        stream = b"\x1bDb;y;%d;" % levels + bytes(length) + b"\r"
        assert [type(item) for item in parse(stream, PRIMACY)] == [Command]


@pytest.mark.parametrize("length", [31, 33])
def test_data_of_another_length_is_garbage(length: int) -> None:
    items = parse(b"\x1bDb;y;256;" + bytes(length) + b"\r" + b"\x1bRok\r" * 20)
    assert any(isinstance(item, Garbage) for item in items)
    assert items[-1] == Command("Rok")


def test_escape_may_be_left_out_right_after_a_return_only() -> None:
    assert parse(b"\x1bSs\rSr\rSe\r") == [Command("Ss"), Command("Sr"), Command("Se")]
    assert [type(item) for item in parse(b"\x1bSs\r\x00Sr\r")] == [Command, Garbage]


def test_the_empty_command_is_a_command() -> None:
    assert parse(b"\x1b\r\x00") == [Command("")]


def test_a_run_of_garbage_is_answered_once() -> None:
    items = parse(b"GET / HTTP/1.1" + bytes(range(32, 60)) * 30 + b"\x1bRok\r")
    assert [type(item) for item in items] == [Garbage, Command]


def test_the_framing_can_be_changed_and_restored() -> None:
    stream = b"\x1bPsc;33;44;46\r\x00!Pem,2.!Psc.\x1bSs\r"
    assert parse(stream) == [
        Command("Psc", ("33", "44", "46")),
        Command("Pem", ("2",)),
        Command("Psc"),
        Command("Ss"),
    ]
