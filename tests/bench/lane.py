"""How long a lane takes for a card at the speed of the hardware, beside what the devices take themselves."""

from collections.abc import Sequence
from typing import Final

from tests.bench.office import JournalLine, bench_office, slope
from tests.bench.rows import BenchFailed, Group, Row

FEW, MORE = 1, 3
GOAL: Final = 1.05  # issue 2
CHIP_TARGET: Final = 2.0  # seconds; facts chip.md: under 2 s with SCP03 in the host


def measure() -> Sequence[Row]:
    """Run two batches in real time. The larger one gives the lane's time, both the CPU for a card."""
    with bench_office(1.0, FEW + MORE) as office:
        few, more = office.run_batch(FEW), office.run_batch(MORE)
        journals = [office.journal(job) for job in office.ready_jobs()[FEW:]]
    lane, device = _lane_seconds(journals) / MORE, more.device / MORE
    chip = sum(_chip_seconds(journal) for journal in journals) / MORE
    return (
        Row("lane time of a card: s", lane, device, "devices' time, slept", GOAL),
        Row("chip of a card, known to locked: s", chip, CHIP_TARGET, "target of the fact sheet", 1.0),
        Row("own CPU for a card at speed 1: ms", slope(few, more) * 1000, device * 1000, "devices' time, ms"),
    )


def _lane_seconds(journals: Sequence[Sequence[JournalLine]]) -> float:
    """From the first attempt to the last ready card: what is between two cards counts too."""
    begun = min(_moment(journal, "event", "attempt_opened") for journal in journals)
    return max(_moment(journal, "event", "card_ready") for journal in journals) - begun


def _chip_seconds(journal: Sequence[JournalLine]) -> float:
    return _moment(journal, "outcome", "lock") - _moment(journal, "event", "card_bound")


def _moment(journal: Sequence[JournalLine], kind: str, step: str) -> float:
    """When a row of this kind was written, in seconds.

    Raises:
        BenchFailed: there is not just one.
    """
    moments = [line.at.timestamp() for line in journal if (line.kind, line.step) == (kind, step)]
    if len(moments) != 1:
        raise BenchFailed(f"{len(moments)} rows {kind} {step} in the journal of a good card")
    return moments[0]


GROUP: Final = Group("lane", f"{FEW + MORE} cards at the speed of the hardware; about 100 seconds", measure)
