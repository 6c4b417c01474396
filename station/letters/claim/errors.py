"""Why a text is not one of our codes."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a code."""

    FOREIGN = "foreign"  # not a letter's code at all
    ENCODING = "encoding"  # another encoding than the one that we write
    KEY_UNKNOWN = "key_unknown"
    KEY_NOT_VALID = "key_not_valid"  # the key was not to be used when the letter was issued
    SIGNATURE = "signature"


class ClaimRefused(Exception):
    """A code is not accepted. It holds no value of the code: those may be a person's.

    Attributes:
        flaw: what is wrong.
    """

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
