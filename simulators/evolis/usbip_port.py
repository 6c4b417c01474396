"""The printer on USB/IP over loopback: the bytes of a USB cable without the cable.

The USB/IP frames, descriptors and standard requests are the package's device side. The loop over the requests
is ours: a bulk OUT transfer must be held (NAK) while the printer hangs, and an UNLINK answered meanwhile.
"""

from __future__ import annotations

import contextlib
import errno
import queue
import socket
import struct
import threading
from collections.abc import Callable
from typing import Protocol

from usbip import protocol

from simulators.evolis.session import LineBroken, Session
from simulators.evolis.usb_device import UsbFunction
from simulators.fault_menu import FaultMenu

LOOPBACK = "127.0.0.1"
BUS_ID = "1-1"
HAND_OVER = 1.0  # seconds in which an earlier host's connection may end
HANDSHAKE = 5.0  # seconds in which a host must say what it wants
UNLINK_REPLY = struct.Struct(">IIIII i 24x")  # kernel documentation usbip_protocol: USBIP_RET_UNLINK
STALLED = -errno.EPIPE
UNLINKED = -errno.ECONNRESET
OUT, IN = 0, 1
OpenSession = Callable[[Callable[[bytes], None]], Session]


class Urb(Protocol):
    """One transfer request, as the package reads it."""

    command: int
    seqnum: int
    direction: int
    ep: int
    flags: int  # of an UNLINK: the seqnum that is unlinked
    buffer: bytes
    status: int
    actual: int


class UsbIpPort:
    """Exports the printer; one host at a time may import it, as from a real bus."""

    def __init__(
        self,
        open_session: OpenSession,
        make_function: Callable[[Callable[[], None]], UsbFunction],
        faults: FaultMenu,
        is_powered: Callable[[], bool],
        port: int = 0,
    ) -> None:
        """Bind the port (0 = any free one) and export the device.

        Raises:
            OSError: the port is taken.
        """
        self._open_session = open_session
        self._faults = faults
        self._is_powered = is_powered
        self._function = make_function(self._soft_reset)
        self._function.device.busid = BUS_ID
        self._current: _Host | None = None
        self._free = threading.Condition()
        self._listener = socket.create_server((LOOPBACK, port))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="usbip-port", daemon=True).start()

    def hang_up(self) -> None:
        """Pull the cable."""
        host = self._current
        if host is not None:
            host.hang_up()

    def close(self) -> None:
        """Stop exporting."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def _soft_reset(self) -> None:
        host = self._current
        if host is not None:
            host.soft_reset()

    def _claim(self, host: _Host) -> bool:
        with self._free:
            self._free.wait_for(lambda: self._current is None, HAND_OVER)
            if self._current is not None or not self._is_powered():
                return False
            self._current = host
            return True

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            host = _Host(connection, self._function, self._open_session, self._faults)
            try:
                # a device in use is not offered, and an import of it fails (usbipd does the same)
                offered = [self._function.device] if self._claim(host) else []
                connection.settimeout(HANDSHAKE)
                if protocol.serve_handshake(connection, offered) is not None:
                    connection.settimeout(None)
                    host.serve()
            except OSError:
                pass  # the host is gone
            finally:
                host.close()
                with self._free:
                    if self._current is host:
                        self._current = None
                    self._free.notify_all()


class _Host:
    """One host that has imported the device."""

    def __init__(
        self, connection: socket.socket, function: UsbFunction, open_session: OpenSession, faults: FaultMenu
    ) -> None:
        self._connection = connection
        self._function = function
        self._open_session = open_session
        self._faults = faults
        self._answering = threading.Lock()
        self._out: queue.SimpleQueue[Urb | None] = queue.SimpleQueue()
        self._held: dict[int, Urb] = {}  # bulk OUT transfers not completed yet
        self._session = open_session(function.bulk_in.write)

    def serve(self) -> None:
        """Answer the host's requests until it goes."""
        self._function.device.reset_io()
        pump = threading.Thread(target=self._pump, name="bulk-out", daemon=True)
        pump.start()
        while (urb := self._next()) is not None:
            if urb.command == protocol.CMD_UNLINK:
                self._unlink(urb)
            elif urb.ep == self._function.bulk_out.number and urb.direction == OUT:
                self._take(urb)
            elif self._function.device.handle_urb(urb, self._answer) is not None:
                self._answer(urb)

    def close(self) -> None:
        """End this host's session."""
        self._session.close()
        self._out.put(None)

    def hang_up(self) -> None:
        """Break the connection."""
        with contextlib.suppress(OSError):  # it may have ended by itself
            self._connection.shutdown(socket.SHUT_RDWR)

    def soft_reset(self) -> None:
        """Obey SOFT_RESET: flush both pipes and what has been parsed (printer class 1.1, 4.2.3)."""
        self._session.close()
        self._function.bulk_in.reset()
        self._session = self._open_session(self._function.bulk_in.write)

    def _next(self) -> Urb | None:
        urb: Urb | None = protocol.read_cmd(self._connection, self._function.device)
        return urb

    def _answer(self, urb: Urb) -> None:
        with self._answering, contextlib.suppress(OSError):  # when the host is gone, the reader notices
            protocol.write_ret(self._connection, urb)

    def _take(self, urb: Urb) -> None:
        if self._faults.strike("stall") is not None:
            self._function.bulk_out.stall()
        if self._function.bulk_out.halted:
            urb.status, urb.actual = STALLED, 0
            self._answer(urb)
            return
        with self._answering:
            self._held[urb.seqnum] = urb
        self._out.put(urb)

    def _unlink(self, urb: Urb) -> None:
        with self._answering:
            held = self._held.pop(urb.flags, None)
        cancelled = held is not None or self._function.bulk_in.cancel(urb.flags)
        # Kernel documentation: -ECONNRESET when the transfer was unlinked, 0 when it had been completed.
        reply = UNLINK_REPLY.pack(protocol.RET_UNLINK, urb.seqnum, 0, 0, 0, UNLINKED if cancelled else 0)
        with self._answering:
            self._connection.sendall(reply)

    def _pump(self) -> None:
        while (urb := self._out.get()) is not None:
            session = self._session
            with self._answering:
                wanted = urb.seqnum in self._held
            if not wanted:
                continue
            try:
                session.feed(urb.buffer)
            except LineBroken:
                if session is self._session:
                    self.hang_up()
                    return
            urb.status, urb.actual = 0, len(urb.buffer)
            with self._answering:
                wanted = self._held.pop(urb.seqnum, None) is not None
            if wanted:
                self._answer(urb)
