"""The wire between vpcd and a card, seen from the card, which is the TCP client.

Two bytes of big-endian length, then the payload. From the host one byte is a control (below), anything
else an APDU; the card answers an APDU and a request for the ATR, each exactly once, and nothing else:
an extra reply would shift all later ones by one (fact sheet on PC/SC, table of traps).
"""

import socket

POWER_OFF = b"\x00"
POWER_ON = b"\x01"
RESET = b"\x02"
GIVE_ATR = b"\x04"


class ConnectionEnded(Exception):
    """The host has closed the connection, or is gone."""


def prepare(connection: socket.socket) -> None:
    """Switch off what would hold back small packets, once after connecting."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _acknowledge_at_once(connection)


def receive(connection: socket.socket) -> bytes:
    """Wait for one message of the host and give its payload.

    Raises:
        ConnectionEnded: there will be none.
    """
    length = int.from_bytes(_receive_exactly(connection, 2), "big")
    return _receive_exactly(connection, length)


def send(connection: socket.socket, payload: bytes) -> None:
    """Send one message in one piece.

    Raises:
        ConnectionEnded: the host is gone.
    """
    try:
        connection.sendall(len(payload).to_bytes(2, "big") + payload)
    except OSError as fault:
        raise ConnectionEnded from fault


def _receive_exactly(connection: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        try:
            part = connection.recv(length - len(parts))
            _acknowledge_at_once(connection)
        except OSError as fault:
            raise ConnectionEnded from fault
        if not part:
            raise ConnectionEnded
        parts += part
    return parts


def _acknowledge_at_once(connection: socket.socket) -> None:
    # vpcd 3.3 writes length and data apart, so a delayed ACK costs 44 ms an APDU; the kernel
    # falls back to delaying by itself, hence after every recv
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
