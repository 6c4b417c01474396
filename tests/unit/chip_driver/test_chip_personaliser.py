"""Writing a chip that does what it should: states, order, resuming, fuses. The card is the simulator's."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.chip import ChipPersonaliser, ChipState, Difference, ktp_el_open
from drivers.chip.errors import (
    ChipBlocked,
    ContentError,
    ForeignCard,
    KeyMismatch,
    LayoutMismatch,
    ProfileForbids,
    UidMismatch,
    WrongLifeCycle,
)
from drivers.chip.samples import BIODATA, MINUTIAE, PNG
from drivers.pcsc import ExchangeRecord, ObservedConnection, StatusWordError, WireStatistics
from tests.fakes.software_keys import BATCH_KEY, SoftKeyService
from tests.unit.chip_driver.chip_cards import (
    CARD_UID,
    FILES,
    FULL,
    Bench,
    make_bench,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path)


def test_a_card_from_blank_to_terminated(bench: Bench) -> None:
    personaliser = bench.personaliser()
    assert personaliser.read_uid() == CARD_UID
    assert personaliser.read_state() is ChipState.BLANK
    personaliser.write(FULL)
    assert personaliser.read_state() is ChipState.CREATION
    assert personaliser.read_back(FULL) == ()
    personaliser.activate()
    assert personaliser.read_state() is ChipState.ACTIVATED
    assert personaliser.read_back(FULL) == ()
    personaliser.terminate()
    assert personaliser.read_state() is ChipState.TERMINATED


def test_the_files_can_be_read(bench: Bench) -> None:
    bench.personaliser().write(FILES)
    files = bench.personaliser().read_files()
    assert sorted(files) == list(range(0x6FF0, 0x6FF7))
    assert files[0x6FF1] == BIODATA
    assert files[0x6FF2] == FILES.photo
    assert files[0x6FF3] == PNG
    assert files[0x6FF4] == files[0x6FF5] == MINUTIAE
    assert len(files[0x6FF6]) == 64


def test_photo_and_card_control_are_public_the_rest_is_not(bench: Bench) -> None:
    bench.personaliser().write(FILES)
    bench.reader.reconnect()
    assert bench.reader.transmit(bytes.fromhex("00A4000C027F0A")).sw == 0x9000
    readable = set()
    for fid in range(0x6FF0, 0x6FF7):
        assert bench.reader.transmit(bytes.fromhex("00A4000C02") + fid.to_bytes(2, "big")).sw == 0x9000
        sw = bench.reader.transmit(bytes.fromhex("00B0000010")).sw
        assert sw in (0x9000, 0x6982)
        if sw == 0x9000:
            readable.add(fid)
    assert readable == {0x6FF0, 0x6FF2}


def test_every_command_but_the_first_ones_is_protected(bench: Bench) -> None:
    records: list[ExchangeRecord] = []
    connection = ObservedConnection(bench.reader, records.append)
    bench.personaliser(connection=connection).write(FILES)
    plain = [record.header.hex().upper() for record in records if record.header[0] != 0x84]
    assert plain == ["FFCA0000", "00A40004", "80503000"]


def test_the_wire_is_counted(bench: Bench) -> None:
    statistics = WireStatistics()
    personaliser = bench.personaliser(connection=ObservedConnection(bench.reader, statistics.add))
    personaliser.write(FULL)
    assert (
        statistics.apdus <= 48
    )  # facts: chip.md, 43 for 6.1 KB in chunks of 223, here the UID and CREATE too
    written = 4098 + len(BIODATA) + len(PNG) + 2 * len(MINUTIAE) + 64 + 51
    assert written < statistics.bytes_sent < written * 1.35
    before = statistics.apdus
    personaliser.read_back(FULL)
    assert statistics.apdus - before <= 40
    assert statistics.bytes_received > 6193


def test_writing_again_sends_no_update_and_keeps_the_signature(bench: Bench) -> None:
    bench.personaliser().write(FILES)
    signed = bench.signer.signatures
    records: list[ExchangeRecord] = []
    bench.personaliser(connection=ObservedConnection(bench.reader, records.append)).write(FILES)
    assert not [record for record in records if record.header[1] in (0xD6, 0xE0)]
    assert bench.signer.signatures == signed


def test_other_data_on_a_card_in_creation_are_replaced(bench: Bench) -> None:
    bench.personaliser().write(FULL)
    other = replace(FILES, nik="3201019999990002", issue=2, biodata=BIODATA.replace(b'0001"', b'0002"'))
    found = bench.personaliser().read_back(other)
    assert [item.name for item in found] == ["card_control", "biodata", "photo", "data_signature"]
    bench.personaliser().write(other)
    assert bench.personaliser().read_back(other) == ()


def test_a_difference_names_file_and_first_offset(bench: Bench) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    other = replace(FILES, signature_image=PNG[:40] + b"\xaa" + PNG[41:])
    found = {item.name: item for item in personaliser.read_back(other)}
    assert found["signature_image"] == Difference(0x6FF3, "signature_image", 42)
    assert set(found) == {"signature_image", "card_control", "data_signature"}


def test_a_blank_differs_everywhere(bench: Bench) -> None:
    found = bench.personaliser().read_back(FILES)
    assert [item.fid for item in found] == list(range(0x6FF0, 0x6FF7))
    assert {item.offset for item in found} == {0}


def test_content_is_checked_before_anything_is_sent(bench: Bench) -> None:
    statistics = WireStatistics()
    personaliser = bench.personaliser(connection=ObservedConnection(bench.reader, statistics.add))
    with pytest.raises(ContentError):
        personaliser.write(replace(FILES, photo=PNG))
    assert statistics.apdus == 1  # the UID, which the manifest needs
    assert personaliser.read_state() is ChipState.BLANK


def test_an_activated_or_terminated_card_is_not_written(bench: Bench) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    personaliser.activate()
    with pytest.raises(WrongLifeCycle, match="activated"):
        personaliser.write(FILES)
    with pytest.raises(WrongLifeCycle):
        personaliser.activate()
    personaliser.terminate()
    for fuse in (personaliser.activate, personaliser.terminate):
        with pytest.raises(WrongLifeCycle, match="terminated"):
            fuse()
    with pytest.raises(WrongLifeCycle, match="terminated"):
        personaliser.write(FILES)


def test_a_blank_is_neither_activated_nor_terminated(bench: Bench) -> None:
    for fuse in (bench.personaliser().activate, bench.personaliser().terminate):
        with pytest.raises(WrongLifeCycle, match="blank"):
            fuse()


def test_a_card_of_another_batch_costs_no_try(bench: Bench) -> None:
    stranger = bench.personaliser(SoftKeyService(bytes(16)))
    for _ in range(11):
        with pytest.raises(KeyMismatch) as caught:
            stranger.write(FILES)
        assert not caught.value.outcome_unknown
    bench.personaliser().write(FILES)


def test_a_blocked_chip_is_told_apart(bench: Bench) -> None:
    for _ in range(10):
        bench.reader.transmit(bytes.fromhex("8050300008") + bytes(9))
        assert bench.reader.transmit(bytes.fromhex("8482330010") + bytes(16)).sw == 0x6300
    personaliser = bench.personaliser()
    with pytest.raises(ChipBlocked):
        personaliser.read_state()
    with pytest.raises(ChipBlocked):
        personaliser.write(FILES)


def test_a_card_whose_diversification_data_name_another_uid(bench: Bench) -> None:
    bench.slot.alter = lambda apdu, answer: answer[:1] + b"\x99" + answer[2:] if apdu[1] == 0x50 else answer
    with pytest.raises(UidMismatch):
        bench.personaliser().write(FILES)


@pytest.mark.parametrize(
    ("instruction", "answer"),
    [
        (0x50, "6D00"),
        (0x50, "9000"),
        (0x50, "00" * 10 + "300270" + "00" * 19 + "9000"),
        (0x50, "00" * 10 + "310370" + "00" * 19 + "9000"),
        (0xA4, "6D00"),
        (0xA4, "9000"),
        (0xA4, "620A82013883027F0A8A01079000"),
        (0xA4, "620782013883027F0A9000"),
    ],
)
def test_a_foreign_card_is_recognised_and_not_written(bench: Bench, instruction: int, answer: str) -> None:
    bench.slot.alter = lambda apdu, real: bytes.fromhex(answer) if apdu[1] == instruction else real
    personaliser = bench.personaliser()
    assert personaliser.read_state() is ChipState.FOREIGN
    with pytest.raises(ForeignCard):
        personaliser.write(FILES)


@pytest.mark.parametrize("answer", ["6D00", "9000", "041122339000"])
def test_a_card_without_a_uid_we_know(bench: Bench, answer: str) -> None:
    bench.slot.alter = lambda apdu, real: bytes.fromhex(answer) if apdu[1] == 0xCA else real
    with pytest.raises(ForeignCard):
        bench.personaliser().write(FILES)


def test_a_personaliser_stays_bound_to_its_card(bench: Bench, tmp_path: Path) -> None:
    personaliser = bench.personaliser()
    personaliser.read_uid()
    other = make_bench(tmp_path, bytes.fromhex("04998877665544"))
    bench.slot.card = other.card
    bench.reader.connect()
    for verb in (
        personaliser.read_uid,
        lambda: personaliser.write(FILES),
        lambda: personaliser.read_back(FILES),
    ):
        with pytest.raises(UidMismatch):
            verb()


def test_files_with_other_properties_are_not_ours(bench: Bench) -> None:
    profile = ktp_el_open()
    small = replace(profile, files=(replace(profile.files[0], size=60), *profile.files[1:]))
    ChipPersonaliser(bench.reader, small, SoftKeyService(BATCH_KEY), bench.signer).write(FILES)
    with pytest.raises(LayoutMismatch, match="6FF0: size"):
        bench.personaliser().write(FILES)
    with pytest.raises(LayoutMismatch, match="6FF0: size"):
        bench.personaliser().read_back(FILES)


def test_a_chip_that_does_not_clear_created_files_is_written_whole(bench: Bench) -> None:
    profile = replace(ktp_el_open(), created_files_are_zero=False)
    personaliser = ChipPersonaliser(bench.reader, profile, SoftKeyService(), bench.signer)
    personaliser.write(FILES)
    assert personaliser.read_back(FILES) == ()


def test_an_observed_profile_is_not_written(bench: Bench) -> None:
    profile = replace(ktp_el_open(), writable=False)
    with pytest.raises(ProfileForbids):
        ChipPersonaliser(bench.reader, profile, SoftKeyService(), bench.signer).write(FILES)


def test_a_chip_that_is_full(bench: Bench) -> None:
    bench.card.faults.arm("memory_full", at=4)
    with pytest.raises(StatusWordError, match="6A84"):
        bench.personaliser().write(FILES)
    bench.personaliser().write(FILES)
    assert bench.personaliser().read_back(FILES) == ()
