"""Three readers for one contract: in process, over a loopback socket, and behind a real pcscd."""

import socket
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.pcsc import CardReader, PcscReader, open_reader
from drivers.pcsc.apdu import SlotReader
from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.chip.faults import CardMute, CardTorn
from simulators.chip.reader_slot import ReaderSlot

BATCH_KEY = bytes(range(0x60, 0x70))


def make_card(folder: Path, uid_end: int) -> Card:
    """A blank card with the UID 04 11 22 33 44 55 and `uid_end`."""
    place = folder / f"card {uid_end}"
    manufacture(place, bytes.fromhex("041122334455") + bytes((uid_end,)), BATCH_KEY)
    return Card(place)


class Rig(Protocol):
    """A reader and the hand that moves cards in it."""

    reader: CardReader

    def insert(self, card: Card) -> None:
        """Put a card in."""

    def remove(self) -> None:
        """Take the card out."""


class HeldSlot:
    """A slot in process; a torn card is out of it for a moment or for good, as the fault says."""

    def __init__(self) -> None:
        self.card: Card | None = None

    def insert(self, card: Card) -> None:
        self.card = card

    def remove(self) -> None:
        self.card = None

    def present(self) -> bool:
        return self.card is not None

    def power_on(self) -> bytes:
        return self.card.power_on("contactless") if self.card else b""

    def power_off(self) -> None:
        if self.card:
            self.card.power_off()

    def close(self) -> None:
        self.card = None

    def exchange(self, apdu: bytes) -> bytes:
        if self.card is None:
            return b""
        try:
            return self.card.exchange(apdu)
        except CardTorn as loss:
            if not loss.returns:
                self.card = None
        except CardMute:
            pass
        return b""


class SlotRig:
    """The reader in process."""

    def __init__(self) -> None:
        self._slot = HeldSlot()
        self.insert, self.remove = self._slot.insert, self._slot.remove
        self.reader: CardReader = SlotReader("in process", self._slot)


class SocketRig:
    """A server that speaks the driver's `apdu://` frames for one card at a time."""

    def __init__(self) -> None:
        self._slot = HeldSlot()
        self.insert, self.remove = self._slot.insert, self._slot.remove
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        port = self._listener.getsockname()[1]
        self.reader = open_reader(f"apdu://127.0.0.1:{port}", call_timeout=5)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    self._talk(connection)

    def _answer_to(self, frame: bytes) -> bytes:
        if frame == b"\x04":
            return b"\x3b\x80\x80\x01\x01" if self._slot.present() else b""
        return self._slot.exchange(frame)

    def _talk(self, connection: socket.socket) -> None:
        while header := connection.recv(2, socket.MSG_WAITALL):
            frame = connection.recv(struct.unpack(">H", header)[0], socket.MSG_WAITALL)
            if frame in (b"\x00", b"\x01"):
                (self._slot.power_off if frame == b"\x00" else self._slot.power_on)()
                continue
            answer = self._answer_to(frame)
            connection.sendall(struct.pack(">H", len(answer)) + answer)


class PcscRig:
    """The contactless slot of a private pcscd; it outlives a test, since it keeps cards apart in time."""

    def __init__(self, reader: str, slot: ReaderSlot) -> None:
        self.slot = slot
        self.insert, self.remove = self.slot.insert, self.slot.remove
        self.reader: CardReader = PcscReader(reader, call_timeout=2.0)

    def close(self) -> None:
        """Make the slot empty again."""
        self.slot.remove()
        self.slot.faults.clear()
        self.reader.close()


def soon(seconds: float = 5.0) -> float:
    """A deadline."""
    return time.monotonic() + seconds
