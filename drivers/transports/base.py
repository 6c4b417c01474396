"""What a printer transport is, and how it fails.

A transport moves bytes between a driver and one printer and knows no command of it. Deadlines are absolute
readings of `time.monotonic()` in seconds (see `deadline_after`), so that one deadline covers a whole exchange
however many writes and reads it takes.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

CHUNK_SIZE = 16 * 1024
"""Largest single write, in bytes (facts evolis.md, Error mode: chunks of at most 16 KiB)."""


class TransportError(Exception):
    """A transport could not do what was asked.

    Attributes:
        bytes_sent: No more than this many bytes can have reached the printer: those that the link took, and
            those of a write whose end is not known. 0 means that no part of the command or job arrived.
    """

    def __init__(self, message: str, bytes_sent: int = 0) -> None:
        super().__init__(message)
        self.bytes_sent = bytes_sent


class TransportUrlError(TransportError):
    """A device URL that cannot be understood; the text says which part is wrong."""


class TransportUnreachableError(TransportError):
    """The device is absent, refuses the connection or is held by another program; nothing was sent."""


class TransportTimeoutError(TransportError):
    """The deadline passed while bytes were being sent or while an answer was awaited."""


class TransportBrokenError(TransportError):
    """The link ended or became unusable in the middle of an exchange."""


class PortFaultError(TransportError):
    """The printer's port status reported a fault between two chunks of a job.

    Attributes:
        port_status: The byte of GET_PORT_STATUS.
    """

    def __init__(self, message: str, bytes_sent: int, port_status: int) -> None:
        super().__init__(message, bytes_sent)
        self.port_status = port_status


class NoReplyChannelError(TransportError):
    """An answer was asked of a transport that can only write."""


@dataclass(frozen=True)
class ClosingQuestion:
    """A harmless question to send behind a job, and the answer that only it can have.

    Attributes:
        command: The question.
        answer: Its known answer without the NUL.
    """

    command: bytes
    answer: bytes


class PrinterTransport(Protocol):
    """A path for commands, answers and jobs to one printer. Not for use by several threads at once."""

    @property
    def has_replies(self) -> bool:
        """Whether the printer can answer over this path at all."""

    @property
    def keeps_stale_replies(self) -> bool:
        """Whether the answer to a command that timed out can arrive in a later exchange."""

    def exchange(self, command: bytes, deadline: float) -> bytes:
        """Send one command and return its answer without the closing NUL.

        Raises:
            TransportError: No complete answer was received.
        """

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        """Return the printer's status text without a closing NUL.

        Args:
            empty_command: What asks for the status on a path that has no status channel of its own.
            deadline: When to give up.

        Raises:
            TransportError: No complete answer was received.
        """

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        """Send a print job and return the number of bytes that the link took. Sent is not printed.

        Args:
            chunks: The job's bytes in order, in pieces of any size.
            closing: What shows that the printer has read the whole job; used where the path allows it.
            deadline: When to give up.

        Raises:
            TransportError: Not all of the job was taken, or its closing question was not answered.
        """

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        """Ask a question and drop every answer up to the first that can only be its own.

        Raises:
            TransportError: That answer did not arrive.
        """

    def reset(self, deadline: float) -> None:
        """Make the printer forget a half-received command or job and its unread answers.

        Raises:
            TransportError: The printer did not take the reset.
        """

    def close(self) -> None:
        """Release the link. Closing twice is harmless."""


def deadline_after(seconds: float) -> float:
    """Return the deadline that lies the given number of seconds ahead."""
    return time.monotonic() + seconds


def seconds_left(deadline: float, bytes_sent: int = 0) -> float:
    """Return the seconds until the deadline, always more than 0.

    Raises:
        TransportTimeoutError: The deadline has passed.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TransportTimeoutError("the deadline passed", bytes_sent)
    return left


def slices(chunks: Iterable[bytes], size: int = CHUNK_SIZE) -> Iterable[bytes]:
    """Yield the same bytes in pieces of at most the given size; pieces never span two chunks."""
    for chunk in chunks:
        view = memoryview(chunk)
        for start in range(0, len(view), size):
            yield bytes(view[start : start + size])
