"""Can this lane carry a batch? Asked before the first blank moves."""

from station.cards.hopper import booked_in_hopper
from station.database import Database
from station.errors import DeviceFault, Refused
from station.lanes.tools import ALWAYS_BLOCKING
from station.ports import CardPrinter, PrinterCondition

COLOUR_FACE_PANELS = 5  # Y M C K O
NOT_READY = frozenset({PrinterCondition.ERROR, PrinterCondition.OFF})


def require_supplies(database: Database, lane: str, printer: CardPrinter, cards: int) -> None:
    """Refuse a batch that printer, hopper, ribbon or reject box cannot carry.

    Raises:
        Refused: BATCH_HOPPER_SHORT, BATCH_RIBBON_SHORT, BATCH_RIBBON_UNSUITABLE, BATCH_REJECT_BOX_FULL,
            HOPPER_MISCOUNT.
        DeviceFault: BATCH_PRINTER_NOT_READY; PRINTER_MODEL_UNKNOWN, PRINTER_UNSUITABLE.
        DeviceAbsent: the printer is not there.
    """
    printer.identify()
    reading = printer.read()
    blocking = reading.errors + tuple(name for name in reading.warnings if name in ALWAYS_BLOCKING)
    if reading.condition in NOT_READY or blocking:
        raise DeviceFault(
            "BATCH_PRINTER_NOT_READY", reasons=blocking or (reading.condition.value,), lane=lane
        )
    supplies = printer.supplies()
    if supplies.reject_box_full:
        raise Refused("BATCH_REJECT_BOX_FULL", lane=lane)
    if supplies.panels_per_face < COLOUR_FACE_PANELS:
        raise Refused("BATCH_RIBBON_UNSUITABLE", lane=lane, ribbon=supplies.ribbon)
    if supplies.faces_left is not None and supplies.faces_left < cards:
        raise Refused("BATCH_RIBBON_SHORT", lane=lane, have=supplies.faces_left, needed=cards)
    with database.reading() as transaction:
        booked = booked_in_hopper(transaction, lane)
    if booked < cards:
        raise Refused("BATCH_HOPPER_SHORT", lane=lane, have=booked, needed=cards)
    if supplies.hopper_empty:
        raise Refused("HOPPER_MISCOUNT", lane=lane, have=booked)
