"""Ways to hurt a run of bytes, whatever they mean."""

from collections.abc import Callable
from random import Random

Hurt = Callable[[Random, bytes], bytes]


def flip(random: Random, data: bytes) -> bytes:
    """Flip one to eight bits."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def flip_head(random: Random, data: bytes) -> bytes:
    """Flip a bit among the first 64 bytes: magics, lengths, kinds."""
    return flip(random, data[:64]) + data[64:]


def cut(random: Random, data: bytes) -> bytes:
    """Cut the end off."""
    return data[: random.randrange(len(data))] if data else data


def cut_a_little(random: Random, data: bytes) -> bytes:
    """Cut one to sixteen bytes off."""
    return data[: max(0, len(data) - random.randint(1, 16))]


def lengthen(random: Random, data: bytes) -> bytes:
    """Add bytes at the end."""
    return data + random.randbytes(random.randint(1, 40))


def insert(random: Random, data: bytes) -> bytes:
    """Put bytes in between."""
    at = random.randint(0, len(data))
    return data[:at] + random.randbytes(random.randint(1, 9)) + data[at:]


def remove(random: Random, data: bytes) -> bytes:
    """Take bytes out."""
    at = random.randint(0, len(data))
    return data[:at] + data[at + random.randint(1, 9) :]


def blank(random: Random, data: bytes) -> bytes:
    """Make a stretch zero, as a disk does that lost a block."""
    at = random.randint(0, len(data))
    length = min(random.choice((1, 16, 512, 4096)), len(data) - at)
    return data[:at] + bytes(length) + data[at + length :]


def swap(random: Random, data: bytes) -> bytes:
    """Let two stretches change places."""
    first, second = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
    third = random.randint(second, len(data))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def repeat(random: Random, data: bytes) -> bytes:
    """Let a stretch stand twice."""
    first, second = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
    return data[:second] + data[first:second] + data[second:]


def other(random: Random, data: bytes) -> bytes:
    """Something else altogether."""
    return random.randbytes(random.choice((0, 1, 7, 32, 33, 400)))


HURTS: tuple[Hurt, ...] = (
    flip,
    flip_head,
    cut,
    cut_a_little,
    lengthen,
    insert,
    remove,
    blank,
    swap,
    repeat,
    other,
)


def hurt(random: Random, data: bytes) -> bytes:
    """Hurt it in one of these ways."""
    return random.choice(HURTS)(random, data)
