"""The simulated technician: watches the printer while the batch runs, and frees the jammed card."""

from __future__ import annotations

from simulators.demo import plan
from simulators.demo.office import Office
from simulators.demo.watcher import Watcher
from simulators.rig import PrinterView

LOOK = 0.3  # seconds of wall time


class Technician(Watcher):
    """Looks at the printer's truth and says what is to be seen there."""

    def __init__(self, office: Office) -> None:
        super().__init__("technician", LOOK)
        self._office = office
        self._told_of_chip = False

    def _look(self) -> None:
        seen = self._office.printer.truth()
        self._tell_of_chip(seen)
        if seen.stuck and seen.inside is not None:
            self._clear_jam()

    def _tell_of_chip(self, seen: PrinterView) -> None:
        armed = any(fault.name == "chip" for fault in seen.faults)
        if armed or self._told_of_chip:
            return
        self._told_of_chip = True
        self._office.screen.say(
            f"GANGGUAN 1: satu bit foto pada chip kartu ke-{plan.CHIP_FAULT_CARD} salah terbaca. Blangko ini "
            "ditolak sebelum dicetak; stasiun cetak mengambil blangko lain dengan sendirinya.",
            f"FAULT 1: one bit of the photo on the chip of card {plan.CHIP_FAULT_CARD} reads wrong. This "
            "blank is rejected before it is printed; the station takes another by itself.",
        )

    def _clear_jam(self) -> None:
        self._office.screen.say(
            f"GANGGUAN 2: kartu ke-{plan.JAM_CARD} macet di dalam unit cetak. Lajur berhenti dan menunggu; "
            "teknisi dipanggil.",
            f"FAULT 2: card {plan.JAM_CARD} is stuck inside the print station. The lane stops and waits; "
            "the technician is called.",
        )
        if self._stop.wait(plan.TECHNICIAN_WAITS):
            return
        self._office.printer.person("clear_jam")
        self._office.screen.say(
            "Teknisi membuka tutup, melepas kartu dari jepitan, dan menutup lagi. Printer siap; stasiun "
            "cetak memindahkan kartu itu ke kotak tolak.",
            "The technician opens the cover, frees the card and closes it again. The printer is ready; the "
            "station sends that card to the reject box.",
        )
