"""The look without keys."""

from pathlib import Path

from drivers.chip import ktp_el_public, look
from drivers.chip.public import PublicReading
from tests.unit.chip_driver.chip_cards import FILES, UID, make_bench


def test_a_written_card_looks_plausible(tmp_path: Path) -> None:
    bench = make_bench(tmp_path)
    bench.personaliser().write(FILES)
    bench.reader.reconnect()
    assert look(bench.reader, ktp_el_public()) == PublicReading(UID, True, len(FILES.photo), True)


def test_a_blank_does_not(tmp_path: Path) -> None:
    bench = make_bench(tmp_path)
    assert look(bench.reader, ktp_el_public()) == PublicReading(UID, False, None, False)


def test_a_card_with_an_empty_photo_file_does_not(tmp_path: Path) -> None:
    bench = make_bench(tmp_path)
    bench.personaliser().write(FILES)
    bench.slot.alter = lambda apdu, answer: b"\x00\x00\x90\x00" if apdu[1] == 0xB0 else answer
    assert look(bench.reader, ktp_el_public()) == PublicReading(UID, True, 0, False)
    bench.slot.alter = lambda apdu, answer: b"\x69\x82" if apdu[1] == 0xB0 else answer
    assert look(bench.reader, ktp_el_public()) == PublicReading(UID, True, None, False)
