"""The host side of SCP03, for tests only: written from the fact sheet, apart from card and driver."""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC

from simulators.chip.card import Card


def cmac(key: bytes, message: bytes) -> bytes:
    calculation = CMAC(AES(key))
    calculation.update(message)
    return calculation.finalize()


def kdf(key: bytes, constant: int, bits: int, context: bytes) -> bytes:
    block = bytes(11) + bytes([constant, 0]) + bits.to_bytes(2, "big") + b"\x01" + context
    return cmac(key, block)[: bits // 8]


def static_key(batch_key: bytes, uid: bytes, number: int) -> bytes:
    encryptor = Cipher(AES(batch_key), ECB()).encryptor()
    return encryptor.update(b"\x80" + uid + bytes(7) + bytes([number]))


class Host:
    """Opens a channel to a card and speaks through it; `status` is that of the last answer."""

    def __init__(
        self, card: Card, batch_key: bytes, exchange: Callable[[bytes], bytes] | None = None
    ) -> None:
        self.card = card
        self._exchange = exchange or card.exchange
        self.key_enc = static_key(batch_key, card.uid, 1)
        self.key_mac = static_key(batch_key, card.uid, 2)
        self.challenge = bytes.fromhex("0102030405060708")
        self.status = 0
        self.counter = 0
        self.chain = bytes(16)
        self.s_enc = self.s_mac = self.s_rmac = b""

    def plain(self, apdu: str) -> bytes:
        return self._split(self._exchange(bytes.fromhex(apdu)))

    def initialize(self) -> bytes:
        answer = self._split(self._exchange(b"\x80\x50\x30\x00\x08" + self.challenge + b"\x00"))
        if self.status == 0x9000:
            context = self.challenge + answer[13:21]
            self.s_enc = kdf(self.key_enc, 0x04, 128, context)
            self.s_mac = kdf(self.key_mac, 0x06, 128, context)
            self.s_rmac = kdf(self.key_mac, 0x07, 128, context)
        return answer

    def authenticate(self, card_challenge: bytes, level: int = 0x33) -> None:
        cryptogram = kdf(self.s_mac, 0x01, 64, self.challenge + card_challenge)
        self.counter, self.chain = 0, bytes(16)
        self._split(self._exchange(self._mac(bytes([0x84, 0x82, level, 0x00]), cryptogram)))

    def open(self) -> None:
        self.authenticate(self.initialize()[13:21])

    def secured(self, ins: int, offset: int = 0, data: bytes = b"", le: int | None = None) -> bytes:
        """One command under the channel; the answer's R-MAC is checked and its data decrypted."""
        tail = b"" if le is None else bytes([le & 0xFF])
        header = bytes([0x84, ins]) + offset.to_bytes(2, "big")
        return self._open_answer(self._exchange(self.protect(header, data) + tail))

    def protect(self, header: bytes, data: bytes) -> bytes:
        self.counter += 1
        if data:
            padded = data + b"\x80" + bytes(15 - len(data) % 16)
            data = self._cbc(0x00).encryptor().update(padded)
        return self._mac(header, data)

    def _mac(self, header: bytes, data: bytes) -> bytes:
        command = header + bytes([len(data) + 8]) + data
        self.chain = cmac(self.s_mac, self.chain + command)
        return command + self.chain[:8]

    def _open_answer(self, response: bytes) -> bytes:
        body = self._split(response)
        if self.status != 0x9000 and self.status >> 8 not in (0x62, 0x63):
            assert body == b""
            return b""
        text, mac = body[:-8], body[-8:]
        assert mac == cmac(self.s_rmac, self.chain + text + response[-2:])[:8]
        if not text:
            return b""
        padded = self._cbc(0x80).decryptor().update(text)
        return padded[: padded.rindex(b"\x80")]

    def _cbc(self, flag: int) -> Cipher[CBC]:
        block = bytes([flag]) + self.counter.to_bytes(15, "big")
        return Cipher(AES(self.s_enc), CBC(Cipher(AES(self.s_enc), ECB()).encryptor().update(block)))

    def _split(self, response: bytes) -> bytes:
        self.status = int.from_bytes(response[-2:], "big")
        return response[:-2]
