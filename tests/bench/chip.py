"""One whole chip, written by the driver over the in-process transport, beside the least that it can take."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.chip import ChipFiles, ChipPersonaliser, ktp_el_open
from drivers.pcsc import ObservedConnection, WireStatistics
from simulators.chip.timing import ChipTiming
from tests.bench.chip_floor import Exchange, floor_of, modelled_seconds, wire_bytes
from tests.bench.full_chip import content_lengths, full_files
from tests.bench.rows import BenchFailed, Group, Row
from tests.unit.chip_driver.chip_cards import Bench, make_bench

SHEET_WRITE: Final = 1.00  # seconds; facts chip.md: floor of a 6.1 KB card at 106k, air and 2 ms per 64 bytes
SHEET_EEPROM: Final = 0.19  # of these, 6.1 KB at 2 ms per 64 bytes; "full read-back doubles the air part"
SHEET_WHOLE: Final = SHEET_WRITE + (SHEET_WRITE - SHEET_EEPROM)


@dataclass(frozen=True)
class Cost:
    """What went over the wire, both directions, and the modelled seconds of air and EEPROM at 106 kbit/s."""

    apdus: int
    wire: int
    seconds: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.apdus + other.apdus, self.wire + other.wire, self.seconds + other.seconds)


def measure() -> Sequence[Row]:
    """Write, read back and lock one full chip, and compare with the floors."""
    profile = ktp_el_open()
    files = full_files(profile)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        writing, reading = _personalise(make_bench(Path(folder)), files)
    floor = floor_of(profile, content_lengths(profile, files))
    whole = writing + reading
    floor_writing, floor_whole = _cost_of(floor.writing), _cost_of(floor.writing + floor.reading)
    return (
        *_rows("chip written, read back, locked", whole, floor_whole, SHEET_WHOLE),
        *_rows("chip written, locked", writing, floor_writing, SHEET_WRITE),
    )


def _rows(what: str, ours: Cost, floor: Cost, sheet: float) -> Sequence[Row]:
    seconds = f"{what}: modelled s at 106k"
    return (
        Row(f"{what}: APDUs", ours.apdus, floor.apdus, "computed floor"),
        Row(f"{what}: bytes both ways", ours.wire, floor.wire, "computed floor"),
        Row(f"{seconds}, beside the floor", ours.seconds, floor.seconds, "computed floor"),
        Row(f"{seconds}, beside the sheet", ours.seconds, sheet, "floor of the fact sheet for 6.1 KB"),
    )


def _personalise(bench: Bench, files: ChipFiles) -> tuple[Cost, Cost]:
    """Do to a blank what a lane does, call for call; return the cost, the read-back apart."""
    statistics = WireStatistics()
    chip = bench.personaliser(connection=ObservedConnection(bench.reader, statistics.add))

    def cost(*calls: Callable[[ChipPersonaliser], object]) -> Cost:
        before = Cost(-statistics.apdus, -_wire(statistics), -bench.card.elapsed)
        for call in calls:
            call(chip)
        return before + Cost(statistics.apdus, _wire(statistics), bench.card.elapsed)

    written = cost(
        ChipPersonaliser.read_uid,
        ChipPersonaliser.read_state,
        lambda chip: chip.write(files),
    )
    read = cost(lambda chip: _require_same(chip, files))
    # the life cycle: for the intent, by the fuse itself, for the outcome, and before the card is printed
    state = ChipPersonaliser.read_state
    locked = cost(state, ChipPersonaliser.activate, state, state)
    return written + locked, read


def _require_same(chip: ChipPersonaliser, files: ChipFiles) -> None:
    differences = chip.read_back(files)
    if differences:
        raise BenchFailed(f"the chip reads back otherwise: {differences}")


def _wire(statistics: WireStatistics) -> int:
    return statistics.bytes_sent + statistics.bytes_received


def _cost_of(exchanges: Sequence[Exchange]) -> Cost:
    return Cost(len(exchanges), wire_bytes(exchanges), modelled_seconds(exchanges, ChipTiming()))


GROUP: Final = Group("chip", "one full chip by the driver, beside the least that it can take", measure)
