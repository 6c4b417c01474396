"""The TCP link to a USB/IP server: framed reads with deadlines, listing and importing of devices."""

import socket
import time

from drivers.transports.usbip.messages import (
    COUNT_SIZE,
    DEVICE_SIZE,
    INTERFACE_SIZE,
    OP_REP_DEVLIST,
    OP_REP_IMPORT,
    OPERATION_SIZE,
    ExportedDevice,
    ProtocolViolationError,
    check_operation,
    parse_count,
    parse_device,
    request_import,
    request_list,
)


class LinkLostError(Exception):
    """The connection to the USB/IP server is closed or unusable."""


class ImportRefusedError(Exception):
    """The server does not hand the device out: unknown bus id, or another client holds it."""


class Link:
    """A connection to a USB/IP server whose reads keep what has arrived when their time is up."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise LinkLostError(f"no connection to {host}:{port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()

    def send(self, data: bytes, patience: float) -> None:
        """Send all of the bytes.

        A message cut in the middle cannot be taken back, so a server that does not read for `patience`
        seconds is given up.

        Raises:
            LinkLostError: Not all of them left.
        """
        try:
            self._socket.settimeout(patience)
            self._socket.sendall(data)
        except OSError as error:
            self.close()
            raise LinkLostError(f"the connection broke while sending: {error}") from error

    def peek(self, size: int, deadline: float | None) -> bytes | None:
        """Return the next `size` bytes without taking them, or None if they are not there in time.

        Args:
            size: Number of bytes.
            deadline: A reading of `time.monotonic()`, or None to wait for ever.

        Raises:
            LinkLostError: The connection ended.
        """
        while len(self._received) < size:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return None
            if not self._receive(left):
                return None
        return bytes(self._received[:size])

    def drop(self, size: int) -> None:
        """Take bytes that `peek` has shown."""
        del self._received[:size]

    def close(self) -> None:
        """Close the connection; the server then detaches an imported device."""
        self._socket.close()

    def list_devices(self, timeout: float) -> list[ExportedDevice]:
        """Return what the server exports. The connection serves for nothing else afterwards.

        Raises:
            LinkLostError: The connection ended or brought something else.
        """
        self.send(request_list(), timeout)
        deadline = time.monotonic() + timeout
        try:
            check_operation(self._take(OPERATION_SIZE, deadline), OP_REP_DEVLIST)
            devices = []
            for _ in range(parse_count(self._take(COUNT_SIZE, deadline))):
                device = parse_device(self._take(DEVICE_SIZE, deadline))
                self._take(INTERFACE_SIZE * device.interfaces, deadline)
                devices.append(device)
        except ProtocolViolationError as error:
            raise self.broken(error) from error
        return devices

    def import_device(self, busid: str, timeout: float) -> ExportedDevice:
        """Import a device: from here on the connection carries its transfers.

        Raises:
            ImportRefusedError: The server said no.
            LinkLostError: The connection ended or brought something else.
        """
        self.send(request_import(busid), timeout)
        deadline = time.monotonic() + timeout
        try:
            status = check_operation(self._take(OPERATION_SIZE, deadline), OP_REP_IMPORT)
            if status:
                self.close()
                raise ImportRefusedError(f"the server refuses device {busid} (status {status})")
            return parse_device(self._take(DEVICE_SIZE, deadline))
        except ProtocolViolationError as error:
            raise self.broken(error) from error

    def broken(self, violation: ProtocolViolationError) -> LinkLostError:
        """Close the connection after a protocol violation and return the error to raise."""
        self.close()
        return LinkLostError(f"the server broke the protocol: {violation}")

    def _take(self, size: int, deadline: float) -> bytes:
        data = self.peek(size, deadline)
        if data is None:
            self.close()
            raise LinkLostError("the server does not answer")
        self.drop(size)
        return data

    def _receive(self, timeout: float | None) -> bool:
        try:
            self._socket.settimeout(timeout)
            piece = self._socket.recv(65536)
        except TimeoutError:
            return False
        except OSError as error:
            self.close()
            raise LinkLostError(f"the connection broke: {error}") from error
        if not piece:
            self.close()
            raise LinkLostError("the server closed the connection")
        self._received += piece
        return True
