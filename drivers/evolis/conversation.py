"""Questions and answers with one printer, and the care that no answer is taken for another's."""

from collections.abc import Iterable
from contextlib import suppress

from drivers.evolis.commands import EMPTY, NUL, READ_FIRMWARE, READ_MODEL, READ_SERIAL
from drivers.evolis.errors import MalformedReplyError
from drivers.evolis.status import parse_status
from drivers.transports.base import ClosingQuestion, PrinterTransport, TransportError, deadline_after


class Conversation:
    """The exchange of commands and answers over a transport.

    On USB all answers come through one pipe, and nothing in an answer names its command. After a command
    that was not answered, the next one is therefore preceded by a marker: a question with an answer of its
    own, which is not itself outstanding. The printer answers in order, so what comes before the marker's
    answer is stale and dropped. When every marker is outstanding, or a job was cut in its data, the
    transport's reset flushes the printer's buffers.
    """

    def __init__(self, transport: PrinterTransport, reply_time: float) -> None:
        self._transport = transport
        self._reply_time = reply_time
        self._outstanding: set[bytes] = set()
        self._cut_job = False
        self._known: dict[bytes, bytes] = {}

    @property
    def has_replies(self) -> bool:
        """Whether the printer can answer at all."""
        return self._transport.has_replies

    def ask(self, command: bytes, deadline: float) -> bytes:
        """Send a command and return its answer without the NUL.

        Raises:
            TransportError: There was none, or it cannot be told from a stale one.
        """
        self._prepare(deadline)
        try:
            reply = self._transport.exchange(command + NUL, deadline)
        except TransportError as error:
            self._note_unanswered(command, error)
            raise
        if command in (READ_SERIAL, READ_MODEL, READ_FIRMWARE):
            self._known[command] = reply
        return reply

    def ask_status(self, deadline: float) -> bytes:
        """Return the status text without its NUL.

        Raises:
            TransportError: There was none, or it cannot be told from a stale one.
        """
        self._prepare(deadline)
        try:
            return self._transport.read_status(EMPTY + NUL, deadline)
        except TransportError as error:
            self._note_unanswered(EMPTY, error)
            raise

    def send_job(self, pieces: Iterable[bytes], deadline: float) -> int:
        """Send a job and return the number of its bytes; the firmware version must have been asked before.

        Raises:
            TransportError: Not all of it was taken, or the closing question was not answered.
        """
        self._prepare(deadline)
        closing = ClosingQuestion(READ_FIRMWARE + NUL, self._known.get(READ_FIRMWARE, b""))
        try:
            return self._transport.send_job(pieces, closing, deadline)
        except TransportError as error:
            self._cut_job = error.bytes_sent > 0
            raise

    def close(self) -> None:
        """Release the transport."""
        self._transport.close()

    def _note_unanswered(self, command: bytes, error: TransportError) -> None:
        if self._transport.keeps_stale_replies and error.bytes_sent > 0:
            self._outstanding.add(command)

    def _prepare(self, deadline: float) -> None:
        if self._cut_job:
            self._reset(deadline)  # the printer may take the next command for the rest of a panel
        if self._outstanding:
            self._resynchronise(deadline)

    def _resynchronise(self, deadline: float) -> None:
        for marker in (READ_SERIAL, READ_MODEL, READ_FIRMWARE):
            if marker in self._known and marker not in self._outstanding:
                self._send_marker(marker, self._known[marker], deadline)
                return
        if EMPTY not in self._outstanding:
            self._send_marker(EMPTY, None, deadline)
            return
        self._reset(deadline)

    def _send_marker(self, marker: bytes, answer: bytes | None, deadline: float) -> None:
        def is_answer(reply: bytes) -> bool:
            return reply == answer if answer is not None else _is_status(reply)

        try:
            self._transport.resynchronise(
                marker + NUL, is_answer, min(deadline, deadline_after(self._reply_time))
            )
        except TransportError as error:
            self._note_unanswered(marker, error)
            raise
        self._outstanding.clear()

    def _reset(self, deadline: float) -> None:
        self._transport.reset(deadline)
        self._cut_job = False
        self._outstanding.clear()


def _is_status(reply: bytes) -> bool:
    with suppress(MalformedReplyError):
        parse_status(reply)
        return True
    return False
