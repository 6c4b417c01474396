"""SCP03 on the host's side: the worked values of the fact sheet, byte for byte, and every irregularity."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.chip.apdu import Command
from drivers.chip.errors import (
    AuthenticationRefused,
    ChannelClosed,
    ChipBlocked,
    ForeignCard,
    KeyMismatch,
    SecureMessagingError,
)
from drivers.chip.scp03 import (
    CARD_CRYPTOGRAM,
    InitializeUpdateAnswer,
    SecureChannel,
    SessionKeys,
    cmac,
    cryptogram,
    derivation_data,
    initialize_update,
)
from drivers.pcsc import Response, StatusWordError
from tests.fakes.software_keys import SoftCardKeys

# facts: chip.md, "Worked values, computed for this sheet (level 33)".
STATIC = SoftCardKeys(bytes(range(0x40, 0x50)), bytes(range(0x50, 0x60)))
HOST_CHALLENGE = bytes.fromhex("0102030405060708")
CARD_CHALLENGE = bytes.fromhex("1112131415161718")
CARD_CRYPTOGRAM_VALUE = bytes.fromhex("C8DFFAAAE198E2FF")
ANSWER = InitializeUpdateAnswer(
    bytes(10), 0x30, 0x03, 0x70, CARD_CHALLENGE, CARD_CRYPTOGRAM_VALUE, b"\x00\x00\x01"
)
EXTERNAL_AUTHENTICATE = bytes.fromhex("848233001044067F43573B77D96EC5D7CDD2024B9A")
UPDATE = Command("UPDATE BINARY", 0x00, 0xD6, data=bytes.fromhex("01020304"))
WRAPPED_UPDATE = bytes.fromhex("84D6000018993A73CB550F7861493E5392AE7B4CF4EE7586F34772EE35")


def open_channel(status: int = 0x9000) -> tuple[SecureChannel, list[bytes]]:
    sent = []

    def transmit(command: Command) -> Response:
        sent.append(command.to_bytes())
        return Response(b"", status)

    return SecureChannel.open(transmit, STATIC, HOST_CHALLENGE, ANSWER), sent


def test_the_session_keys_of_the_fact_sheet() -> None:
    keys = SessionKeys.derive(STATIC, HOST_CHALLENGE, CARD_CHALLENGE)
    assert keys.enc == bytes.fromhex("D99675D4A95C58DE629225730CDDB758")
    assert keys.mac == bytes.fromhex("43692D56B8569FBD57C5A2FC57376695")
    assert keys.rmac == bytes.fromhex("E874F52A552C096FD9371A9D62F07FCD")
    context = HOST_CHALLENGE + CARD_CHALLENGE
    assert cryptogram(keys.mac, CARD_CRYPTOGRAM, context) == CARD_CRYPTOGRAM_VALUE
    assert "D99675D4" not in repr(keys).upper()


def test_the_authentication_of_the_fact_sheet() -> None:
    _, sent = open_channel()
    assert sent == [EXTERNAL_AUTHENTICATE]


def test_the_first_command_and_answer_of_the_fact_sheet() -> None:
    channel, _ = open_channel()
    assert channel.wrap(UPDATE).to_bytes() == WRAPPED_UPDATE
    answer = Response(bytes.fromhex("6C121D883F03BF39"), 0x9000)
    assert channel.unwrap("UPDATE BINARY", answer) == Response(b"", 0x9000)


def test_initialize_update_is_as_the_specification_says() -> None:
    assert initialize_update(0x30, HOST_CHALLENGE).to_bytes() == bytes.fromhex("8050300008010203040506070800")


def test_an_answer_to_initialize_update_is_taken_apart() -> None:
    data = bytes(range(10)) + b"\x30\x03\x70" + CARD_CHALLENGE + CARD_CRYPTOGRAM_VALUE + b"\x00\x00\x07"
    answer = InitializeUpdateAnswer.parse(data)
    assert answer.diversification == bytes(range(10))
    assert (answer.key_version, answer.protocol, answer.parameter) == (0x30, 0x03, 0x70)
    assert answer.card_challenge == CARD_CHALLENGE
    assert answer.card_cryptogram == CARD_CRYPTOGRAM_VALUE
    assert answer.sequence_counter == b"\x00\x00\x07"
    for wrong in (data[:-1], data + b"\x00", b""):
        with pytest.raises(ForeignCard):
            InitializeUpdateAnswer.parse(wrong)


def test_the_derivation_block_is_32_bytes_for_a_cryptogram() -> None:
    block = derivation_data(0x04, 128, HOST_CHALLENGE + CARD_CHALLENGE)
    assert block[:16] == bytes.fromhex("00000000000000000000000400008001")
    assert len(block) == 32


def test_a_wrong_card_cryptogram_stops_before_the_card_counts_a_try() -> None:
    sent: list[Command] = []

    def transmit(command: Command) -> Response:
        sent.append(command)
        return Response(b"", 0x9000)

    forged = replace(ANSWER, card_cryptogram=bytes(8))
    with pytest.raises(KeyMismatch):
        SecureChannel.open(transmit, STATIC, HOST_CHALLENGE, forged)
    assert sent == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(0x6300, AuthenticationRefused), (0x6983, ChipBlocked), (0x6985, StatusWordError)],
)
def test_a_refused_authentication(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_channel(status)


class Peer:
    """The card's side of an open channel, written for these tests from Amendment D."""

    def __init__(self, keys: SessionKeys, chain: bytes) -> None:
        self.keys, self.chain, self.counter = keys, chain, 0

    def answer(self, command: Command, data: bytes, sw: int = 0x9000) -> Response:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        self.counter += 1
        raw = command.to_bytes()
        body = raw[5 : 5 + raw[4]]
        self.chain = cmac(self.keys.mac, self.chain + raw[:5] + body[:-8])
        assert self.chain[:8] == body[-8:]
        protected = b""
        if data:
            padded = data + b"\x80" + bytes(-(len(data) + 1) % 16)
            block = b"\x80" + self.counter.to_bytes(15, "big")
            iv = Cipher(algorithms.AES(self.keys.enc), modes.ECB()).encryptor().update(block)
            protected = Cipher(algorithms.AES(self.keys.enc), modes.CBC(iv)).encryptor().update(padded)
        mac = cmac(self.keys.rmac, self.chain + protected + sw.to_bytes(2, "big"))[:8]
        return Response(protected + mac, sw)


