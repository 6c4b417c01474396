"""The air model against the table of the fact sheet on chips (8 KB written plainly)."""

import pytest

from simulators.chip.timing import BitRate, ChipTiming


def write_8_kilobytes(bit_rate: BitRate, chunk: int, header: int) -> tuple[int, float]:
    timing = ChipTiming(bit_rate)
    chunks = [min(chunk, 8192 - start) for start in range(0, 8192, chunk)]
    return len(chunks), sum(timing.transfer("contactless", header + part, 2) for part in chunks)


@pytest.mark.parametrize(("bit_rate", "milliseconds"), [(106, 772), (212, 392), (424, 201), (848, 106)])
def test_short_commands(bit_rate: BitRate, milliseconds: float) -> None:
    commands, seconds = write_8_kilobytes(bit_rate, 255, 5)
    assert commands == 33
    assert seconds * 1000 == pytest.approx(milliseconds, abs=1)


@pytest.mark.parametrize(("bit_rate", "milliseconds"), [(106, 730), (212, 368), (424, 187), (848, 97)])
def test_frames_of_long_commands_are_chained(bit_rate: BitRate, milliseconds: float) -> None:
    commands, seconds = write_8_kilobytes(bit_rate, 2048, 7)
    assert commands == 4
    assert seconds * 1000 == pytest.approx(milliseconds, abs=1)


def test_contacts_are_faster_than_the_slowest_air() -> None:
    timing = ChipTiming(106)
    assert 0 < timing.transfer("contact", 255, 2) < timing.transfer("contactless", 255, 2)
