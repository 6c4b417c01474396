"""The once-only steps that the printer does: load a blank, print and eject, reject."""

from pydantic import BaseModel, ConfigDict

from station.cards.once import Finding, PrinterReport
from station.journal import JournalRow, Outcome
from station.journal.store import Place
from station.lanes.tools import LaneTools, ask_printer, settle
from station.ports import CardPosition, PrinterReading
from templates.card.face import CardFace

OUT_OF_PATH = frozenset({CardPosition.NONE, CardPosition.EJECT})
NO_HOPPER = frozenset({"feeder_empty", "feeder_open"})
NO_RIBBON = frozenset({"ribbon_ended", "no_ribbon", "ribbon_unsupported", "remove_ribbon", "hopper_full"})
NO_REJECT_BOX = frozenset({"reject_box_full", "reject_box_cover_open"})


class BeforeMove(BaseModel):
    """Intent of a move: the printer as it was."""

    model_config = ConfigDict(frozen=True)

    reading: PrinterReading


class BeforePrint(BaseModel):
    """Intent of a print: the printer as it was, the panels that one face uses, the face's SHA-256."""

    model_config = ConfigDict(frozen=True)

    reading: PrinterReading
    panels_needed: int
    face_sha256: str


def _finding(outcome: Outcome, conclusion: str, reading: PrinterReading, faults: tuple[str, ...]) -> Finding:
    return Finding(outcome, PrinterReport(reading=reading, faults=faults, conclusion=conclusion), conclusion)


class LoadBlank:
    """Take a blank from the hopper to the chip station. The counter of inserted cards is the evidence."""

    name = "load"

    def __init__(self, tools: LaneTools, place: Place) -> None:
        self._tools, self._place = tools, place

    def before(self) -> BaseModel:
        """Wait for an idle printer with a card in the hopper and none in its path, and note its counters.

        A card that an earlier attempt has left would be moved in the place of a blank, or hold it back, and a
        blank that never moved would be booked as spoiled.
        """
        return BeforeMove(reading=settle(self._tools, self._place, NO_HOPPER, path_empty=True).reading)

    def act(self) -> None:
        """Feed."""
        self._tools.printer.feed_to_chip_station()

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """Compare the inserted-cards counter and the card's position with the intent's."""
        before = BeforeMove.model_validate_json(intent.payload).reading
        settled = settle(self._tools, self._place)
        now, seen = settled.reading, faults + settled.faults
        inserted = now.cards_inserted - before.cards_inserted
        if inserted == 1 and now.position is CardPosition.CHIP_STATION:
            return _finding(Outcome.DONE, "loaded", now, seen)
        if inserted == 0 and now.position is CardPosition.NONE:
            return _finding(Outcome.NOT_DONE, "not_loaded", now, seen)
        if now.position not in OUT_OF_PATH:
            return _finding(Outcome.UNKNOWN, "stuck_inside", now, seen)
        return _finding(Outcome.UNKNOWN, "left_the_path", now, seen)


class PrintAndEject:
    """Print the face and eject to the good tray. The counter of printed panels is the evidence.

    The counter of inserted cards says on which card: one that was fed meanwhile, by hand or by the printer,
    may carry the face, and what is inside may be that one.
    """

    name = "print"

    def __init__(self, tools: LaneTools, place: Place, face: CardFace, face_sha256: str) -> None:
        self._tools, self._place, self._face, self._face_sha256 = tools, place, face, face_sha256

    def before(self) -> BaseModel:
        """Wait for an idle printer with ribbon, and note its counters and the card's position.

        The position is read last: a person may have taken the card while the ribbon was asked for.
        """
        settle(self._tools, self._place, NO_RIBBON)
        supplies = ask_printer(self._tools, self._place, self._tools.printer.supplies)
        reading = settle(self._tools, self._place, NO_RIBBON).reading
        return BeforePrint(
            reading=reading,
            panels_needed=supplies.panels_per_face,
            face_sha256=self._face_sha256,
        )

    def act(self) -> None:
        """Send the job. Sent is not printed."""
        self._tools.printer.print_and_eject(self._face)

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """Compare the panels counter and the card's position with the intent's."""
        before = BeforePrint.model_validate_json(intent.payload)
        settled = settle(self._tools, self._place)
        now, seen = settled.reading, faults + settled.faults
        used = now.panels_printed - before.reading.panels_printed
        if now.cards_inserted != before.reading.cards_inserted:
            return _finding(Outcome.UNKNOWN, "left_the_path", now, seen)
        if now.position not in OUT_OF_PATH:
            if used == 0:
                return _finding(Outcome.NOT_DONE, "not_printed", now, seen)
            return _finding(Outcome.UNKNOWN, "incomplete_inside", now, seen)
        if used == before.panels_needed and not seen:
            return _finding(Outcome.DONE, "printed", now, seen)
        return _finding(Outcome.UNKNOWN, "left_the_path", now, seen)


class Recall:
    """Bring a spoiled card that is still inside back to the chip station, so that its chip can be killed."""

    name = "recall"

    def __init__(self, tools: LaneTools, place: Place) -> None:
        self._tools, self._place = tools, place

    def before(self) -> BaseModel:
        """Note where the card is and how many were inserted: no other blank may come in."""
        return BeforeMove(reading=settle(self._tools, self._place).reading)

    def act(self) -> None:
        """Move it back."""
        self._tools.printer.recall_to_chip_station()

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """See whether the same card is at the chip station."""
        before = BeforeMove.model_validate_json(intent.payload).reading
        settled = settle(self._tools, self._place)
        now, seen = settled.reading, faults + settled.faults
        if now.cards_inserted != before.cards_inserted:
            return _finding(Outcome.UNKNOWN, "another_blank", now, seen)
        if now.position is CardPosition.CHIP_STATION:
            return _finding(Outcome.DONE, "recalled", now, seen)
        return _finding(Outcome.NOT_DONE, "not_recalled", now, seen)


class Reject:
    """Move the card inside to the reject box. That it was inside and the path is empty is the evidence."""

    name = "reject"

    def __init__(self, tools: LaneTools, place: Place) -> None:
        self._tools, self._place = tools, place

    def before(self) -> BaseModel:
        """Wait for an idle printer with room in the reject box, and note where the card is."""
        return BeforeMove(reading=settle(self._tools, self._place, NO_REJECT_BOX).reading)

    def act(self) -> None:
        """Reject."""
        self._tools.printer.reject()

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """See whether the path is empty, and whether the printer was well all the while."""
        settled = settle(self._tools, self._place, NO_REJECT_BOX)
        now, seen = settled.reading, faults + settled.faults
        if now.position not in OUT_OF_PATH:
            return _finding(Outcome.NOT_DONE, "still_inside", now, seen)
        if now.position is CardPosition.EJECT:
            return _finding(Outcome.UNKNOWN, "left_the_path", now, seen)
        if seen:
            return _finding(Outcome.UNKNOWN, "left_the_path", now, seen)
        return _finding(Outcome.DONE, "reject_box", now, seen)
