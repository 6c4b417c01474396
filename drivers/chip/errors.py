"""What can go wrong with a chip.

Every error has `outcome_unknown`: true when the chip may have done what was asked although nobody knows it.
Then the card is identified again and read back before anything is repeated.
"""


class ChipError(Exception):
    """A chip, or what is to go on it, is not as it must be."""

    outcome_unknown = False


class ContentError(ChipError, ValueError):
    """Content for a file, or read from one, breaks its coding.

    Attributes:
        coding: name of the coding.
        reason: what is wrong, without the content.
    """

    def __init__(self, coding: str, reason: str) -> None:
        super().__init__(f"{coding}: {reason}")
        self.coding = coding
        self.reason = reason


class ContentTooLong(ContentError):
    """Content does not fit its file; nothing was sent to the chip.

    Attributes:
        length, limit: bytes.
    """

    def __init__(self, coding: str, length: int, limit: int) -> None:
        super().__init__(coding, f"{length} bytes, the file holds {limit}")
        self.length = length
        self.limit = limit


class ForeignCard(ChipError):
    """The card is neither a blank of this profile nor one written with it."""


class UidMismatch(ChipError):
    """The chip's diversification data names another UID than the reader does.

    Attributes:
        expected_uid, actual_uid: 8 bytes each.
    """

    def __init__(self, expected_uid: bytes, actual_uid: bytes) -> None:
        super().__init__(f"the reader says {expected_uid.hex()}, the chip says {actual_uid.hex()}")
        self.expected_uid = expected_uid
        self.actual_uid = actual_uid


class WrongLifeCycle(ChipError):
    """The application on the chip is in a state that does not allow what was asked; nothing was done.

    Attributes:
        wanted, actual: names of the states.
    """

    def __init__(self, wanted: str, actual: str) -> None:
        super().__init__(f"the application is {actual}, it must be {wanted}")
        self.wanted = wanted
        self.actual = actual


class LayoutMismatch(ChipError):
    """A file exists with other properties than the profile gives it.

    Attributes:
        fid: file identifier.
    """

    def __init__(self, fid: int, reason: str) -> None:
        super().__init__(f"file {fid:04X}: {reason}")
        self.fid = fid


class ProfileForbids(ChipError):
    """The profile is for reading only."""


class KeyMismatch(ChipError):
    """The chip does not know the keys of this batch: its cryptogram is wrong.

    The host found it out before it answered, so no try was counted on the chip.
    """


class AuthenticationRefused(ChipError):
    """The chip refused our cryptogram although its own was right; 10 of these block it for ever."""


class ChipBlocked(ChipError):
    """The chip has seen too many wrong cryptograms and opens no channel any more."""


class ChannelClosed(ChipError):
    """The secure channel is no longer open; a fresh one must be opened. Nothing was sent."""


class SecureMessagingError(ChipError):
    """An answer under the secure channel is not authentic, so nobody knows what the chip did."""

    outcome_unknown = True


class FuseOutcomeUnknown(ChipError):
    """No trustworthy answer came to ACTIVATE or TERMINATE: only the life cycle on the chip tells.

    Attributes:
        fuse: name of the command.
    """

    outcome_unknown = True

    def __init__(self, fuse: str) -> None:
        super().__init__(f"{fuse} was sent and its outcome is unknown")
        self.fuse = fuse


class FuseNotBlown(ChipError):
    """The chip said yes to ACTIVATE or TERMINATE, but its life cycle is another.

    Attributes:
        fuse: name of the command.
        actual: name of the state that was read.
    """

    def __init__(self, fuse: str, actual: str) -> None:
        super().__init__(f"after {fuse} the application is {actual}")
        self.fuse = fuse
        self.actual = actual
