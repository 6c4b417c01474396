"""Priority classes: who gets a card first when there are more people than blanks.

Source: Kemendagri 2020, as quoted in the domain sheet: first-time holders, victims of disasters, holders of a
substitute letter, changed data, lost or damaged cards.
"""

from station.language import marked

PRIORITY_CLASSES: dict[str, tuple[int, str]] = {
    "first_time": (1, marked("first card")),
    "disaster": (2, marked("victims of a disaster")),
    "letter_holder": (3, marked("holders of a substitute letter")),
    "data_change": (4, marked("changed data")),
    "lost_or_damaged": (5, marked("lost or damaged card")),
}


def priority_of(name: str) -> int:
    """The number of a class; 1 is first."""
    return PRIORITY_CLASSES[name][0]
