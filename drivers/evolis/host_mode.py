"""The error mode in which the host, not the printer, decides what happens after a fault."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.evolis.commands import READ_ERROR_MODE, SUPERVISED, ErrorMode, set_error_mode
from drivers.evolis.conversation import Conversation
from drivers.evolis.errors import EvolisError, NotSentError
from drivers.evolis.replies import parse_error_mode, parse_ok
from drivers.transports.base import TransportError, deadline_after

_log = logging.getLogger(__name__)


class HostMode:
    """The frame around every operation: read the mode, `Pem;2`, the operation, the old mode again.

    With mode 0 a printer that meets a fault stays busy and blocks the host's writes, and may try the card
    again (facts evolis.md, Error mode).
    """

    def __init__(self, conversation: Conversation, reply_time: float) -> None:
        self._conversation = conversation
        self._reply_time = reply_time
        self._to_restore: ErrorMode | None = None

    @contextmanager
    def around(self, what: str) -> Iterator[None]:
        """Hold the host's error mode within the block.

        Raises:
            NotSentError: The mode could not be set; the block was not entered.
        """
        self.enter(what)
        try:
            yield
        finally:
            self.leave()

    def enter(self, what: str) -> None:
        """Remember the printer's error mode and set the host's.

        Raises:
            NotSentError: The mode could not be set, or the vendor's suite holds the printer.
        """
        if not self._conversation.has_replies:
            raise NotSentError(f"{what}: the transport gives no answers")
        try:
            current = parse_error_mode(self._conversation.ask(READ_ERROR_MODE, self._deadline()))
            if current == SUPERVISED:
                raise NotSentError(f"{what}: the vendor's suite supervises the printer")
            if self._to_restore is None:  # else an earlier restore failed, and `current` is the host's mode
                self._to_restore = ErrorMode(current)
            self._set(ErrorMode.HOST_WITH_COVER)
        except NotSentError:
            raise
        except (TransportError, EvolisError) as error:
            self.leave()
            raise NotSentError(f"{what}: the error mode cannot be set: {error}") from error

    def leave(self) -> None:
        """Set the old mode again.

        A failure to do so raises nothing, because the operation's outcome weighs more: it is logged, and the
        next operation restores the mode.
        """
        if self._to_restore is None:
            return
        try:
            self._set(self._to_restore)
        except (TransportError, EvolisError) as error:
            _log.warning("the printer keeps the host's error mode until the next operation: %s", error)
        else:
            self._to_restore = None

    def _set(self, mode: ErrorMode) -> None:
        parse_ok(self._conversation.ask(set_error_mode(mode), self._deadline()))

    def _deadline(self) -> float:
        return deadline_after(self._reply_time)
