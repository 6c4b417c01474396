"""Hurt records and hurt images of fingers: an error with a code, or what can be; never a match of strangers.

`python -m tests.fuzz.fingers --mutations 40000 --seed 1`
"""

import argparse
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

import numpy as np
from PIL import Image

from station.error_catalogue import CATALOGUE
from station.errors import InputFault
from station.fingers.compact import CardLimits, read_compact, write_compact
from station.fingers.extraction.own import OwnExtractor
from station.fingers.image import read_finger_image
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.minutiae import Finger, Minutiae
from station.fingers.record import FingerRecord, minutiae_of, read_record, view_of, write_record
from tests.fuzz.bytes_hurt import hurt

SIDE: Final = 360
COUNT: Final = 40
EVERY_IMAGE: Final = 20  # one mutation in so many is of an image: extraction takes a thousand times as long
REPORT: Final = 5000
HEAD: Final = 30  # bytes of a record where its lengths and sizes are


class Broken(AssertionError):
    """A mutation that was not stood; the text says which."""


@dataclass
class Tally:
    """How many mutations ended in what."""

    ends: Counter[str] = field(default_factory=Counter)


def hunt(mutations: int, seed: int) -> Iterator[Tally]:
    """Try so many mutations; yields the tally from time to time and at the end.

    Raises:
        Broken: with the seed and the number of the mutation.
    """
    random, tally = Random(seed), Tally()
    stranger, victim = _minutiae(random), _minutiae(random)
    record, picture = _record(victim), _picture(random)
    card = write_compact(victim, SIDE, SIDE, CardLimits(60))
    for number in range(mutations):
        try:
            if number % EVERY_IMAGE == 0:
                tally.ends[_try_image(random, picture, victim)] += 1
            elif number % EVERY_IMAGE == 1:
                tally.ends[_try_card(random, card, stranger)] += 1
            else:
                tally.ends[_try_record(random, record, stranger)] += 1
        except Exception as error:
            raise Broken(f"seed {seed}, mutation {number}: {type(error).__name__}: {error}") from error
        if (number + 1) % REPORT == 0:
            yield tally
    yield tally


def _minutiae(random: Random) -> Minutiae:
    x, y = ([random.uniform(20, SIDE - 20) for _ in range(COUNT)] for _ in range(2))
    turns = [random.uniform(-3.14, 3.14) for _ in range(COUNT)]
    return Minutiae.of(x, y, turns, [random.randint(1, 90) for _ in x], [random.randint(1, 2) for _ in x])


def _record(minutiae: Minutiae) -> bytes:
    views = (view_of(minutiae, Finger.RIGHT_INDEX, 60), view_of(minutiae, Finger.LEFT_INDEX, 60))
    return write_record(FingerRecord(0, SIDE, SIDE, 197, 197, views))


def _picture(random: Random) -> bytes:
    """Ridges that bend round a point: enough of a finger to be looked at."""
    down, across = np.mgrid[0:200, 0:180].astype(np.float64)
    waves = np.sin(np.hypot(across - 90, down - 120) * 0.7 + 0.4 * np.sin(across / 23))
    target = io.BytesIO()
    rough = np.random.default_rng(random.getrandbits(32)).normal(0, 8, waves.shape)
    Image.fromarray(np.clip(128 + 90 * waves + rough, 0, 255).astype(np.uint8)).save(target, "PNG")
    return target.getvalue()


def _hurt_record(random: Random, data: bytes) -> bytes:
    """Hurt it anywhere, or change single bytes of its head, and often mend the length to get farther."""
    if random.random() < 0.5:
        changed = bytearray(data)
        for _ in range(random.randint(1, 4)):
            changed[random.randrange(random.choice((HEAD, len(data))))] = random.randrange(256)
    else:
        changed = bytearray(hurt(random, data))
    if random.random() < 0.7 and len(changed) >= 12:
        changed[8:12] = len(changed).to_bytes(4, "big")
    return bytes(changed)


def _try_record(random: Random, record: bytes, stranger: Minutiae) -> str:
    data = _hurt_record(random, record)
    try:
        read = read_record(data)
    except InputFault as fault:
        return _code(fault)
    for view in read.views:
        _no_match(minutiae_of(read, view), stranger)
    return "record can be, no match"


def _try_card(random: Random, card: bytes, stranger: Minutiae) -> str:
    try:
        _no_match(read_compact(hurt(random, card)), stranger)
    except InputFault as fault:
        return _code(fault)
    return "card can be, no match"


def _try_image(random: Random, picture: bytes, victim: Minutiae) -> str:
    try:
        image = read_finger_image(hurt(random, picture), random.choice((500, 500, 400, 1000)))
        minutiae = OwnExtractor().extract(image).minutiae
    except InputFault as fault:
        return _code(fault)
    _no_match(minutiae, victim)
    return "image with minutiae, no match" if len(minutiae) else "image without minutiae"


def _no_match(one: Minutiae, other: Minutiae) -> None:
    score = match_score(other, one)
    if not 0 <= score < THRESHOLD:
        raise Broken(f"strangers match: {score}")


def _code(fault: InputFault) -> str:
    if fault.code not in CATALOGUE:
        raise Broken(f"unknown code {fault.code}")
    return fault.code


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutations; exit status 0 when each was stood, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.fingers", description=__doc__)
    parser.add_argument("--mutations", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tally = Tally()
    try:
        for tally in hunt(options.mutations, options.seed):
            sys.stdout.write(f"{sum(tally.ends.values())} mutations\n")
            sys.stdout.flush()
    except Broken as broken:
        sys.stdout.write(f"{broken}\n")
        return 1
    for name, count in tally.ends.most_common():
        sys.stdout.write(f"ended in {name}: {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
