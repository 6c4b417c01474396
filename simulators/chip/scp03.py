"""The card side of SCP03 (GPC 2.2 Amendment D v1.1.1), S8 mode, i = 70, security level 33."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.constant_time import bytes_eq

from simulators.chip.status import Status, StatusError

BLOCK = 16
MAC = 8  # bytes of a MAC that are sent; the whole 16 go on in the chain (6.2.4)
LONGEST_ANSWER = 239  # 240 bytes of cipher and 8 of MAC fit a short answer, one byte goes to padding

# data derivation constants, table 4-1
_CARD_CRYPTOGRAM = 0x00
_HOST_CRYPTOGRAM = 0x01
_CARD_CHALLENGE = 0x02
_S_ENC = 0x04
_S_MAC = 0x06
_S_RMAC = 0x07
_ANSWER_COUNTER_FLAG = 0x80  # first byte of the counter block of an answer (6.2.7)


def cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC (NIST SP 800-38B), 16 bytes."""
    calculation = CMAC(AES(key))
    calculation.update(message)
    return calculation.finalize()


def derive(key: bytes, constant: int, context: bytes, length: int) -> bytes:
    """Derive `length` bytes (at most 16): SP 800-108 in counter mode over AES-CMAC (4.1.5)."""
    label = bytes(11) + bytes([constant])
    return cmac(key, label + b"\x00" + (length * 8).to_bytes(2, "big") + b"\x01" + context)[:length]


def make_card_challenge(encryption_key: bytes, sequence_counter: bytes, application: bytes) -> bytes:
    """Derive the pseudo-random card challenge, 8 bytes (6.2.2.1)."""
    return derive(encryption_key, _CARD_CHALLENGE, sequence_counter + application, 8)


@dataclass(frozen=True)
class SessionKeys:
    """The keys of one channel, and the two cryptograms that belong to its challenges."""

    encryption: bytes
    mac: bytes
    answer_mac: bytes
    card_cryptogram: bytes
    host_cryptogram: bytes


def derive_session(encryption_key: bytes, mac_key: bytes, host: bytes, card: bytes) -> SessionKeys:
    """Derive the session keys and cryptograms from the static keys and the two challenges (6.2.1)."""
    context = host + card
    mac = derive(mac_key, _S_MAC, context, 16)
    return SessionKeys(
        encryption=derive(encryption_key, _S_ENC, context, 16),
        mac=mac,
        answer_mac=derive(mac_key, _S_RMAC, context, 16),
        card_cryptogram=derive(mac, _CARD_CRYPTOGRAM, context, 8),
        host_cryptogram=derive(mac, _HOST_CRYPTOGRAM, context, 8),
    )


@dataclass
class SecureChannel:
    """One channel as the card sees it: the MAC chain and the encryption counter go on with each command."""

    keys: SessionKeys
    _chain: bytes = field(default=bytes(BLOCK), init=False)
    _counter: int = field(default=0, init=False)

    def accept_mac(self, header: bytes, data: bytes) -> bytes:
        """Check the C-MAC at the end of `data` and give what stands before it.

        Args:
            header: CLA, INS, P1, P2 as received.
            data: the data field as received, MAC included.

        Raises:
            StatusError: 6988, the MAC is wrong or missing.
        """
        text, sent = data[:-MAC], data[-MAC:]
        full = cmac(self.keys.mac, self._chain + header + bytes([len(data)]) + text)
        if not bytes_eq(full[:MAC], sent):
            raise StatusError(Status.WRONG_MAC)
        self._chain = full
        return text

    def decrypt_command(self, text: bytes) -> bytes:
        """Count the command and decrypt its data, if any (6.2.6).

        Raises:
            StatusError: 6988, the cipher or its padding cannot be.
        """
        self._counter += 1  # counts commands without data too
        if not text:
            return b""
        if len(text) % BLOCK:
            raise StatusError(Status.WRONG_MAC)
        decryptor = self._cipher(0x00).decryptor()
        return _unpad(decryptor.update(text) + decryptor.finalize())

    def protect(self, data: bytes, status: int) -> bytes:
        """Encrypt an answer's data and give it with its R-MAC, without the status word (6.2.5, 6.2.7)."""
        encrypted = self._encrypt_answer(data) if data else b""
        covered = self._chain + encrypted + status.to_bytes(2, "big")
        return encrypted + cmac(self.keys.answer_mac, covered)[:MAC]

    def _encrypt_answer(self, data: bytes) -> bytes:
        padded = data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)  # ISO 9797-1, padding method 2
        encryptor = self._cipher(_ANSWER_COUNTER_FLAG).encryptor()
        return encryptor.update(padded) + encryptor.finalize()

    def _cipher(self, flag: int) -> Cipher[CBC]:
        counter = bytes([flag]) + self._counter.to_bytes(BLOCK - 1, "big")
        whitener = Cipher(AES(self.keys.encryption), ECB()).encryptor()
        return Cipher(AES(self.keys.encryption), CBC(whitener.update(counter)))


def _unpad(padded: bytes) -> bytes:
    text = padded.rstrip(b"\x00")
    if not text.endswith(b"\x80") or len(padded) - len(text) >= BLOCK:
        raise StatusError(Status.WRONG_MAC)
    return text[:-1]
