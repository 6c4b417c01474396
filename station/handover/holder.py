"""Whose card lies on the counter, and the minutiae that the holder's finger is compared with."""

from dataclasses import dataclass, field
from typing import Final

from station.errors import InputFault, Refused
from station.fingers.minutiae import Finger, Minutiae
from station.fingers.record import FingerRecord, minutiae_of, read_record
from station.handover.rows import FingerSource
from station.handover.store import ReadyCard
from station.ports import ChipHolder, ChipState
from station.records.record import Record

NOT_ASKED: Final = "not_asked"  # somebody chose the record: no reader stands on the counter
FOREIGN: Final = "foreign"  # the station's keys open nothing on it


@dataclass(frozen=True)
class Holder:
    """What the finger is compared with; it lives in memory for one check.

    Attributes:
        references: minutiae by finger, in the order in which the fingers are asked for.
        chip: why it is the record and not the chip; empty when it is the chip.
        card: UID that the reader told, hexadecimal; None when no card was read.
    """

    source: FingerSource
    references: dict[Finger, Minutiae] = field(repr=False)
    chip: str = ""
    card: str | None = None


def require_own_chip(ready: ReadyCard, chip: ChipHolder, person: str | None) -> None:
    """See that the card on the reader is the one that the books mean, and that it says the same person.

    Args:
        ready: the card that is to leave.
        chip: what lies on the reader.
        person: HMAC of the NIK on the chip, where it can be read.

    Raises:
        Refused: HANDOVER_WRONG_CARD, HANDOVER_CHIP_OF_ANOTHER, HANDOVER_CHIP_NOT_LOCKED,
            HANDOVER_CHIP_UNSIGNED.
    """
    if chip.card != ready.card:
        raise Refused("HANDOVER_WRONG_CARD", job=ready.job)
    if chip.state is ChipState.FOREIGN:
        return
    if chip.state is not ChipState.ACTIVATED:
        raise Refused("HANDOVER_CHIP_NOT_LOCKED", job=ready.job, state=chip.state.value)
    if person != ready.person or chip.issue != ready.issue:
        raise Refused("HANDOVER_CHIP_OF_ANOTHER", job=ready.job)
    if chip.signature_valid is not True:
        raise Refused("HANDOVER_CHIP_UNSIGNED", job=ready.job)


def holder_of_chip(chip: ChipHolder) -> Holder | None:
    """The minutiae on a chip; None where it shows none.

    Raises:
        InputFault: FINGERS_UNREADABLE.
    """
    if chip.state is ChipState.FOREIGN or not chip.fingers:
        return None
    references: dict[Finger, Minutiae] = {}
    for content in chip.fingers:
        references |= _references(read_record(content))
    return Holder(FingerSource.CHIP, references, card=chip.card)


def holder_of_record(record: Record, ready: ReadyCard, why: str, card: str | None) -> Holder:
    """The minutiae of the stored record.

    Raises:
        InputFault: FINGERS_UNREADABLE; HANDOVER_RECORD_CHANGED when the card was made of another one.
    """
    if record.sha256 != ready.record_sha256:
        raise InputFault("HANDOVER_RECORD_CHANGED", job=ready.job)
    references = _references(read_record(record.fingers))
    return Holder(FingerSource.RECORD, references, chip=why, card=card)


def _references(record: FingerRecord) -> dict[Finger, Minutiae]:
    return {Finger(view.finger): minutiae_of(record, view) for view in record.views}
