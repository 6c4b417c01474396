"""The ten fingers: their names in SBI and their position codes in ISO/IEC 19794-4 (facts: sbi.md 4)."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

from drivers.sbi.errors import Reason, SettingUnusable


class Finger(StrEnum):
    """A finger by its bioSubType; the spelling is exact."""

    RIGHT_THUMB = "Right Thumb"
    RIGHT_INDEX = "Right IndexFinger"
    RIGHT_MIDDLE = "Right MiddleFinger"
    RIGHT_RING = "Right RingFinger"
    RIGHT_LITTLE = "Right LittleFinger"
    LEFT_THUMB = "Left Thumb"
    LEFT_INDEX = "Left IndexFinger"
    LEFT_MIDDLE = "Left MiddleFinger"
    LEFT_RING = "Left RingFinger"
    LEFT_LITTLE = "Left LittleFinger"

    @property
    def position(self) -> int:
        """Its finger position code, 1 to 10."""
        return _ORDER.index(self) + 1


_ORDER: Final = tuple(Finger)
SINGLE: Final = "0"  # deviceSubId of a plate for one finger
_GROUPS: Final = {  # deviceSubId of a plate for several -> what lies on it
    "1": (Finger.LEFT_INDEX, Finger.LEFT_MIDDLE, Finger.LEFT_RING, Finger.LEFT_LITTLE),
    "2": (Finger.RIGHT_INDEX, Finger.RIGHT_MIDDLE, Finger.RIGHT_RING, Finger.RIGHT_LITTLE),
    "3": (Finger.LEFT_THUMB, Finger.RIGHT_THUMB),
}


def finger_at(position: int) -> Finger:
    """The finger with a position code.

    Raises:
        SettingUnusable: WISH_IMPOSSIBLE, the code is not of 1 to 10.
    """
    if not 1 <= position <= len(_ORDER):
        raise SettingUnusable(Reason.WISH_IMPOSSIBLE, f"there is no finger {position}")
    return _ORDER[position - 1]


def plate_for(fingers: Sequence[Finger], sub_ids: Collection[str]) -> tuple[str, tuple[Finger, ...]]:
    """Choose the deviceSubId for a capture, and the exceptions that make the count right.

    On a plate for several, `count` and the exceptions together are the whole group; a plate for one has no
    such rule (MockMDS; whether a real device accepts bioSubType on 0 is unverified).

    Raises:
        SettingUnusable: WISH_IMPOSSIBLE, no plate of this scanner takes these fingers at once.
    """
    if len(fingers) == 1 and (SINGLE in sub_ids or not sub_ids):
        return SINGLE, ()
    for sub_id, group in _GROUPS.items():
        if sub_id in sub_ids and _are_of(fingers, group):
            return sub_id, tuple(finger for finger in group if finger not in fingers)
    raise SettingUnusable(Reason.WISH_IMPOSSIBLE, "this scanner has no plate for these fingers at once")


def _are_of(fingers: Sequence[Finger], group: Sequence[Finger]) -> bool:
    return 0 < len(fingers) == len(set(fingers)) and set(fingers) <= set(group)
