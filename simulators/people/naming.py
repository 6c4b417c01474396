"""Synthetic names, and the few people whose names are hard to print."""

from random import Random
from typing import Final

from .parts import parts
from .vocabulary import FEMALE

# Number of the person (from 0) to a name that has broken a card somewhere (facts: domain.md section 2).
HARD_NAMES: Final = {
    2: "MUHAMMAD ABDURRAHMAN WIRYAWAN KUSUMANINGRAT SASTRODIPUTRA II",  # sixty letters
    5: "NI",  # two letters
    9: "ST. NUR'AINI",  # an older name, with a dot and an apostrophe
    16: "SUKARDI",  # one word
    20: "DR. IR. H. RADEN MAS SURYOPRANOTO",  # titles
    24: "WISNUWARDHANAKERTARAJASAJAYAWARDHANA",  # one long word
    35: "WIDYANINGRUM MAHARANI KUSUMAWARDHANI PRAMESWARI LARASATINING",  # sixty, wide letters
}


def synthetic_name(number: int, sex: str, foreign: bool, random: Random) -> str:
    """Return the name of person `number` (from 0): a hard one where one is due, else two or three parts."""
    if number in HARD_NAMES:
        return HARD_NAMES[number]
    names = parts().names
    if foreign:
        first = random.choice(names.foreign_female if sex == FEMALE else names.foreign_male)
        return f"{first} {random.choice(names.foreign_family)}"
    words = [random.choice(names.female if sex == FEMALE else names.male)]
    if random.random() < 0.5:
        words.append(random.choice(names.middle))
    words.append(random.choice(names.family))
    return " ".join(words)
