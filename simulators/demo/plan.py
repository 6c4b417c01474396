"""What the demo sets up, and what must come out of it."""

from __future__ import annotations

from typing import Final

RECORDS: Final = 12
SEED: Final = 1
SPEED: Final = 30.0  # simulated seconds in one of the wall's: a card takes about a second
LANE: Final = "A"
PRINT_READY: Final = "PRINT_READY_RECORD"
NOT_READY: Final = "SENT_FOR_ENROLLMENT"  # sent to the centre, no result yet
NOT_READY_RECORD: Final = 6  # which record has that status, from 1

FIRST_HOLDER: Final = 1  # whose card is handed over: record, job and person have one number
LATER_HOLDER: Final = 2  # who comes when the office stays open
WITH_FINGERS: Final = (FIRST_HOLDER, LATER_HOLDER)  # whose fingers the simulated scanner can press

OPERATOR: Final = "Sari"
TECHNICIAN: Final = "Budi"
CARTON: Final = "K-0001"
RECEIVED: Final = 100
LOADED: Final = 20

CHIP_FAULT: Final = "chip:bad_readback:1:1:6FF2"  # one bit of the photo reads wrong
CHIP_FAULT_CARD: Final = 4  # the fourth card that reaches the chip station
JAM: Final = "jam_in_print"
JAM_CARD: Final = 8
JAM_PRINT: Final = 7  # the eighth card is the seventh that is printed: the fourth never gets there
TECHNICIAN_WAITS: Final = 1.5  # seconds of wall time until the technician is at the printer

READY: Final = 10
REFUSED: Final = 1
WAITING: Final = 1
VERIFIED: Final = 11  # the jammed card's chip too
SPOILED_BY_CAUSE: Final = {"chip_readback": 1, "print_jam": 1}
BLANKS: Final = {
    "received": RECEIVED,
    "lent_in": 0,
    "lent_out": 0,
    "returned": 0,
    "stock": RECEIVED - LOADED,
    "in_machine": 8,
    "issued": READY,
    "spoiled": 2,
    "destroyed": 0,
}
PANELS: Final = ("y", "m", "c", "k", "o")
PICTURE: Final = (1016, 648)  # pixels of a decoded face: the raster of the printer (facts)
LIMIT: Final = 180.0  # seconds of wall time that the batch may take on a busy machine
EXIT_REFUSED: Final = 1
EXIT_WAITS: Final = 3
