"""Simulated cards in process, and the keys of a card laboratory in software."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.chip import ChipFiles, ChipPersonaliser, ktp_el_open
from drivers.chip.samples import BIODATA, JPEG, MINUTIAE, PNG
from drivers.chip.scp03 import cmac
from drivers.pcsc import CardConnection, SlotReader
from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.chip.faults import CardMute, CardTorn

BATCH_KEY = bytes(range(0x60, 0x70))
UID = bytes.fromhex("04112233445566")
CARD_UID = b"\x80" + UID
NIK = "3201019999990001"


@dataclass(frozen=True)
class SoftCardKeys:
    """Static keys of one card, in memory."""

    enc: bytes
    mac: bytes

    def cmac_enc(self, data: bytes) -> bytes:
        return cmac(self.enc, data)

    def cmac_mac(self, data: bytes) -> bytes:
        return cmac(self.mac, data)


@dataclass(frozen=True)
class SoftKeyService:
    """A batch key in memory."""

    batch_key: bytes = BATCH_KEY

    @contextmanager
    def card_keys(self, card_uid: bytes) -> Iterator[SoftCardKeys]:
        yield SoftCardKeys(self._derive(card_uid, 1), self._derive(card_uid, 2))

    def _derive(self, card_uid: bytes, index: int) -> bytes:
        block = card_uid + bytes(7) + bytes((index,))
        return Cipher(algorithms.AES(self.batch_key), modes.ECB()).encryptor().update(block)


class SoftSigner:
    """An ECDSA key in memory; counts its signatures."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.signatures = 0

    def sign(self, data: bytes) -> bytes:
        self.signatures += 1
        r, s = utils.decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def verify(self, data: bytes, signature: bytes) -> bool:
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            self._key.public_key().verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


class OneCardSlot:
    """A slot that one card never leaves for long: torn, it comes back without power."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.alter: Callable[[bytes, bytes], bytes] = lambda apdu, answer: answer

    def present(self) -> bool:
        return True

    def power_on(self) -> bytes:
        return self.card.power_on("contactless")

    def power_off(self) -> None:
        self.card.power_off()

    def close(self) -> None:
        self.card.power_off()

    def exchange(self, apdu: bytes) -> bytes:
        try:
            return self.alter(apdu, self.card.exchange(apdu))
        except (CardTorn, CardMute):
            return b""


@dataclass
class Bench:
    """One card in a reader, and who writes it."""

    card: Card
    slot: OneCardSlot
    reader: SlotReader
    signer: SoftSigner

    def personaliser(
        self, keys: SoftKeyService | None = None, connection: CardConnection | None = None
    ) -> ChipPersonaliser:
        return ChipPersonaliser(
            connection or self.reader, ktp_el_open(), keys or SoftKeyService(), self.signer
        )


def make_bench(folder: Path, uid: bytes = UID, signer: SoftSigner | None = None) -> Bench:
    """A blank in a reader that is connected to it."""
    place = folder / uid.hex()
    manufacture(place, uid, BATCH_KEY)
    card = Card(place)
    slot = OneCardSlot(card)
    reader = SlotReader("bench", slot)
    reader.connect()
    return Bench(card, slot, reader, signer or SoftSigner())


def jpeg_of(length: int) -> bytes:
    """A picture of so many bytes."""
    return JPEG[:-2] + bytes(0x10 + index % 199 for index in range(length - len(JPEG))) + JPEG[-2:]


FILES = ChipFiles(BIODATA, jpeg_of(900), PNG, MINUTIAE, MINUTIAE, 1, NIK)
FULL = replace(FILES, photo=jpeg_of(4096))