def open_pair() -> tuple[SecureChannel, Peer]:
    channel, _ = open_channel()
    keys = SessionKeys.derive(STATIC, HOST_CHALLENGE, CARD_CHALLENGE)
    chain = cmac(keys.mac, bytes(16) + EXTERNAL_AUTHENTICATE[:5] + EXTERNAL_AUTHENTICATE[5:13])
    return channel, Peer(keys, chain)


READ = Command("READ BINARY", 0x00, 0xB0, le=16)


@given(st.lists(st.tuples(st.binary(max_size=239), st.binary(max_size=239)), min_size=1, max_size=6))
def test_any_conversation_goes_through(exchanges: list[tuple[bytes, bytes]]) -> None:
    channel, peer = open_pair()
    for data, wanted in exchanges:
        command = Command("UPDATE BINARY", 0x00, 0xD6, data=data)
        response = channel.send(lambda wrapped, wanted=wanted: peer.answer(wrapped, wanted), command)  # type: ignore[misc]
        assert response == Response(wanted, 0x9000)


def test_the_longest_data_fit_a_short_apdu() -> None:
    channel, _ = open_channel()
    assert len(channel.wrap(Command("UPDATE BINARY", 0x00, 0xD6, data=bytes(239))).data) == 248


def test_a_command_without_data_gets_a_mac_only_and_counts() -> None:
    channel, peer = open_pair()
    wrapped = channel.wrap(READ)
    assert len(wrapped.data) == 8
    assert wrapped.le == 16
    channel.unwrap("READ BINARY", peer.answer(wrapped, b"x"))
    assert channel.unwrap("READ BINARY", peer.answer(channel.wrap(READ), b"yz")) == Response(b"yz", 0x9000)


@pytest.mark.parametrize("sw", [0x6282, 0x6285, 0x63C2])
def test_a_warning_is_protected_too(sw: int) -> None:
    channel, peer = open_pair()
    response = channel.send(lambda wrapped: peer.answer(wrapped, b"data", sw), READ)
    assert response == Response(b"data", sw)


def test_an_error_comes_bare_and_the_channel_goes_on() -> None:
    channel, peer = open_pair()

    def refuse(wrapped: Command) -> Response:
        peer.answer(wrapped, b"")
        return Response(b"", 0x6A82)

    assert channel.send(refuse, READ).sw == 0x6A82
    assert not channel.closed
    assert channel.send(lambda wrapped: peer.answer(wrapped, b"ok"), READ).data == b"ok"


def test_6988_closes_the_channel() -> None:
    channel, _ = open_pair()
    assert channel.send(lambda _: Response(b"", 0x6988), READ).sw == 0x6988
    with pytest.raises(ChannelClosed):
        channel.send(lambda _: Response(b"", 0x9000), READ)


def flip(response: Response, bit: int) -> Response:
    raw = bytearray(response.to_bytes())
    raw[bit // 8] ^= 1 << bit % 8
    return Response.parse(bytes(raw))


@given(st.integers(0, (16 + 8) * 8 - 1))
def test_any_flipped_bit_of_an_answer_is_seen_and_leaves_the_outcome_unknown(bit: int) -> None:
    channel, peer = open_pair()
    with pytest.raises(SecureMessagingError) as caught:
        channel.send(lambda wrapped: flip(peer.answer(wrapped, b"data"), bit), READ)
    assert caught.value.outcome_unknown
    with pytest.raises(ChannelClosed) as closed:
        channel.send(lambda wrapped: peer.answer(wrapped, b"data"), READ)
    assert not closed.value.outcome_unknown


@pytest.mark.parametrize("length", range(8))
def test_an_answer_too_short_for_its_mac(length: int) -> None:
    channel, _ = open_pair()
    with pytest.raises(SecureMessagingError):
        channel.send(lambda _: Response(bytes(length), 0x9000), READ)


def test_the_answer_to_the_command_before_is_not_taken() -> None:
    channel, peer = open_pair()
    first: list[Response] = []

    def keep(wrapped: Command) -> Response:
        first.append(peer.answer(wrapped, b"data"))
        return first[0]

    channel.send(keep, READ)
    with pytest.raises(SecureMessagingError):
        channel.send(lambda _: first[0], READ)


@pytest.mark.parametrize("plain", [bytes(16), b"\x01" * 16, b"\x80" + b"\x01" * 15])
def test_wrong_padding_is_seen(plain: bytes) -> None:
    channel, peer = open_pair()
    wrapped = channel.wrap(READ)
    response = peer.answer(wrapped, b"")
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    iv = Cipher(algorithms.AES(peer.keys.enc), modes.ECB()).encryptor().update(b"\x80" + bytes(14) + b"\x01")
    cipher = Cipher(algorithms.AES(peer.keys.enc), modes.CBC(iv)).encryptor().update(plain)
    mac = cmac(peer.keys.rmac, peer.chain + cipher + b"\x90\x00")[:8]
    assert response.sw == 0x9000
    with pytest.raises(SecureMessagingError, match="padding"):
        channel.unwrap("READ BINARY", Response(cipher + mac, 0x9000))
