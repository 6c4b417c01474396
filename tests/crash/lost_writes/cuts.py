"""The disks that a power cut may leave behind: which of the pending changes have landed, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import TypeVar

from tests.crash.lost_writes.disk import Change, Disk, Truncate, Write

Item = TypeVar("Item")


@dataclass(frozen=True)
class Limits:
    """How many disks of each kind are built at one cut; where there are more, a seeded choice is.

    Attributes:
        prefixes: everything up to some change has landed.
        dropped: everything but one change has.
        torn: everything, but one write only up to a sector boundary.
        zeroed: everything, but one write made the file grow without its data.
        mixed: random subsets in a random order, torn anywhere.
    """

    prefixes: int
    dropped: int
    torn: int
    zeroed: int
    mixed: int


FEW = Limits(prefixes=1, dropped=1, torn=1, zeroed=0, mixed=1)
MORE = Limits(prefixes=4, dropped=4, torn=4, zeroed=2, mixed=4)
MANY = Limits(prefixes=24, dropped=24, torn=24, zeroed=4, mixed=24)
SOME = Limits(prefixes=0, dropped=0, torn=0, zeroed=0, mixed=1)
EXTREMES = Limits(prefixes=0, dropped=0, torn=0, zeroed=0, mixed=0)


@dataclass(frozen=True)
class Remains:
    """One disk after a cut: the kind of loss, and what has landed."""

    kind: str
    landed: tuple[Change, ...]


def remains(disk: Disk, limits: Limits, random: Random) -> Iterator[Remains]:
    """Choose what has landed: always nothing and everything, and of each other kind up to its limit."""
    pending = tuple(disk.pending)
    yield Remains("none", ())
    if not pending:
        return
    yield Remains("all", pending)
    for count in _some(range(1, len(pending)), limits.prefixes, random):
        yield Remains("prefix", pending[:count])
    if len(pending) > 1:
        for at in _some(range(len(pending)), limits.dropped, random):
            yield Remains("dropped", pending[:at] + pending[at + 1 :])
    for at, part in _some(_tears(pending), limits.torn, random):
        yield Remains("torn", (*pending[:at], part, *pending[at + 1 :]))
    for at, part in _some(_zeroes(pending, disk), limits.zeroed, random):
        yield Remains("zeroed", (*pending[:at], part, *pending[at + 1 :]))
    for _ in range(limits.mixed):
        yield Remains("mixed", tuple(_mixed(pending, disk, random)))


def _some(choices: Sequence[Item], most: int, random: Random) -> Sequence[Item]:
    return choices if len(choices) <= most else random.sample(choices, most)


def _tears(pending: Sequence[Change]) -> list[tuple[int, Write]]:
    return [
        (at, change.part(change.offset, boundary))
        for at, change in enumerate(pending)
        if isinstance(change, Write)
        for boundary in change.boundaries()
    ]


def _zeroes(pending: Sequence[Change], disk: Disk) -> list[tuple[int, Write]]:
    return [
        (at, change.zeroed())
        for at, change in enumerate(pending)
        if isinstance(change, Write) and change.offset >= disk.length(change.file)
    ]


def _mixed(pending: Sequence[Change], disk: Disk, random: Random) -> Iterator[Change]:
    """Names keep their order, as in every journalling file system; data come in any."""
    share = random.choice((0.2, 0.5, 0.8, 0.95))
    landed = [change for change in pending if random.random() < share]
    data = [change for change in landed if isinstance(change, Write | Truncate)]
    random.shuffle(data)
    yield from (change for change in landed if not isinstance(change, Write | Truncate))
    for change in data:
        if isinstance(change, Write):
            yield from _torn(change, disk, random)
        else:
            yield change


def _torn(change: Write, disk: Disk, random: Random) -> Iterator[Write]:
    """The sectors of one write: all of them most of the time, otherwise each by chance."""
    if random.random() < 0.6:
        yield change
        return
    edges = [change.offset, *change.boundaries(), change.end]
    for start, end in pairwise(edges):
        sector = change.part(start, end)
        if random.random() < 0.7:
            yield sector
        elif start >= disk.length(change.file) and random.random() < 0.5:
            yield sector.zeroed()
