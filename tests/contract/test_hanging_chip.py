"""A command to a chip that never comes back holds the card at pcscd: that is this chip's silence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.pcsc import PcscReader
from simulators.chip.reader_slot import ReaderSlot
from station.devices.chip import ReaderChipEncoder
from station.devices.keys import open_profile
from station.errors import OutcomeUnknown
from station.ports import ChipState
from tests.contract.chip_reader_rigs import BATCH_KEY, make_card
from tests.fakes.software_keys import SoftKeyService, SoftSigner
from tests.pcscd_fixture import CONTACTLESS, PrivatePcscd

pytest_plugins = ["tests.pcscd_plugin"]

PATIENCE = 0.7  # seconds that a command may take here


@pytest.fixture
def slot(private_pcscd: PrivatePcscd) -> Iterator[ReaderSlot]:
    slot = private_pcscd.open_slot()
    yield slot
    slot.close()


@pytest.fixture
def encoder(
    private_pcscd: PrivatePcscd, slot: ReaderSlot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ReaderChipEncoder]:
    name = private_pcscd.reader(0, CONTACTLESS)
    monkeypatch.setattr(
        "station.devices.chip.open_reader", lambda url: PcscReader(name, call_timeout=PATIENCE)
    )
    encoder = ReaderChipEncoder(
        f"pcsc:///{name}", open_profile("ktp-el-open"), SoftKeyService(BATCH_KEY), SoftSigner()
    )
    yield encoder
    slot.remove()
    encoder.release()


def test_a_hanging_command_is_silence_until_the_card_has_left(
    encoder: ReaderChipEncoder, slot: ReaderSlot, tmp_path: Path
) -> None:
    mute, next_card = make_card(tmp_path, 1), make_card(tmp_path, 2)
    slot.insert(mute)
    uid = encoder.wait_for_card()
    mute.faults.arm("mute")
    for _ in range(3):  # the first hangs; those after it meet our own command, and no other program's
        with pytest.raises(OutcomeUnknown) as caught:
            encoder.state(uid)
        assert caught.value.code == "CHIP_SILENT"
    with pytest.raises(OutcomeUnknown):
        encoder.wait_for_card()
    slot.remove()
    slot.insert(next_card)
    other = encoder.wait_for_card()
    assert other != uid
    assert encoder.state(other) is ChipState.BLANK
