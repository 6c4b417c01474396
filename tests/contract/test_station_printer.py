"""The station's printer on the real driver, against the simulator: hands between two commands."""

import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from station.devices.printer import EvolisCardPrinter
from station.errors import DeviceAbsent, DeviceFault, OutcomeUnknown
from station.ports import CardPosition
from templates.card.face import CardFace
from tests.contract.simulated_printer import simulated_printer

ENOUGH = 60.0


def grey_face() -> CardFace:
    return CardFace(np.full((648, 1016, 3), 128, np.uint8), np.zeros((648, 1016), np.bool_))


def wait_until_idle(printer: EvolisCardPrinter) -> CardPosition:
    end = time.monotonic() + ENOUGH
    while time.monotonic() < end:
        reading = printer.read()
        if reading.idle:
            return reading.position
        time.sleep(0.05)
    raise TimeoutError("the printer never rests")


def test_a_recall_without_a_card_takes_no_blank(tmp_path: Path) -> None:
    """A blank that came in the place of the card would be rejected in its name, and be lost to the books."""
    with simulated_printer(tmp_path, "--hopper", "3", "--speed", "0") as simulator:
        printer = EvolisCardPrinter(simulator.url("socket"), "contactless")
        printer.identify()
        printer.feed_to_chip_station()
        printer.recall_to_chip_station()
        assert wait_until_idle(printer) is CardPosition.CHIP_STATION
        simulator.person("clear_jam", take_card_out=True)
        with pytest.raises((DeviceFault, OutcomeUnknown)):
            printer.recall_to_chip_station()
        assert wait_until_idle(printer) is CardPosition.NONE
        assert simulator.number("hopper_count") == 2
        printer.close()


def test_a_card_that_was_taken_out_is_not_replaced_by_a_blank_from_the_hopper(tmp_path: Path) -> None:
    """Its face on a blank that nobody has written would look like a card, and carry nobody's chip."""
    with simulated_printer(tmp_path, "--hopper", "3", "--speed", "0") as simulator:
        printer = EvolisCardPrinter(simulator.url("socket"), "contactless")
        printer.identify()
        printer.feed_to_chip_station()
        in_hopper = simulator.number("hopper_count")
        simulator.person("clear_jam", take_card_out=True)
        with suppress(
            DeviceAbsent, DeviceFault, OutcomeUnknown
        ):  # however it says so: what it has done counts
            printer.print_and_eject(grey_face())
        assert wait_until_idle(printer) is CardPosition.NONE
        assert simulator.prints("front") == []
        assert simulator.number("panels_printed") == 0
        assert simulator.number("hopper_count") == in_hopper
        printer.clear_errors()
        printer.feed_to_chip_station()
        assert simulator.number("hopper_count") == in_hopper - 1
        printer.close()
