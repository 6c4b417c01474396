"""How many codes are read: as they are, and after mending."""

from dataclasses import dataclass
from typing import Final

from station.letters.reading.codes import read_codes
from station.letters.reading.picture import open_pictures
from templates.letters.layout import PaperName
from tests.scans.letters import print_letters
from tests.scans.phone import Hardness, scan

GOAL: Final = 0.99


@dataclass
class Count:
    """What became of the letters of one seed.

    Attributes:
        letters: how many were scanned.
        plain: of how many the code was read as it is.
        missed: numbers of the letters whose code was not read, or was not all that was read.
    """

    letters: int
    plain: int
    missed: list[int]

    @property
    def read(self) -> int:
        """How many codes were read."""
        return self.letters - len(self.missed)

    @property
    def is_enough(self) -> bool:
        """Whether it is what is asked for."""
        return self.read >= GOAL * self.letters

    def sentence(self) -> str:
        """Tell it."""
        missed = f"; not read: {', '.join(map(str, self.missed))}" if self.missed else ""
        share = 100 * self.read / self.letters
        return f"{self.read} of {self.letters} codes read ({share:.1f} %), {self.plain} unmended{missed}"


def count_read(seed: int, letters: int, hardness: Hardness, paper: PaperName = "a4") -> Count:
    """Print, photograph and read the letters of a seed."""
    count = Count(letters, 0, [])
    for number, letter in enumerate(print_letters(seed, letters, paper)):
        picture = next(open_pictures(scan(letter, seed, number, hardness).jpeg))
        if read_codes(picture, mend=False) == [letter.code]:
            count.plain += 1
        elif read_codes(picture) != [letter.code]:
            count.missed.append(number)
    return count
