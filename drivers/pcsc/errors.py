"""What can go wrong between the station and a card in a reader.

Every error says by `outcome_unknown` whether a command may have been carried out by the card although no
answer came: then nothing may be repeated before the card was identified again and read back
(facts: pcsc.md, error semantics).
"""


class ReaderError(Exception):
    """A reader, its daemon or its card did not do what was asked.

    Attributes:
        reader: name of the reader as configured.
        reason: one English sentence for the log.
        outcome_unknown: a command was on its way and may have been carried out.
    """

    def __init__(self, reader: str, reason: str, *, outcome_unknown: bool = False) -> None:
        super().__init__(f"{reader}: {reason}")
        self.reader = reader
        self.reason = reason
        self.outcome_unknown = outcome_unknown


class ReaderNotFound(ReaderError):
    """The daemon knows no reader of this name, or it was unplugged."""


class NoCard(ReaderError):
    """No card stands in the reader, or none came in time."""


class CardRemoved(ReaderError):
    """The card left the reader."""


class CardWasReset(ReaderError):
    """Another program reset the card: its secure channel and selection are gone."""


class CardMute(ReaderError):
    """A card is there but gives no answer to reset, or is without power."""


class DaemonGone(ReaderError):
    """The card daemon does not run, or it was started again and no longer knows this connection."""


class ReaderBusy(ReaderError):
    """Another program holds the card, so it cannot be had exclusively."""


class ReaderHung(ReaderError):
    """A blocking call did not come back in time; the reader is unusable until it does."""


class OutcomeUnknown(ReaderError):
    """The answer was empty or one byte long, so nobody knows what the card did.

    Attributes:
        answer_length: bytes that came, 0 or 1.
    """

    def __init__(self, reader: str, answer_length: int) -> None:
        super().__init__(
            reader, f"answer of {answer_length} bytes holds no status word", outcome_unknown=True
        )
        self.answer_length = answer_length


class CardChanged(ReaderError):
    """After a reconnect another card stands in the reader.

    Attributes:
        expected_uid: UID of the card that was worked on.
        actual_uid: UID of the card that is there, empty when it tells none.
    """

    def __init__(self, reader: str, expected_uid: bytes, actual_uid: bytes) -> None:
        super().__init__(
            reader, f"card {expected_uid.hex()} was expected, {actual_uid.hex() or 'no UID'} is there"
        )
        self.expected_uid = expected_uid
        self.actual_uid = actual_uid


class FrameRefused(ReaderError):
    """A command is too short or too long for the reader's transport; nothing was sent.

    Attributes:
        length: bytes of the command.
    """

    def __init__(self, reader: str, length: int) -> None:
        super().__init__(reader, f"a command of {length} bytes cannot be sent")
        self.length = length


class NotConnected(ReaderError):
    """No card is connected, or the connection was lost and `reconnect` was not called; nothing was sent."""


class ReaderFailure(ReaderError):
    """A PC/SC return code that no rule of ours covers.

    Attributes:
        code: the return code, 32 bits.
    """

    def __init__(self, reader: str, code: int, *, outcome_unknown: bool = False) -> None:
        super().__init__(reader, f"PC/SC return code 0x{code:08X}", outcome_unknown=outcome_unknown)
        self.code = code
