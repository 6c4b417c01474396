"""The printer's answers, bytes to values, strictly (facts evolis.md, Framing and replies).

Each function takes one answer without its NUL and raises `MalformedReplyError` for anything that is not an
answer to its question, `PrinterRefusedError` for ERR and `NoCardError` for NO CARD.
"""

import re
from enum import Enum
from typing import TypeVar

from drivers.evolis.commands import SUPERVISED, ErrorMode
from drivers.evolis.errors import MalformedReplyError, NoCardError, PrinterRefusedError

_Tray = TypeVar("_Tray", bound=Enum)
_LONGEST_VALUE = 256
_COUNT = re.compile(r"[0-9]{1,10}")
_VOLTAGE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_SEPARATORS = re.compile(r"[;, ]+")  # between the two error modes; assumed


def parse_text(reply: bytes) -> str:
    """Return an answer's text, whatever it says, without blanks at its ends."""
    text = reply.decode("latin-1").strip(" \r\n")
    if not text or not text.isascii() or not text.isprintable() or len(text) > _LONGEST_VALUE:
        raise MalformedReplyError("printable text", reply)
    return text


def parse_ok(reply: bytes) -> None:
    """Accept OK and nothing else."""
    if _checked(reply) != "OK":
        raise MalformedReplyError("OK", reply)


def parse_value(reply: bytes) -> str:
    """Return a value: a model, serial or version, which is never the bare word OK."""
    text = _checked(reply)
    if text == "OK":
        raise MalformedReplyError("a value", reply)
    return text


def parse_count(reply: bytes) -> int:
    """Return a count in decimal digits (plain value assumed for `Rrt`)."""
    text = _checked(reply)
    if not _COUNT.fullmatch(text):
        raise MalformedReplyError("a count", reply)
    return int(text)


def parse_voltage(reply: bytes) -> float:
    """Return a sensor's reading, in the printer's own unit (decimal number assumed)."""
    text = _checked(reply)
    if not _VOLTAGE.fullmatch(text):
        raise MalformedReplyError("a sensor's reading", reply)
    return float(text)


def parse_error_mode(reply: bytes) -> int:
    """Return the current error mode.

    The guide says that two values come back, the current and the saved one; `;`, `,` or a blank between them
    is assumed. Only listed modes and 38 (supervised) are accepted.
    """
    words = _SEPARATORS.split(_checked(reply))
    if len(words) > 2 or not all(_COUNT.fullmatch(word) for word in words):
        raise MalformedReplyError("one or two error modes", reply)
    current = int(words[0])
    if current != SUPERVISED and current not in set(ErrorMode):
        raise MalformedReplyError("a listed error mode", reply)
    return current


def parse_letter(kind: type[_Tray], reply: bytes) -> _Tray:
    """Return a tray by its letter (plain letter assumed)."""
    text = _checked(reply)
    for tray in kind:
        if tray.value == text:
            return tray
    raise MalformedReplyError("the letter of a tray", reply)


def parse_card_presence(reply: bytes) -> bool:
    """Return whether a card is inside, from the answer to `Rlr;p`.

    OK means that a card is there (assumed). ERR CARD counts as a card that is there, in the wrong place
    (assumed): taking a card for absent would be the costlier mistake.
    """
    try:
        parse_ok(reply)
    except NoCardError:
        return False
    except PrinterRefusedError as refusal:
        if refusal.text != "ERR CARD":
            raise
    return True


def _checked(reply: bytes) -> str:
    text = parse_text(reply)
    if text.startswith("NO CARD"):
        raise NoCardError(text)
    if text.startswith("ERR"):
        raise PrinterRefusedError(text)
    return text
