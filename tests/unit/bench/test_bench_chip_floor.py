"""The computed floor of a chip, against a count by hand and against the simulated card."""

from pathlib import Path

from drivers.chip import ktp_el_open
from drivers.pcsc import ObservedConnection
from drivers.pcsc.observed import ExchangeRecord
from simulators.chip.timing import ChipTiming
from simulators.clock import SimulatorClock
from tests.bench.chip_floor import Exchange, floor_of, modelled_seconds, wire_bytes
from tests.bench.full_chip import content_lengths, full_files
from tests.unit.chip_driver.chip_cards import make_bench

PROFILE = ktp_el_open()


def test_floor_of_a_full_chip_by_hand() -> None:
    lengths = {file.fid: file.capacity for file in PROFILE.files}
    floor = floor_of(PROFILE, lengths)
    # 53 802 4098 514 322 322 82 bytes at 239: 1 + 4 + 18 + 3 + 2 + 2 + 1 commands
    chunks = 31
    assert len(floor.writing) == 2 + 1 + 7 + 7 + chunks + 1
    assert len(floor.reading) == 6 + chunks
    pages = 1 + 8 + (1 + 13 + 65 + 9 + 6 + 6 + 2) + 1
    assert sum(exchange.pages for exchange in floor.writing) == pages


def test_wire_of_one_protected_command() -> None:
    floor = floor_of(PROFILE, {file.fid: 51 for file in PROFILE.files})
    assert floor.writing[-1] == Exchange(sent=5 + 16 + 8, received=8 + 2, pages=1)  # ACTIVATE 7F0A
    assert floor.reading[0] == Exchange(sent=5 + 8 + 1, received=64 + 8 + 2)  # 53 bytes of card control
    assert wire_bytes(floor.reading[:1]) == 14 + 74
    assert modelled_seconds(floor.writing[-1:], ChipTiming()) > 0.002  # the fuse is an EEPROM page


def test_the_driver_writes_and_reads_in_as_many_updates_and_reads(tmp_path: Path) -> None:
    """The chunks of the floor are those that the driver sends; what it does besides is its overhead."""
    seen: list[ExchangeRecord] = []
    bench = make_bench(tmp_path)
    chip = bench.personaliser(connection=ObservedConnection(bench.reader, seen.append))
    files = full_files(PROFILE)
    chip.write(files)
    assert chip.read_back(files) == ()
    floor = floor_of(PROFILE, content_lengths(PROFILE, files))
    sent = [(record.command_length, record.response_length) for record in seen if record.header[1] == 0xD6]
    updates = [(exchange.sent, exchange.received) for exchange in floor.writing if exchange.sent > 100]
    assert sorted(pair for pair in sent if pair[0] > 100) == sorted(updates)
    reads = [record.response_length for record in seen if record.header[1] == 0xB0]
    assert sorted(reads) == sorted(exchange.received for exchange in floor.reading if exchange.sent == 14)


def test_device_seconds_do_not_hang_on_the_speed() -> None:
    virtual, fast = SimulatorClock(0), SimulatorClock(1000)
    for clock in (virtual, fast):
        clock.sleep(1.5)
        clock.sleep(-1.0)
        clock.sleep(0.5)
    assert virtual.slept == fast.slept == 2.0
    assert virtual.now() == 2.0
    assert fast.now() >= 2.0
