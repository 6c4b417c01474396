"""Our own CPU time for a card: the slope between a batch of few cards and a batch of more."""

from collections.abc import Sequence
from typing import Final

from tests.bench.office import bench_office, slope
from tests.bench.rows import Group, Row

SPEED: Final = 50.0
FEW, MORE = 2, 12


def measure() -> Sequence[Row]:
    """Run two batches on fast simulators."""
    with bench_office(SPEED, FEW + MORE) as office:
        few, more = office.run_batch(FEW), office.run_batch(MORE)
    card = slope(few, more)
    start = max(0.0, few.cpu - FEW * card)
    device = (few.device + more.device) / (FEW + MORE)
    against = "device time of a card, ms"
    return (
        Row(f"own CPU for a card at speed {SPEED:g}: ms", card * 1000, device * 1000, against),
        Row("own CPU to start and end, once a batch: ms", start * 1000, device * 1000, against),
    )


GROUP: Final = Group("cards", f"CPU of the station's process, {FEW} and {MORE} cards", measure)
