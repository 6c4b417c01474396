"""Simulated cards in process, and the keys of a card laboratory in software."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.chip import ChipFiles, ChipPersonaliser, ktp_el_open
from drivers.chip.samples import BIODATA, JPEG, MINUTIAE, PNG
from drivers.pcsc import CardConnection, SlotReader
from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.chip.faults import CardMute, CardTorn
from tests.fakes.software_keys import BATCH_KEY, SoftKeyService, SoftSigner

UID = bytes.fromhex("04112233445566")
CARD_UID = b"\x80" + UID
NIK = "3201019999990001"


class CountingSigner(SoftSigner):
    """Counts its signatures."""

    def __init__(self) -> None:
        super().__init__()
        self.signatures = 0

    def sign(self, data: bytes) -> bytes:
        self.signatures += 1
        return super().sign(data)


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
    signer: CountingSigner

    def personaliser(
        self, keys: SoftKeyService | None = None, connection: CardConnection | None = None
    ) -> ChipPersonaliser:
        return ChipPersonaliser(
            connection or self.reader, ktp_el_open(), keys or SoftKeyService(), self.signer
        )


def make_bench(folder: Path, uid: bytes = UID, signer: CountingSigner | None = None) -> Bench:
    """A blank in a reader that is connected to it."""
    place = folder / uid.hex()
    manufacture(place, uid, BATCH_KEY)
    card = Card(place)
    slot = OneCardSlot(card)
    reader = SlotReader("bench", slot)
    reader.connect()
    return Bench(card, slot, reader, signer or CountingSigner())


def jpeg_of(length: int) -> bytes:
    """A picture of so many bytes."""
    return JPEG[:-2] + bytes(0x10 + index % 199 for index in range(length - len(JPEG))) + JPEG[-2:]


FILES = ChipFiles(BIODATA, jpeg_of(900), PNG, MINUTIAE, MINUTIAE, 1, NIK)
FULL = replace(FILES, photo=jpeg_of(4096))
