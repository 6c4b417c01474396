"""The card's SCP03 against the worked values of the fact sheet on chips, byte for byte."""

import pytest

from simulators.chip.scp03 import SecureChannel, SessionKeys, derive_session
from simulators.chip.status import Status, StatusError

KEY_ENC = bytes(range(0x40, 0x50))
KEY_MAC = bytes(range(0x50, 0x60))
HOST_CHALLENGE = bytes.fromhex("0102030405060708")
CARD_CHALLENGE = bytes.fromhex("1112131415161718")
EXTERNAL_AUTHENTICATE = bytes.fromhex("848233001044067F43573B77D96EC5D7CDD2024B9A")
UPDATE = bytes.fromhex("84D6000018993A73CB550F7861493E5392AE7B4CF4EE7586F34772EE35")


def session() -> SessionKeys:
    return derive_session(KEY_ENC, KEY_MAC, HOST_CHALLENGE, CARD_CHALLENGE)


def opened() -> SecureChannel:
    channel = SecureChannel(session())
    channel.accept_mac(EXTERNAL_AUTHENTICATE[:4], EXTERNAL_AUTHENTICATE[5:])
    return channel


def test_session_keys_and_cryptograms() -> None:
    keys = session()
    assert keys.encryption == bytes.fromhex("D99675D4A95C58DE629225730CDDB758")
    assert keys.mac == bytes.fromhex("43692D56B8569FBD57C5A2FC57376695")
    assert keys.answer_mac == bytes.fromhex("E874F52A552C096FD9371A9D62F07FCD")
    assert keys.card_cryptogram == bytes.fromhex("C8DFFAAAE198E2FF")
    assert keys.host_cryptogram == EXTERNAL_AUTHENTICATE[5:13]


def test_external_authenticate_is_genuine() -> None:
    channel = SecureChannel(session())
    accepted = channel.accept_mac(EXTERNAL_AUTHENTICATE[:4], EXTERNAL_AUTHENTICATE[5:])
    assert accepted == channel.keys.host_cryptogram


def test_first_command_is_unwrapped() -> None:
    channel = opened()
    assert channel.decrypt_command(channel.accept_mac(UPDATE[:4], UPDATE[5:])) == bytes([1, 2, 3, 4])


def test_mac_of_a_bare_answer() -> None:
    channel = opened()
    channel.decrypt_command(channel.accept_mac(UPDATE[:4], UPDATE[5:]))
    assert channel.protect(b"", Status.OK) == bytes.fromhex("6C121D883F03BF39")


# but Lc, which is the length of the data itself and which the card has counted
@pytest.mark.parametrize("position", [index for index in range(len(UPDATE)) if index != 4])
def test_any_flipped_bit_of_a_command_is_seen(position: int) -> None:
    flipped = bytearray(UPDATE)
    flipped[position] ^= 0x10
    with pytest.raises(StatusError) as refusal:
        opened().accept_mac(bytes(flipped[:4]), bytes(flipped[5:]))
    assert refusal.value.status == Status.WRONG_MAC
