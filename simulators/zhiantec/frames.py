"""Frames of the protocol, built and parsed byte by byte: clients write single bytes (facts: scanners.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulators.zhiantec.codes import Pid

START: Final = b"\xef\x01"
HEAD: Final = 9  # start, address, PID, length
LONGEST: Final = 256 + 2  # what the length field may say: the largest packet and its sum


@dataclass(frozen=True)
class Frame:
    """A frame from the host; `sound` is false where its sum is wrong."""

    address: int
    pid: int
    payload: bytes
    sound: bool = True


def frame_bytes(address: int, pid: Pid, payload: bytes) -> bytes:
    """Return EF 01, address, PID, length of payload and sum, payload, sum; all big-endian."""
    length = (len(payload) + 2).to_bytes(2, "big")
    total = (pid + sum(length) + sum(payload)) % 0x10000
    return START + address.to_bytes(4, "big") + bytes([pid]) + length + payload + total.to_bytes(2, "big")


class FrameParser:
    """Collects the host's bytes until they are a frame; what cannot begin one is skipped."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def inside(self) -> bool:
        """Whether a frame has begun."""
        return bool(self._held)

    def forget(self) -> None:
        """Drop a frame that has begun."""
        self._held.clear()

    def feed(self, byte: int) -> Frame | None:
        """Take one byte; return the frame that it ends."""
        held = self._held
        held.append(byte)
        if len(held) <= len(START) and not START.startswith(bytes(held)):
            held[:] = bytes([byte]) if byte == START[0] else b""
            return None
        if len(held) < HEAD:
            return None
        length = int.from_bytes(held[7:9], "big")
        if not 2 < length <= LONGEST:
            held.clear()
            return None
        if len(held) < HEAD + length:
            return None
        total = int.from_bytes(held[-2:], "big")
        frame = Frame(
            address=int.from_bytes(held[2:6], "big"),
            pid=held[6],
            payload=bytes(held[HEAD:-2]),
            sound=sum(held[6:-2]) % 0x10000 == total,
        )
        held.clear()
        return frame
