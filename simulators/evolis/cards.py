"""The cards that the printer simulator owns: a folder each, with chip, record and decoded faces."""

from __future__ import annotations

import hashlib
import io
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from simulators.evolis.models import Model
from simulators.evolis.raster import Ink, compose, overprint
from simulators.evolis.stamp import stamped
from simulators.evolis.truth import (
    SIDES,
    CardRecord,
    Event,
    Place,
    Side,
    SidePrint,
    card_as_json,
    load_card,
    save_card,
)
from simulators.files import write_durably

UID_BYTES = 7  # docs/reference/ktp-el-open.md: type A card, first byte is the maker, 04
MakeChip = Callable[[Path, bytes], None]
ReadLifeCycle = Callable[[Path], str]


class CardStore:
    """All cards that ever were in the printer's hands."""

    def __init__(
        self,
        folder: Path,
        model: Model,
        seed: int,
        make_chip: MakeChip,
        now: Callable[[], float],
        pictures: bool = True,
    ) -> None:
        """Take up the cards of a folder; without `pictures` what is printed is only known by its digests."""
        self._folder = folder
        self._model = model
        self._seed = seed
        self._make_chip = make_chip
        self._now = now
        self._pictures = pictures
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self._records = {path.parent.name: load_card(path) for path in sorted(folder.glob("*/card.json"))}

    def folder_of(self, uid: str) -> Path:
        """Return the folder of one card."""
        return self._folder / uid

    def chip_folder(self, uid: str) -> Path:
        """Return the folder of one card's chip."""
        return self._folder / uid / "chip"

    def record(self, uid: str) -> CardRecord:
        """Return the record of one card.

        Raises:
            KeyError: there is no such card.
        """
        return self._records[uid]

    def uids(self) -> list[str]:
        """Return the UIDs of all cards."""
        with self._lock:
            return list(self._records)

    def records(self) -> list[CardRecord]:
        """Return the records of all cards."""
        with self._lock:
            return list(self._records.values())

    def as_json(self) -> list[dict[str, object]]:
        """Return the records of all cards as a JSON value."""
        with self._lock:
            return [card_as_json(record) for record in self._records.values()]

    def make(self, number: int) -> str:
        """Make blank card `number` of this seed and return its UID; one that exists already is kept."""
        uid = b"\x04" + hashlib.sha256(f"{self._seed}/{number}".encode()).digest()[: UID_BYTES - 1]
        if uid.hex() in self._records:
            return uid.hex()
        chip = self.chip_folder(uid.hex())
        if not chip.exists():
            # made beside and renamed: a chip is whole or not there
            beside = chip.with_name("chip.part")
            shutil.rmtree(beside, ignore_errors=True)
            beside.parent.mkdir(parents=True, exist_ok=True)
            self._make_chip(beside, uid)
            beside.rename(chip)
        with self._lock:
            self._records[uid.hex()] = CardRecord(uid.hex(), Place.HOPPER)
        self.note(uid.hex(), Place.HOPPER, "made")
        return uid.hex()

    def note(self, uid: str, place: Place, what: str) -> None:
        """Record that the card is at `place` because of `what`."""
        with self._lock:
            record = self._records[uid]
            record.taken_from = record.place if place is Place.REMOVED else None
            record.place = place
            record.history.append(Event(round(self._now(), 3), what, place))
            self._save(record)

    def begin_side(self, uid: str, side: Side) -> None:
        """Record that a print run begins on this side."""
        self._records[uid].prints[side].times += 1

    def print_panel(self, uid: str, side: Side, panel: str, ink: Ink) -> None:
        """Put one panel's ink on the card."""
        record = self._records[uid]
        printed = record.prints[side]
        path = self._ink_path(uid, side, panel)
        if path.exists():
            ink = overprint(self._read_ink(path), ink)
        write_durably(path, ink.tobytes())
        with self._lock:
            printed.panels.append(panel)
            printed.sha256[panel] = hashlib.sha256(ink.tobytes()).hexdigest()
            record.history.append(Event(round(self._now(), 3), f"panel {panel} on {side}", record.place))
            self._save(record)

    def picture_missing(self, uid: str) -> list[Side]:
        """Return the sides whose picture does not show all that was printed."""
        return [side for side in SIDES if any(self._folder.glob(f"{uid}/{side}.*.ink"))]

    def develop(self, uid: str) -> None:
        """Decode what is on the card into stamped pictures."""
        for side in self.picture_missing(uid) if self._pictures else ():
            self._develop_side(uid, side)

    def drop_ink(self, uid: str) -> None:
        """Forget the panels of a card that has left the machine; its pictures stay."""
        for path in self._folder.glob(f"{uid}/*.ink"):
            path.unlink()

    def panels_printed(self) -> int:
        """Return the number of panels on all cards."""
        return sum(len(printed.panels) for record in self._records.values() for printed in _sides(record))

    def _develop_side(self, uid: str, side: Side) -> None:
        panels = {
            path.name.split(".")[1]: self._read_ink(path) for path in self._folder.glob(f"{uid}/{side}.*.ink")
        }
        stream = io.BytesIO()
        Image.fromarray(stamped(compose(panels, self._model))).save(stream, "PNG", compress_level=1)
        write_durably(self.folder_of(uid) / f"{side}.png", stream.getvalue())

    def _read_ink(self, path: Path) -> Ink:
        ink = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        return ink.reshape(self._model.lines, self._model.dots)

    def _ink_path(self, uid: str, side: Side, panel: str) -> Path:
        return self.folder_of(uid) / f"{side}.{panel}.ink"

    def _save(self, record: CardRecord) -> None:
        save_card(self.folder_of(record.uid) / "card.json", record)


def _sides(record: CardRecord) -> list[SidePrint]:
    return list(record.prints.values())
