"""Stale answers: none is ever taken for an answer to a later command."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from drivers.evolis.commands import EMPTY, NUL, READ_MODEL, READ_SERIAL, command
from drivers.evolis.conversation import Conversation
from drivers.transports import (
    ClosingQuestion,
    TransportError,
    TransportTimeoutError,
    deadline_after,
    open_printer_transport,
)
from tests.unit.evolis_driver.usb_devices import PluggedPrinter, plugged_printer

STATUS = b"02000000 40000000 00000000 00000000:0"
MOVE = command("Si")
SENSOR = command("Rse", "p")


@pytest.fixture
def printer() -> Iterator[PluggedPrinter]:
    with plugged_printer() as plugged:
        answers = plugged.interface.answers
        answers[READ_SERIAL + NUL] = b"S1\x00"
        answers[READ_MODEL + NUL] = b"Primacy 2\x00"
        answers[EMPTY + NUL] = STATUS + b"\x00"
        answers[SENSOR + NUL] = b"212\x00"
        yield plugged


@pytest.fixture
def conversation(printer: PluggedPrinter) -> Iterator[Conversation]:
    opened = Conversation(open_printer_transport(printer.url), 0.3)
    yield opened
    opened.close()


def time_out(conversation: Conversation, question: bytes) -> None:
    with pytest.raises(TransportTimeoutError):
        conversation.ask(question, deadline_after(0.05))


def late(printer: PluggedPrinter, question: bytes, before: bytes) -> None:
    """Make the printer answer an earlier command late: directly before the answer to a later one."""
    answers = printer.interface.answers
    answers[question + NUL] = before + answers[question + NUL]


@pytest.mark.parametrize("learned", [False, True])
def test_a_late_ok_is_not_the_answer_to_the_next_question(
    printer: PluggedPrinter, conversation: Conversation, learned: bool
) -> None:
    if learned:
        assert conversation.ask(READ_SERIAL, deadline_after(5)) == b"S1"
    marker = READ_SERIAL if learned else EMPTY
    time_out(conversation, MOVE)
    late(printer, marker, b"OK\x00")
    assert conversation.ask(SENSOR, deadline_after(5)) == b"212"
    assert printer.interface.received.endswith(MOVE + NUL + marker + NUL + SENSOR + NUL)
    assert conversation.ask(SENSOR, deadline_after(5)) == b"212"
    assert printer.interface.received.endswith(SENSOR + NUL + SENSOR + NUL)  # no marker when all is well


def test_a_late_status_is_not_taken_for_the_markers_answer(
    printer: PluggedPrinter, conversation: Conversation
) -> None:
    conversation.ask(READ_SERIAL, deadline_after(5))
    del printer.interface.answers[EMPTY + NUL]
    with pytest.raises(TransportTimeoutError):
        conversation.ask_status(deadline_after(0.05))
    late(printer, READ_SERIAL, b"02000000 00000000 00000000 01000000:0\x00")
    printer.interface.answers[EMPTY + NUL] = STATUS + b"\x00"
    assert conversation.ask_status(deadline_after(5)) == STATUS


def test_a_marker_that_is_itself_outstanding_is_not_used_again(
    printer: PluggedPrinter, conversation: Conversation
) -> None:
    conversation.ask(READ_SERIAL, deadline_after(5))
    conversation.ask(READ_MODEL, deadline_after(5))
    serial = printer.interface.answers.pop(READ_SERIAL + NUL)
    time_out(conversation, MOVE)
    with pytest.raises(TransportTimeoutError):
        conversation.ask(SENSOR, deadline_after(5))  # the serial number, as marker, stays unanswered too
    late(printer, READ_MODEL, b"OK\x00" + serial)
    assert conversation.ask(SENSOR, deadline_after(5)) == b"212"


def test_when_every_marker_is_outstanding_the_buffers_are_flushed(
    printer: PluggedPrinter, conversation: Conversation
) -> None:
    del printer.interface.answers[EMPTY + NUL]
    time_out(conversation, MOVE)
    with pytest.raises(TransportTimeoutError):
        conversation.ask(SENSOR, deadline_after(5))
    assert conversation.ask(SENSOR, deadline_after(5)) == b"212"
    assert (0x21, 2) in printer.interface.requests


def test_after_a_cut_job_the_next_command_is_not_swallowed_by_a_panel(
    printer: PluggedPrinter, conversation: Conversation
) -> None:
    conversation.ask(SENSOR, deadline_after(5))
    printer.interface.port_status = 0x10
    with pytest.raises(TransportError):
        conversation.send_job([bytes(64 * 1024)], deadline_after(5))
    assert (0x21, 2) not in printer.interface.requests
    assert conversation.ask(SENSOR, deadline_after(5)) == b"212"
    assert printer.interface.requests.count((0x21, 2)) == 1


class OneConnectionEach:
    """A transport of the TCP kind that never answers."""

    has_replies = True
    keeps_stale_replies = False

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def exchange(self, command: bytes, deadline: float) -> bytes:
        self.asked.append(command)
        raise TransportTimeoutError("no answer", len(command))

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        raise TransportTimeoutError("no answer")

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        raise TransportTimeoutError("no answer")

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        raise AssertionError("there is nothing to resynchronise")

    def reset(self, deadline: float) -> None:
        raise AssertionError("there is nothing to reset")

    def close(self) -> None:
        return


def test_where_answers_die_with_their_connection_no_marker_is_sent() -> None:
    transport = OneConnectionEach()
    conversation = Conversation(transport, 0.3)
    time_out(conversation, MOVE)
    time_out(conversation, SENSOR)
    assert transport.asked == [MOVE + NUL, SENSOR + NUL]
