"""A handover from a command: scanner and reader are ours, the rows go through whoever holds the station."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from station.cards.source import StationSource
from station.devices.inspection import CounterReader
from station.devices.keys import open_profile
from station.devices.scanner import open_scanner
from station.devices.scanner_window import read_window
from station.errors import InputFault, Refused
from station.handover.book import BeginHandover, EndHandover, SettleCutOff, require_here
from station.handover.comparing import OwnComparer
from station.handover.finding import card_with_uid
from station.handover.holder import NOT_ASKED, Holder, holder_of_chip, holder_of_record, require_own_chip
from station.handover.rows import BeforeHandover, Conclusion, HandoverReport, OldCardKind, Touch
from station.handover.store import Handover, ReadyCard
from station.handover.touching import FingerCheck, FingerComparer, TouchListener
from station.journal import Outcome
from station.office import Office
from station.ports import ChipHolder, ChipHolderReader, FingerScanner
from station.service.control import carry_out
from station.service.handover_operations import (
    CutOff,
    begin_handover,
    end_handover,
    settle_handover,
)
from station.service.lock import turn
from station.settings import ScannerSettings

TURN: Final = "handover.lock"  # beside the database


@dataclass(frozen=True)
class HandoverWish:
    """What is asked for.

    Attributes:
        job: whose card; None for the card that lies on the reader.
        by: member of staff.
        from_record: compare with the stored record though no chip was read.
        old_cards: what the holder has brought back.
    """

    job: int | None
    by: str
    from_record: bool = False
    old_cards: tuple[OldCardKind, ...] = ()


@dataclass(frozen=True)
class Counter:
    """The devices on the counter."""

    scanner: FingerScanner
    comparer: FingerComparer
    seconds: float


def scanner_settings(office: Office) -> ScannerSettings:
    """The settings of the scanner.

    Raises:
        InputFault: SCANNER_NOT_CONFIGURED.
    """
    if office.settings.scanner is None:
        raise InputFault("SCANNER_NOT_CONFIGURED")
    return office.settings.scanner


def counter_reader(office: Office) -> ChipHolderReader:
    """The chip reader on the counter, or that of the first lane."""
    settings = office.settings.scanner
    url = settings.reader if settings and settings.reader else office.settings.lanes[0].reader
    return CounterReader(url, open_profile(office.settings.profile), office.keys)


@contextmanager
def counter(office: Office) -> Iterator[Counter]:
    """Open the scanner, with the window of its plate if one was learned.

    Raises:
        InputFault: SCANNER_NOT_CONFIGURED, SENSOR_WINDOW_UNREADABLE.
        DeviceAbsent: SCANNER_ABSENT.
    """
    settings = scanner_settings(office)
    scanner = open_scanner(settings, office.clock)
    try:
        window = read_window(office.settings.scanner_folder, scanner.identify())
        yield Counter(scanner, OwnComparer(window), settings.seconds)
    finally:
        scanner.close()


def handover_turn(office: Office) -> AbstractContextManager[None]:
    """Hold the counter for this process.

    Raises:
        Refused: HANDOVER_BUSY.
    """
    return turn(office.settings.data / TURN, "HANDOVER_BUSY")


def hand_over(office: Office, wish: HandoverWish, listener: TouchListener) -> Handover:
    """Check a finger and, if it matches, hand the card over; return how it ended.

    An `UNKNOWN` outcome is that of an earlier check which was cut off: a person must answer first.

    Raises:
        Refused: HANDOVER_BUSY, HANDOVER_CARD_UNKNOWN, HANDOVER_CARD_NOT_READY, HANDOVER_DONE_ALREADY,
            HANDOVER_WRONG_CARD, HANDOVER_CHIP_OF_ANOTHER, HANDOVER_CHIP_NOT_LOCKED, HANDOVER_CHIP_UNSIGNED,
            STAFF_UNKNOWN, what reading a record raises.
        InputFault: SCANNER_NOT_CONFIGURED, FINGERS_UNREADABLE, RECORD_CHANGED.
        DeviceAbsent, DeviceFault, OutcomeUnknown, ChipFault: of reader and scanner, before the first touch.
    """
    with handover_turn(office):
        chip = None if wish.from_record else counter_reader(office).read_holder()
        job = _job_of(office, wish, chip)
        cut = SettleCutOff(job=job, card=chip.card if chip else None, by=wish.by)
        left = carry_out(office, "settle_handover", settle_handover, cut, CutOff).handover
        if left is not None and left.outcome is Outcome.UNKNOWN:
            return left
        with office.database.reading() as transaction:
            ready = require_here(transaction, job)
        holder = _holder(office, ready, chip)
        with counter(office) as devices:
            return _checked(office, ready, holder, devices, wish, listener)


def _job_of(office: Office, wish: HandoverWish, chip: ChipHolder | None) -> int:
    if wish.job is not None:
        return wish.job
    if chip is None:
        raise Refused("HANDOVER_NO_CARD")
    with office.database.reading() as transaction:
        return card_with_uid(transaction, chip.card).ready.job


def _holder(office: Office, ready: ReadyCard, chip: ChipHolder | None) -> Holder:
    """What the finger is compared with: the chip; or the record, where the chip shows no minutiae."""
    if chip is not None:
        person = office.keys.person_key(chip.nik) if chip.nik else None
        require_own_chip(ready, chip, person)
        found = holder_of_chip(chip)
        if found is not None:
            return found
    record = StationSource(office.holding).read(ready.record, ready.folder)
    why = chip.state.value if chip else NOT_ASKED
    return holder_of_record(record, ready, why, chip.card if chip else None)


def _checked(
    office: Office,
    ready: ReadyCard,
    holder: Holder,
    devices: Counter,
    wish: HandoverWish,
    listener: TouchListener,
) -> Handover:
    """Intent, touches, outcome."""
    before = BeforeHandover(
        card=ready.card,
        source=holder.source,
        chip=holder.chip,
        fingers=tuple(int(finger) for finger in holder.references),
        threshold=devices.comparer.threshold,
        by=wish.by,
    )
    begun = carry_out(
        office, "begin_handover", begin_handover, BeginHandover(job=ready.job, before=before), Handover
    )
    check = FingerCheck(devices.scanner, devices.comparer, devices.seconds, listener)
    touches: list[Touch] = []
    try:
        report = check.run(holder.references, touches)
    except KeyboardInterrupt:
        report = HandoverReport(conclusion=Conclusion.STOPPED, touches=tuple(touches))
    ended = EndHandover(check=begun.journal, report=report, old_cards=wish.old_cards)
    return carry_out(office, "end_handover", end_handover, ended, Handover)
