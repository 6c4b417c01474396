"""A printer's counters after a restore: a witness that no disk fault can silence.

A backup does not know what was printed after it, but the printer has counted. What the journal has last read
and what the printer reads now differ by the cards that nobody has written down.
"""

from pydantic import BaseModel, ConfigDict, ValidationError

from station.database import Transaction
from station.errors import StationError
from station.journal import RowKind
from station.journal.store import Place, latest_events, latest_rows
from station.lanes.tools import LaneTools
from station.ports import PrinterReading
from station.restoration.store import Restoration

COUNTERS = "counters_after_restore"
ROWS_SEARCHED = 500


class Counters(BaseModel):
    """What a printer has counted in its life, and the step that the journal's last row of its lane began.

    A step that was begun may have happened; its own probe will find out.
    """

    model_config = ConfigDict(frozen=True)

    inserted: int
    panels: int
    open_step: str = "none"


class _Evidence(BaseModel):
    """The part of a row of evidence that holds a printer's reading."""

    model_config = ConfigDict(extra="ignore")

    reading: PrinterReading


def note_counters(tools: LaneTools, restoration: Restoration) -> bool:
    """Write the printer's counters into the journal, once a lane and restore; tell whether they are there.

    Nothing moves. A printer that is away or busy is looked at again later.
    """
    with tools.database.reading() as transaction:
        if counters_after(transaction, tools.name, restoration) is not None:
            return True
    try:
        reading = tools.printer.read()
    except StationError:
        return False
    if not reading.idle:
        return False
    with tools.database.transaction() as transaction:
        tools.journal.event(transaction, COUNTERS, _Evidence(reading=reading), Place(lane=tools.name))
    return True


def counters_after(transaction: Transaction, lane: str, restoration: Restoration) -> Counters | None:
    """What the lane's printer had counted when it was looked at after a restore."""
    rows = latest_events(transaction, lane, (COUNTERS,), 1, restoration.journal)
    if not rows:
        return None
    reading = _Evidence.model_validate_json(rows[0].payload).reading
    return Counters(inserted=reading.cards_inserted, panels=reading.panels_printed)


def counters_before(transaction: Transaction, lane: str, restoration: Restoration) -> Counters | None:
    """What the lane's printer had counted by all that the journal knew when it was restored."""
    open_step = ""
    for row in latest_rows(transaction, lane, restoration.journal, ROWS_SEARCHED):
        if not open_step:
            open_step = row.name if row.kind is RowKind.INTENT else "none"
        try:
            reading = _Evidence.model_validate_json(row.payload).reading
        except ValidationError:
            continue
        return Counters(inserted=reading.cards_inserted, panels=reading.panels_printed, open_step=open_step)
    return None
