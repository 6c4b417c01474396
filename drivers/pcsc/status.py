"""Status words as masks, and what they mean."""

from typing import Final

from drivers.pcsc.connection import Response

# ISO/IEC 7816-4 clause 5.6 (status words); first match counts, so the exact ones stand first.
MEANINGS: Final[tuple[tuple[str, str], ...]] = (
    ("9000", "done"),
    ("61xx", "done, more data can be fetched"),
    ("6282", "end of file before the length asked for"),
    ("6285", "file is in termination state"),
    ("6300", "authentication failed"),
    ("63Cx", "verification failed, x tries left"),
    ("62xx", "warning, memory unchanged"),
    ("63xx", "warning, memory changed"),
    ("6581", "memory failure"),
    ("64xx", "execution error, memory unchanged"),
    ("65xx", "execution error, memory changed"),
    ("6700", "wrong length"),
    ("6881", "logical channel not supported"),
    ("6882", "secure messaging not supported"),
    ("6982", "security condition not satisfied"),
    ("6983", "authentication blocked"),
    ("6985", "conditions of use not satisfied"),
    ("6986", "no current file"),
    ("6987", "secure messaging data missing"),
    ("6988", "secure messaging data incorrect"),
    ("6A80", "faulty data field"),
    ("6A82", "file not found"),
    ("6A84", "not enough memory"),
    ("6A86", "wrong P1 or P2"),
    ("6A88", "referenced data not found"),
    ("6A89", "file exists"),
    ("6B00", "offset outside the file"),
    ("6Cxx", "wrong Le, xx bytes are there"),
    ("6D00", "instruction not known"),
    ("6E00", "class not known"),
    ("6F00", "no precise diagnosis"),
)


def matches(mask: str, sw: int) -> bool:
    """Tell whether a status word fits a mask such as `9000`, `61xx` or `63Cx`.

    Raises:
        ValueError: the mask is not four characters of hexadecimal digits and `x`.
    """
    if len(mask) != 4 or any(char not in "0123456789ABCDEFx" for char in mask):
        raise ValueError(f"{mask!r} is no mask of a status word")
    return all(wanted in ("x", actual) for wanted, actual in zip(mask, f"{sw:04X}", strict=True))


def meaning_of(sw: int) -> str:
    """Return the text of ISO 7816-4 for a status word."""
    return next((text for mask, text in MEANINGS if matches(mask, sw)), "unknown status word")


class StatusWordError(Exception):
    """A card answered with another status word than the command allows.

    Attributes:
        command: name of the command.
        expected: masks that were allowed.
        actual: status word that came.
        meaning: its text in ISO 7816-4.
        outcome_unknown: the card may have changed its memory (65xx, 6F00: it failed half-way).
    """

    def __init__(self, command: str, expected: tuple[str, ...], actual: int) -> None:
        self.command = command
        self.expected = expected
        self.actual = actual
        self.meaning = meaning_of(actual)
        self.outcome_unknown = matches("65xx", actual) or matches("6Fxx", actual)
        super().__init__(f"{command}: {actual:04X} ({self.meaning}), expected {' or '.join(expected)}")


def expect(command: str, response: Response, *masks: str) -> Response:
    """Return the response if its status word fits one of the masks.

    Raises:
        StatusWordError: it fits none.
    """
    if not any(matches(mask, response.sw) for mask in masks):
        raise StatusWordError(command, masks, response.sw)
    return response
