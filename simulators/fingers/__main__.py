"""Draw synthetic fingers: `python -m simulators.fingers --finger 1 --touches 3 --out DIR`.

Writes one picture a touch, and `finger.iso`, a foreign vendor's template of one more touch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from simulators.fingers.finger import Finger, seed_of
from simulators.fingers.template import finger_record


def finger_named(text: str) -> int:
    """Return the seed that a text names: a number, or a person's finger as SEED/NUMBER/POSITION.

    Raises:
        ValueError: it is neither.
    """
    parts = [int(part) for part in text.split("/")]
    if len(parts) == 1:
        return parts[0]
    if len(parts) != 3:
        raise ValueError("a finger is a number, or people's seed/number of the person/position")
    return seed_of(*parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files that the arguments ask for. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m simulators.fingers", description=__doc__)
    parser.add_argument("--finger", type=finger_named, default=1, help="seed, or a person's: 1/0/2")
    parser.add_argument("--position", type=int, choices=range(1, 11), default=2, metavar="1-10")
    parser.add_argument("--touches", type=int, default=3)
    parser.add_argument("--difficulty", type=float, default=1.0, help="0.5 easy, 1 normal, 1.8 hard")
    parser.add_argument("--moisture", type=float, default=0.0, help="-1 very dry, 1 very wet")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    finger = Finger.from_seed(options.finger)
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(1, options.touches + 1):
        picture = Image.fromarray(finger.press(number, options.difficulty, options.moisture))
        picture.save(options.out / f"touch-{number}.png", dpi=(500, 500))
    record = finger_record([(options.position, finger)], 0, options.difficulty)
    (options.out / "finger.iso").write_bytes(record)
    sys.stdout.write(f"{finger.turns.pattern}, {options.touches} touches in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
