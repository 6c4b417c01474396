"""What the journal says of handovers. No payload holds a picture, a minutia, a name or a NIK."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

HANDOVER: Final = "handover"  # the step: intent before the first touch, outcome after the decision
UNKNOWN_QUESTION: Final = "handover_unknown"
HANDED_OVER: Final = "card_handed_over"
OLD_CARD: Final = "old_card_withdrawn"
RECEIPT: Final = "handover_receipt_made"
LEAST_TOUCHES: Final = 3  # before two people may decide without the finger; migration 0016 says the same


class FingerSource(StrEnum):
    """What the finger is compared with."""

    CHIP = "chip"
    RECORD = "record"  # the chip's minutiae cannot be read


class Conclusion(StrEnum):
    """How a check has ended, or what a person says became of it."""

    MATCHED = "matched"
    EXCEPTION = "exception"  # two people have decided without the finger
    GIVEN = "given"  # a person says that the holder has the card: the check was cut off
    NO_MATCH = "no_match"
    NO_PICTURE = "no_picture"  # the scanner gave no picture that could be compared
    STOPPED = "stopped"  # a person or a fault of the scanner ended it
    CARD_HERE = "card_here"  # it was cut off, and the card lies in the office
    CUT_OFF = "cut_off"  # it was cut off, and nobody knows where the card is
    MISSING = "missing"  # it was cut off, and the card cannot be found


class ExceptionReason(StrEnum):
    """Why two people decide without the finger."""

    WORN = "worn_finger"
    WOUNDED = "wounded_finger"
    DISABLED = "disability"
    OTHER = "other_reason"


class OldCardKind(StrEnum):
    """What kind of old card was taken in."""

    KTP_EL = "ktp_el"
    OLD_KTP = "old_ktp"  # of paper, from before the chip
    OTHER_OFFICE = "other_office"


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True)


class BeforeHandover(_Payload):
    """A finger is about to be checked.

    Attributes:
        card: UID of the card on the counter, hexadecimal.
        source: what the finger is compared with. chip: why it is not the chip, else empty.
        fingers: positions by ISO/IEC 19794-2, in the order in which they are asked for.
        threshold: the score that counts as a match.
        by: who checks.
    """

    card: str
    source: FingerSource
    chip: str = ""
    fingers: tuple[int, ...] = ()
    threshold: float
    by: str


class Touch(_Payload):
    """One touch of the plate.

    Attributes:
        finger: the one that was asked for.
        score: None where there was nothing to compare; fault says why, by its code.
        quality: 0 to 100; measure: of which kind.
        torn: the picture never arrived whole: that is no failure of the finger.
    """

    finger: int
    score: float | None = None
    quality: int | None = None
    measure: str = ""
    fault: str = ""
    torn: bool = False


class HandoverReport(_Payload):
    """Evidence of an outcome: every touch, and what follows. `error`: the code of what ended it early."""

    conclusion: Conclusion
    touches: tuple[Touch, ...] = ()
    error: str = ""

    @property
    def counted(self) -> int:
        """How many touches there were; torn pictures are none."""
        return sum(not touch.torn for touch in self.touches)

    @property
    def best(self) -> Touch | None:
        """The touch with the highest score; None where nothing was compared."""
        scored = [touch for touch in self.touches if touch.score is not None]
        return max(scored, key=lambda touch: touch.score or 0.0) if scored else None


class CardHandedOver(_Payload):
    """A card has left the office.

    Attributes:
        card: UID. check: row of the intent.
        conclusion: MATCHED, EXCEPTION or GIVEN. source: what the finger was compared with.
        finger, score, quality: of the best touch; of an exception none.
        touches: how many there were.
        letter: number of the letter that was withdrawn by it. void_number: one that was begun.
        reason, second, failed_check: of an exception: why, who signed besides, and the check that failed.
    """

    card: str
    check: int
    conclusion: Conclusion
    source: FingerSource
    finger: int | None = None
    score: float | None = None
    quality: int | None = None
    touches: int = 0
    letter: str | None = None
    void_number: str | None = None
    reason: ExceptionReason | None = None
    second: str | None = None
    failed_check: int | None = None
    note: str = ""


class OldCardWithdrawn(_Payload):
    """An old card of the holder was taken in."""

    kind: OldCardKind


class ReceiptMade(_Payload):
    """A receipt, which names the holder, was made. `handover`: row of the handover. `way`: file or paper."""

    handover: int
    way: str
