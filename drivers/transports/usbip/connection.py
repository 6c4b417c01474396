"""The transfers of one imported USB/IP device, with time-outs that withdraw what is parked."""

import errno
import threading
import time
from dataclasses import dataclass

from drivers.transports.usbip.link import Link, LinkLostError
from drivers.transports.usbip.messages import (
    REPLY_SIZE,
    Command,
    Direction,
    ExportedDevice,
    ProtocolViolationError,
    Reply,
    parse_reply,
    submit,
    unlink,
)

UNLINK_PATIENCE = 2.0
"""Seconds that a server may take to answer CMD_UNLINK before the link counts as broken (assumed)."""
_SEND_PATIENCE = 30.0
"""Seconds that a server may leave a message unread before the link counts as broken (assumed)."""
_MOST_WITHDRAWN = 256
"""Withdrawn transfers whose late answer is still recognised."""
_NO_SETUP = bytes(8)


class TransferTimeoutError(Exception):
    """The transfer did not finish in time and was withdrawn from the device."""


@dataclass(frozen=True)
class Completion:
    """How a transfer ended: status 0 or a negative errno, bytes moved, and the bytes of an IN transfer."""

    status: int
    actual_length: int
    data: bytes


@dataclass(frozen=True)
class _Transfer:
    direction: Direction
    endpoint: int
    length: int


@dataclass(frozen=True)
class _Message:
    reply: Reply
    transfer: _Transfer | None  # None for RET_UNLINK
    payload: bytes

    def completion(self) -> Completion:
        return Completion(self.reply.status, self.reply.actual_length, self.payload)


class UsbIpConnection:
    """An imported device. One transfer runs at a time; calls from several threads queue."""

    def __init__(self, link: Link, device: ExportedDevice) -> None:
        self._link = link
        self._device_id = device.device_id
        self._lock = threading.Lock()
        self._seqnum = 0
        # the running transfer, and withdrawn ones that may still be answered
        self._open: dict[int, _Transfer] = {}
        # endpoint -> bytes that withdrawn IN transfers brought after all
        self._late: dict[int, bytes] = {}

    def transfer_out(
        self, endpoint: int, data: bytes, timeout: float | None, setup: bytes = _NO_SETUP
    ) -> Completion:
        """Send bytes to an endpoint and return how that ended.

        Args:
            endpoint: Endpoint number, without the direction bit.
            data: The bytes.
            timeout: Seconds; None waits for ever.
            setup: The set-up bytes of a control transfer.

        Raises:
            TransferTimeoutError: It was withdrawn; whether the device took some of the bytes is not known.
            LinkLostError: The connection is gone.
        """
        with self._lock:
            return self._run(_Transfer(Direction.OUT, endpoint, len(data)), setup, data, timeout)

    def transfer_in(
        self, endpoint: int, length: int, timeout: float | None, setup: bytes = _NO_SETUP
    ) -> Completion:
        """Ask an endpoint for at most `length` bytes and return how that ended.

        Bytes that an earlier, withdrawn transfer brought after all come first: none is lost, none overtakes.

        Raises:
            TransferTimeoutError: Nothing came, and the transfer was withdrawn.
            LinkLostError: The connection is gone.
        """
        with self._lock:
            if endpoint in self._late:
                return self._take_late(endpoint, length)
            try:
                done = self._run(_Transfer(Direction.IN, endpoint, length), setup, b"", timeout)
            except TransferTimeoutError:
                if endpoint in self._late:
                    return self._take_late(endpoint, length)
                raise
            if endpoint not in self._late:
                return done
            self._late[endpoint] += done.data
            return self._take_late(endpoint, length)

    def forget_late(self, endpoint: int) -> None:
        """Drop the late bytes of an endpoint, as clearing its halt does."""
        with self._lock:
            self._late.pop(endpoint, None)

    def close(self) -> None:
        """Close the connection: the server then detaches the device."""
        self._link.close()

    def _take_late(self, endpoint: int, length: int) -> Completion:
        late = self._late.pop(endpoint)
        if late[length:]:
            self._late[endpoint] = late[length:]
        return Completion(0, len(late[:length]), late[:length])

    def _run(self, transfer: _Transfer, setup: bytes, data: bytes, timeout: float | None) -> Completion:
        deadline = None if timeout is None else time.monotonic() + timeout
        seqnum = self._next_seqnum()
        self._open[seqnum] = transfer
        header = submit(
            self._device_id, seqnum, transfer.direction, transfer.endpoint, transfer.length, setup
        )
        self._link.send(header + data, _SEND_PATIENCE)
        while (message := self._next_message(deadline)) is not None:
            if message.transfer is not None and message.reply.seqnum == seqnum:
                return message.completion()
            self._keep_late(message)
        return self._withdraw(seqnum)

    def _withdraw(self, seqnum: int) -> Completion:
        """Unlink the parked transfer and read on until the server has confirmed that.

        A transfer that ended before the server saw the request is answered first, and that answer counts.
        """
        request = self._next_seqnum()
        self._link.send(unlink(self._device_id, request, seqnum), UNLINK_PATIENCE)
        deadline = time.monotonic() + UNLINK_PATIENCE
        finished: Completion | None = None
        while (message := self._next_message(deadline)) is not None:
            if message.transfer is not None and message.reply.seqnum == seqnum:
                finished = message.completion()
            elif message.transfer is None and message.reply.seqnum == request:
                return self._withdrawn(seqnum, message.reply.status, finished)
            else:
                self._keep_late(message)
        self.close()
        raise LinkLostError("the server does not answer CMD_UNLINK")

    def _withdrawn(self, seqnum: int, status: int, finished: Completion | None) -> Completion:
        if finished is not None:
            return finished
        if status == -errno.ECONNRESET:  # usbip_protocol.rst, RET_UNLINK: no RET_SUBMIT will follow
            del self._open[seqnum]
        while len(self._open) > _MOST_WITHDRAWN:
            del self._open[min(self._open)]
        raise TransferTimeoutError("the transfer was withdrawn")

    def _keep_late(self, message: _Message) -> None:
        transfer = message.transfer
        if transfer is not None and transfer.direction is Direction.IN and transfer.endpoint:
            self._late[transfer.endpoint] = self._late.get(transfer.endpoint, b"") + message.payload
            if not self._late[transfer.endpoint]:
                del self._late[transfer.endpoint]

    def _next_message(self, deadline: float | None) -> _Message | None:
        raw = self._link.peek(REPLY_SIZE, deadline)
        if raw is None:
            return None
        try:
            reply = parse_reply(raw)
            transfer = self._transfer_of(reply)
        except ProtocolViolationError as error:
            raise self._link.broken(error) from error
        incoming = transfer is not None and transfer.direction is Direction.IN
        size = REPLY_SIZE + (reply.actual_length if incoming else 0)
        whole = self._link.peek(size, deadline)
        if whole is None:
            return None  # the header stays unread too, so that the next call starts at a message again
        self._link.drop(size)
        self._open.pop(reply.seqnum, None)
        return _Message(reply, transfer, whole[REPLY_SIZE:])

    def _transfer_of(self, reply: Reply) -> _Transfer | None:
        if reply.command is Command.RET_UNLINK:
            return None
        transfer = self._open.get(reply.seqnum)
        if transfer is None:
            raise ProtocolViolationError(f"an answer to transfer {reply.seqnum}, which is not open")
        if reply.actual_length > transfer.length:
            raise ProtocolViolationError(
                f"{reply.actual_length} bytes where {transfer.length} were asked for"
            )
        return transfer

    def _next_seqnum(self) -> int:
        self._seqnum += 1
        return self._seqnum
