"""What the sensor does with a command: an acknowledgement, and what comes behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.zhiantec.codes import Code


@dataclass(frozen=True)
class Answer:
    """An answer.

    Attributes:
        payload: of the acknowledgement.
        data: what is sent behind it in data packets.
        expects: takes the data that the host sends behind it.
        times: how often the acknowledgement is sent; 0 = never.
        then: done when all is sent: a new baud rate, a reset.
    """

    payload: bytes
    data: bytes | None = None
    expects: Callable[[bytes], None] | None = None
    times: int = 1
    then: Callable[[], None] | None = None


def coded(code: Code, rest: bytes = b"") -> Answer:
    """Return an acknowledgement with a code and what follows it."""
    return Answer(bytes([code]) + rest)


class Malformed(Exception):
    """The payload of a command has not the length that the command has."""


def numbers(payload: bytes, *widths: int) -> list[int]:
    """Return the big-endian numbers of a command's payload, without the command's own byte.

    Raises:
        Malformed: the payload is shorter or longer.
    """
    if len(payload) != 1 + sum(widths):
        raise Malformed
    values, start = [], 1
    for width in widths:
        values.append(int.from_bytes(payload[start : start + width], "big"))
        start += width
    return values
