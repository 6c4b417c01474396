"""Host side of SCP03: GPC 2.2 Amendment D v1.1.1, S8 mode, security level 33 (facts: chip.md)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from drivers.chip.apdu import Command
from drivers.chip.errors import (
    AuthenticationRefused,
    ChannelClosed,
    ChipBlocked,
    ForeignCard,
    KeyMismatch,
    SecureMessagingError,
)
from drivers.chip.keys import CardKeys
from drivers.pcsc.connection import Response
from drivers.pcsc.status import expect, matches

BLOCK: Final = 16
MAC_LENGTH: Final = 8  # S8 mode
CHALLENGE_LENGTH: Final = 8
SECURITY_LEVEL: Final = 0x33  # C-MAC, C-ENC, R-MAC, R-ENC
# Data derivation constants, clause 4.1.5, table 4-1.
CARD_CRYPTOGRAM: Final = 0x00
HOST_CRYPTOGRAM: Final = 0x01
S_ENC: Final = 0x04
S_MAC: Final = 0x06
S_RMAC: Final = 0x07

Transmit = Callable[[Command], Response]


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the AES-CMAC of a message, 16 bytes."""
    computation = CMAC(algorithms.AES(key))
    computation.update(message)
    return computation.finalize()


def derivation_data(constant: int, bits: int, context: bytes) -> bytes:
    """Return the input block of the KDF (clause 4.1.5) for at most 128 bits, so with counter 1."""
    return bytes(11) + bytes((constant, 0x00)) + bits.to_bytes(2, "big") + b"\x01" + context


def cryptogram(mac_key: bytes, constant: int, context: bytes) -> bytes:
    """Return a card or host cryptogram, 8 bytes (clause 6.2.2)."""
    return cmac(mac_key, derivation_data(constant, 64, context))[:8]


@dataclass(frozen=True)
class InitializeUpdateAnswer:
    """Answer to INITIALIZE UPDATE, clause 7.1.1.6, with a pseudo-random challenge.

    Attributes:
        diversification: 10 bytes.
        key_version, protocol, parameter: KVN, 03 for SCP03, i.
        card_challenge, card_cryptogram: 8 bytes each.
        sequence_counter: 3 bytes.
    """

    diversification: bytes
    key_version: int
    protocol: int
    parameter: int
    card_challenge: bytes
    card_cryptogram: bytes
    sequence_counter: bytes

    @classmethod
    def parse(cls, data: bytes) -> "InitializeUpdateAnswer":
        """Take an answer apart.

        Raises:
            ForeignCard: not 32 bytes.
        """
        if len(data) != 32:
            raise ForeignCard(f"INITIALIZE UPDATE answered {len(data)} bytes, not 32")
        return cls(data[:10], data[10], data[11], data[12], data[13:21], data[21:29], data[29:])


