"""Frames of the protocol, bytes to values and back, strictly (facts scanners.md, Frame).

EF 01, address (4), kind (1), length (2) of payload and sum, payload, sum (2); all big-endian. The sum counts
kind, both bytes of the length and the payload, modulo 65536.
"""

from collections.abc import Collection
from dataclasses import dataclass

from drivers.zhiantec.codes import PacketKind
from drivers.zhiantec.errors import BadFrameError

START = b"\xef\x01"
HEAD = 9
SUM = 2
LARGEST_PAYLOAD = 256
MOST_STRAY = 4096  # bytes before a frame; more is no sensor


@dataclass(frozen=True)
class Frame:
    """A frame whose sum, address, length and kind are right."""

    kind: PacketKind
    payload: bytes


def build_frame(address: int, kind: PacketKind, payload: bytes) -> bytes:
    """Return the bytes of a frame."""
    body = bytes([kind]) + (len(payload) + SUM).to_bytes(2, "big") + payload
    return START + address.to_bytes(4, "big") + body + _sum_of(body)


class FrameBuffer:
    """Received bytes, and the frames that they make up."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._bytes = bytearray()
        self._stray = 0

    def add(self, received: bytes) -> None:
        """Take bytes as they come."""
        self._bytes += received

    def clear(self) -> None:
        """Drop what has been received."""
        self._bytes.clear()
        self._stray = 0

    def take(self, kinds: Collection[PacketKind], stray_allowed: bool) -> Frame | None:
        """Return the next frame, or None while it is not whole.

        Args:
            kinds: What may come.
            stray_allowed: Whether bytes before EF 01 are skipped, as a module sends 55 when it gets power.

        Raises:
            BadFrameError: It is not a frame of this sensor.
        """
        self._find_start(stray_allowed)
        if len(self._bytes) < HEAD:
            return None
        length = int.from_bytes(self._bytes[7:9], "big")
        self._check_head(kinds, length)
        whole = HEAD + length
        if len(self._bytes) < whole:
            return None
        body, total = bytes(self._bytes[6 : whole - SUM]), bytes(self._bytes[whole - SUM : whole])
        kind = PacketKind(self._bytes[6])
        del self._bytes[:whole]
        self._stray = 0
        if _sum_of(body) != total:
            raise BadFrameError("the sum of a frame is wrong")
        return Frame(kind, body[3:])

    def _find_start(self, stray_allowed: bool) -> None:
        at = self._bytes.find(START)
        if at < 0:  # the last byte may be the first of a start
            at = len(self._bytes) - self._bytes.endswith(START[:1])
        if at and not stray_allowed:
            raise BadFrameError("bytes that belong to no frame")
        self._stray += at
        if self._stray > MOST_STRAY:
            raise BadFrameError("nothing but bytes that belong to no frame")
        del self._bytes[:at]

    def _check_head(self, kinds: Collection[PacketKind], length: int) -> None:
        if int.from_bytes(self._bytes[2:6], "big") != self._address:
            raise BadFrameError("a frame has another address")
        if self._bytes[6] not in kinds:
            raise BadFrameError(f"a frame of kind {self._bytes[6]:02X} has no place here")
        if not SUM < length <= LARGEST_PAYLOAD + SUM:
            raise BadFrameError(f"a frame says that {length} bytes follow")


def _sum_of(body: bytes) -> bytes:
    return (sum(body) % 0x10000).to_bytes(2, "big")
