"""A file that takes a printer's bytes: for carrying a job to a printer by hand, and for looking at it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from drivers.transports.base import ClosingQuestion, NoReplyChannelError, TransportUnreachableError


class FileTransport:
    """A print file. Jobs are appended in order, so that no card ever overwrites another."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def has_replies(self) -> bool:
        """A file never answers."""
        return False

    @property
    def keeps_stale_replies(self) -> bool:
        """A file never answers."""
        return False

    def exchange(self, command: bytes, deadline: float) -> bytes:
        """Refuse: a file cannot answer.

        Raises:
            NoReplyChannelError: Always.
        """
        del command, deadline
        raise NoReplyChannelError("a print file gives no answers")

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        """Refuse: a file has no status.

        Raises:
            NoReplyChannelError: Always.
        """
        del empty_command, deadline
        raise NoReplyChannelError("a print file has no status")

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        """Append the job's bytes and return their number; the closing question is left out.

        Raises:
            TransportUnreachableError: The file cannot be written.
        """
        del closing, deadline
        try:
            with self._path.open("ab") as file:
                return sum(file.write(chunk) for chunk in chunks)
        except OSError as error:
            raise TransportUnreachableError(f"the print file cannot be written: {error.strerror}") from error

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        """Do nothing: a file never answers."""
        del question, is_answer, deadline

    def reset(self, deadline: float) -> None:
        """Do nothing: a file has no state."""
        del deadline

    def close(self) -> None:
        """Do nothing: the file is closed after each job."""
