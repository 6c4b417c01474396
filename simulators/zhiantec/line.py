"""The sensor's end of its serial line: a pseudo terminal in raw mode, reached through a link.

A pseudo terminal carries bytes at once, so the line paces itself: 10 bits a byte (8N1) at the sensor's baud
rate. It sees the baud rate that the host has set; a host at another one is not understood.
"""

from __future__ import annotations

import os
import select
import termios
import time
import tty
from pathlib import Path
from typing import Final

_BITS: Final = 10
_SLICE: Final = 64  # bytes written at a time
_RATES: Final = {
    termios.B9600: 9600,
    termios.B19200: 19200,
    termios.B38400: 38400,
    termios.B57600: 57600,
    termios.B115200: 115200,
}


class Line:
    """A serial line; closed while the cable is pulled."""

    def __init__(self, link: Path, speed: float) -> None:
        self._link, self._speed = link, speed
        self._ours = self._theirs = -1

    @property
    def is_open(self) -> bool:
        """Whether the cable is plugged."""
        return self._ours >= 0

    def open(self) -> None:
        """Plug the cable: make a pseudo terminal and let the link name it.

        Raises:
            OSError: the link's place is taken by a file, or its folder is missing.
        """
        self._ours, self._theirs = os.openpty()  # ours and the host's end; both stay open between hosts
        tty.setraw(self._ours)
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        beside = self._link.with_name(self._link.name + ".part")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.ttyname(self._theirs))
        if self._link.exists() and not self._link.is_symlink():
            beside.unlink()
            self.close()
            raise FileExistsError(f"{self._link} is not a link")
        beside.replace(self._link)

    def close(self) -> None:
        """Pull the cable: the host's open end is cut off and the link is gone."""
        if self.is_open:
            for end in (self._ours, self._theirs):
                os.close(end)
            self._ours = self._theirs = -1
            if self._link.is_symlink():
                self._link.unlink()

    def host_baud(self) -> int | None:
        """Return the baud rate that the host has set; None for one that termios has no name for."""
        return _RATES.get(termios.tcgetattr(self._ours)[5])

    def read(self, seconds: float) -> bytes:
        """Return what the host has sent, or nothing after so many seconds."""
        ready, _, _ = select.select([self._ours], [], [], seconds)
        return os.read(self._ours, 4096) if ready else b""

    def write(self, data: bytes, baud: int) -> None:
        """Send bytes as fast as they go at this baud rate; what a host that does not read leaves is lost."""
        begun = time.monotonic()
        for start in range(0, len(data), _SLICE):
            piece = data[start : start + _SLICE]
            if self._speed:
                due = begun + (start + len(piece)) * _BITS / baud / self._speed
                time.sleep(max(0.0, due - time.monotonic()))
            self._push(piece)

    def _push(self, piece: bytes) -> None:
        _, ready, _ = select.select([], [self._ours], [], 0.5)
        if ready:
            os.write(self._ours, piece)