@dataclass(frozen=True)
class SessionKeys:
    """Keys of one channel; they live in memory as long as it does."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    rmac: bytes = field(repr=False)

    @classmethod
    def derive(cls, keys: CardKeys, host_challenge: bytes, card_challenge: bytes) -> "SessionKeys":
        """Derive them with the static keys (clause 6.2.1); the token computes."""
        context = host_challenge + card_challenge
        return cls(
            keys.cmac_enc(derivation_data(S_ENC, 128, context)),
            keys.cmac_mac(derivation_data(S_MAC, 128, context)),
            keys.cmac_mac(derivation_data(S_RMAC, 128, context)),
        )


def initialize_update(key_version: int, host_challenge: bytes) -> Command:
    """Return INITIALIZE UPDATE, clause 7.1.1."""
    return Command("INITIALIZE UPDATE", 0x80, 0x50, key_version, 0x00, host_challenge, 256)


class SecureChannel:
    """One open channel: wraps commands, unwraps answers, and is closed by the first irregularity."""

    def __init__(self, keys: SessionKeys) -> None:
        self._keys = keys
        self._chain = bytes(BLOCK)
        self._counter = 0
        self._closed = False

    @classmethod
    def open(
        cls, transmit: Transmit, keys: CardKeys, host_challenge: bytes, answer: InitializeUpdateAnswer
    ) -> "SecureChannel":
        """Check the card's cryptogram and send EXTERNAL AUTHENTICATE, clause 7.1.2.

        Raises:
            KeyMismatch: the card's cryptogram is wrong; nothing was sent.
            AuthenticationRefused: the card refused ours.
            ChipBlocked: it refuses everybody.
        """
        session = SessionKeys.derive(keys, host_challenge, answer.card_challenge)
        context = host_challenge + answer.card_challenge
        if not hmac.compare_digest(cryptogram(session.mac, CARD_CRYPTOGRAM, context), answer.card_cryptogram):
            raise KeyMismatch("the card cryptogram is not of this batch's keys")
        channel = cls(session)
        host = cryptogram(session.mac, HOST_CRYPTOGRAM, context)
        response = transmit(channel.authenticate(host))
        if matches("6300", response.sw):
            raise AuthenticationRefused("EXTERNAL AUTHENTICATE: 6300")
        if matches("6983", response.sw):
            raise ChipBlocked("EXTERNAL AUTHENTICATE: 6983")
        expect("EXTERNAL AUTHENTICATE", response, "9000")
        return channel

    @property
    def closed(self) -> bool:
        """The channel can no longer be used."""
        return self._closed

    def close(self) -> None:
        """Forget the channel."""
        self._closed = True

    def authenticate(self, host_cryptogram: bytes) -> Command:
        """Return EXTERNAL AUTHENTICATE: a C-MAC with an all-zero chain, nothing encrypted (clause 7.1.2)."""
        plain = Command("EXTERNAL AUTHENTICATE", 0x84, 0x82, SECURITY_LEVEL, 0x00, host_cryptogram)
        return self._with_mac(plain, host_cryptogram)

    def send(self, transmit: Transmit, command: Command) -> Response:
        """Send one command under the channel and return the plain answer.

        Raises:
            ChannelClosed: nothing was sent.
            SecureMessagingError: the answer is not authentic; the outcome is unknown.
            ReaderError: no answer; the channel is closed then, too.
        """
        if self._closed:
            raise ChannelClosed(f"{command.name}: the secure channel is closed")
        wrapped = self.wrap(command)
        # Open again only after a whole, authentic exchange: whatever is raised in between ends the channel.
        self._closed = True
        response = self.unwrap(command.name, transmit(wrapped))
        # 6988: the card found our MAC wrong and closed the channel itself.
        self._closed = matches("6988", response.sw)
        return response

    def wrap(self, command: Command) -> Command:
        """Encrypt the data (clause 6.2.6) and add the C-MAC (clause 6.2.4)."""
        self._counter += 1  # rises with every command, also without data
        data = self._encrypt(command.data) if command.data else b""
        return self._with_mac(command, data)

    def unwrap(self, name: str, response: Response) -> Response:
        """Check the R-MAC (clause 6.2.5) and decrypt the data (clause 6.2.7).

        Raises:
            SecureMessagingError: MAC or padding is wrong.
        """
        if not any(matches(mask, response.sw) for mask in ("9000", "62xx", "63xx")):
            return Response(b"", response.sw)  # errors come bare
        data, mac = response.data[:-MAC_LENGTH], response.data[-MAC_LENGTH:]
        expected = cmac(self._keys.rmac, self._chain + data + response.sw.to_bytes(2, "big"))[:MAC_LENGTH]
        if not hmac.compare_digest(expected, mac):
            raise SecureMessagingError(f"{name}: the R-MAC of the answer {response.sw:04X} is wrong")
        return Response(self._decrypt(name, data) if data else b"", response.sw)

    def _with_mac(self, command: Command, data: bytes) -> Command:
        protected = command.protected(data + bytes(MAC_LENGTH))
        # Lc counts the MAC, Le is left out.
        self._chain = cmac(
            self._keys.mac, self._chain + protected.header + bytes((len(protected.data),)) + data
        )
        return command.protected(data + self._chain[:MAC_LENGTH])

    def _cipher(self, first_byte: int) -> Cipher[modes.CBC]:
        """AES-CBC whose IV is the encrypted counter block; its first byte is 80 for answers."""
        block = bytes((first_byte,)) + self._counter.to_bytes(BLOCK - 1, "big")
        # One block encrypted on its own: the IV of clause 6.2.6, not a mode for data.
        encryptor = Cipher(algorithms.AES(self._keys.enc), modes.ECB()).encryptor()
        return Cipher(algorithms.AES(self._keys.enc), modes.CBC(encryptor.update(block)))

    def _encrypt(self, data: bytes) -> bytes:
        padded = data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)
        return self._cipher(0x00).encryptor().update(padded)

    def _decrypt(self, name: str, data: bytes) -> bytes:
        if len(data) % BLOCK:
            raise SecureMessagingError(f"{name}: {len(data)} bytes are no whole blocks")
        plain, marker, rest = self._cipher(0x80).decryptor().update(data).rpartition(b"\x80")
        if not marker or rest.strip(b"\x00"):
            raise SecureMessagingError(f"{name}: the padding of the answer is wrong")
        return plain
