"""What scanner this is, and the vocabulary of SBI 0.9.5 (facts: sbi.md 1, 4)."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "0.9.5"
LOOPBACK = "127.0.0.1"
FIRST_PORT, LAST_PORT = 4501, 4600
FINGERS = (  # the place in this row, from 1, is the ISO position code
    "Right Thumb",
    "Right IndexFinger",
    "Right MiddleFinger",
    "Right RingFinger",
    "Right LittleFinger",
    "Left Thumb",
    "Left IndexFinger",
    "Left MiddleFinger",
    "Left RingFinger",
    "Left LittleFinger",
)
SLAPS = {  # deviceSubId -> the fingers on it, in the order in which MockMDS answers
    "1": ("Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger"),
    "2": ("Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger"),
    "3": ("Left Thumb", "Right Thumb"),
}
ENVIRONMENTS = ("Staging", "Developer", "Pre-Production", "Production")
STATUSES = ("Ready", "Busy", "Not Ready", "Not Registered")
SINGLE, SLAP = "Single", "Slap"
REGISTRATION, AUTHENTICATION = "Registration", "Auth"


@dataclass(frozen=True)
class Model:
    """One scanner, as its maker and its owner set it up.

    Attributes:
        serial: 12 characters or more.
        kind: SINGLE or SLAP.
        purpose: REGISTRATION or AUTHENTICATION.
        environment: one of ENVIRONMENTS.
        strict: numbers in requests must be strings, as MockMDS has it; else both are taken.
        mock_admin: the `/admin/…` calls of MockMDS are answered. Anybody on the machine may then use them.
        gives_up_on_low_score: 701 below the requested score (MockMDS); else the best picture (the text).
        speed: how much faster than the hardware a finger is taken.
    """

    serial: str = "000012345678"
    kind: str = SINGLE
    purpose: str = REGISTRATION
    environment: str = "Developer"
    strict: bool = False
    mock_admin: bool = False
    gives_up_on_low_score: bool = False
    speed: float = 1.0

    @property
    def device_id(self) -> str:
        """How requests name it."""
        return "4" if self.kind == SINGLE else "1"

    @property
    def sub_ids(self) -> tuple[str, ...]:
        """Its plates."""
        return ("0",) if self.kind == SINGLE else tuple(SLAPS)


def position_of(finger: str) -> int:
    """The ISO position code of a finger's name."""
    return FINGERS.index(finger) + 1
