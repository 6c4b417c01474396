"""How the driver of an Evolis printer fails. What it raises is one of these, or a fault of the program."""

from drivers.transports.base import TransportError


class EvolisError(Exception):
    """Something that a driver of an Evolis printer could not do."""


class UnknownModelError(EvolisError):
    """The printer names itself as a model that the table does not hold.

    Attributes:
        name: What the printer said.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown printer model {name!r}")
        self.name = name


class RasterError(EvolisError):
    """A picture or a panel has not the size that the model prints."""


class InkLimitError(EvolisError):
    """A panel would carry more ink than the ribbon stands."""


class CapabilityError(EvolisError):
    """The model, or what is asked of the ribbon, does not allow the operation; nothing was sent."""


class NotSentError(EvolisError):
    """The command or job never left: nothing happened at the printer."""


class NoAnswerError(EvolisError):
    """A question that changes nothing was not answered."""


class MalformedReplyError(EvolisError):
    """An answer does not fit its question.

    Attributes:
        reply: The bytes received.
    """

    def __init__(self, expected: str, reply: bytes) -> None:
        super().__init__(f"expected {expected}, got {reply[:80]!r}")
        self.reply = reply


class PrinterRefusedError(EvolisError):
    """The printer answered a command with an error text.

    Attributes:
        text: The answer, such as `ERR FEEDER`.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"the printer answered {text!r}")
        self.text = text


class NoCardError(PrinterRefusedError):
    """The printer answered NO CARD."""


class OutcomeUnknownError(EvolisError):
    """A command or job that moves or prints a card may or may not have been carried out.

    Attributes:
        bytes_sent: Bytes that the link had taken.
    """

    def __init__(self, what: str, cause: Exception) -> None:
        super().__init__(f"{what}: outcome unknown ({cause})")
        self.bytes_sent = cause.bytes_sent if isinstance(cause, TransportError) else 0


class StillBusyError(EvolisError):
    """The printer was still busy at the deadline."""
