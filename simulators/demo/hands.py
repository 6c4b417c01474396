"""What hands, bad luck and a power switch do to the devices, from the menu."""

from __future__ import annotations

from simulators.demo import plan
from simulators.demo.menu import MenuItem
from simulators.demo.office import Office

PRINTER = f"printer {plan.LANE}"


class Hands:
    """Acts on the demo's printer, its reader daemon and its supplies."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._is_on = self._is_linked = True

    def items(self) -> list[MenuItem]:
        """The part of the menu that is about devices."""
        return [
            MenuItem("kartu berikutnya macet saat dicetak", "the next card jams in print", self._jam),
            MenuItem("kartu macet dibereskan", "the jam is cleared", self._clear_jam),
            MenuItem("pita putus saat mencetak", "the ribbon ends between two panels", self._ribbon_out),
            MenuItem("pita diganti", "the ribbon is changed", self._change_ribbon),
            MenuItem("wadah blangko kosong", "the hopper is empty", self._empty_hopper),
            MenuItem(f"wadah diisi {plan.LOADED} blangko", f"{plan.LOADED} blanks are loaded", self._load),
            MenuItem("chip berikutnya salah terbaca", "the next chip reads back wrong", self._chip_fault),
            MenuItem("tutup printer dibuka atau ditutup", "the cover is opened or closed", self._cover),
            MenuItem("printer dimatikan atau dinyalakan", "the printer is switched off or on", self._power),
            MenuItem("layanan pembaca chip dihentikan", "the reader daemon is killed", self._kill_daemon),
        ]

    def link_items(self) -> list[MenuItem]:
        """The part of the menu that is about the line to the data centre."""
        return [MenuItem("pusat data terputus atau kembali", "the centre is cut off or back", self._link)]

    def _jam(self) -> None:
        self._office.printer.fault(plan.JAM)
        self._said(
            "Kartu berikutnya akan macet di unit cetak.", "The next card will jam in the print station."
        )

    def _clear_jam(self) -> None:
        freed = self._office.printer.person("clear_jam")
        if freed:
            self._said(f"Kartu {freed} dilepas.", f"Card {freed} is freed.")
        else:
            self._said("Tidak ada kartu di dalam printer.", "No card is in the printer.")

    def _ribbon_out(self) -> None:
        self._office.printer.fault("ribbon_out_between_panels")
        self._said(
            "Pita akan habis di tengah kartu berikutnya.",
            "The ribbon will end in the middle of the next card.",
        )

    def _change_ribbon(self) -> None:
        self._office.printer.person("change_ribbon")
        self._said("Pita baru dipasang.", "A new ribbon is in the printer.")

    def _empty_hopper(self) -> None:
        self._office.printer.fault("feeder_empty")
        self._said(
            "Printer akan melaporkan wadah blangko kosong.",
            "The printer will report that its hopper is empty.",
        )

    def _load(self) -> None:
        self._office.load_hopper(plan.LOADED)

    def _chip_fault(self) -> None:
        self._office.printer.fault(plan.CHIP_FAULT)
        self._said(
            "Satu bit foto pada chip berikutnya akan salah terbaca.",
            "One bit of the photo on the next chip will read wrong.",
        )

    def _cover(self) -> None:
        is_open = self._office.printer.truth().cover_open
        self._office.printer.person("close_cover" if is_open else "open_cover")
        if is_open:
            self._said("Tutup ditutup.", "The cover is closed.")
        else:
            self._said("Tutup dibuka.", "The cover is open.")

    def _power(self) -> None:
        if self._is_on:
            self._office.rig.end(PRINTER)
            self._said("Printer mati.", "The printer is off.")
        else:
            self._office.rig.restart(PRINTER)
            self._said("Printer menyala.", "The printer is on.")
        self._is_on = not self._is_on

    def _link(self) -> None:
        self._office.rig.centre.person("cut_link" if self._is_linked else "restore_link")
        self._is_linked = not self._is_linked
        if self._is_linked:
            self._said("Pusat data terhubung lagi.", "The data centre is reached again.")
        else:
            self._said(
                "Pusat data tidak terhubung; mencetak tetap bisa. Lihat: station centre status.",
                "The data centre is cut off; printing goes on. See station centre status.",
            )

    def _kill_daemon(self) -> None:
        self._office.rig.kill_pcscd()
        self._said(
            "Layanan pembaca chip dihentikan; satu detik lagi ia hidup kembali.",
            "The reader daemon is killed; in a second it is back.",
        )

    def _said(self, indonesian: str, english: str) -> None:
        self._office.screen.say(indonesian, english)
