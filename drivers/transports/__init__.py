"""Paths to a printer: TCP, USB, USB over IP, and a plain file."""

from drivers.transports.base import (
    CHUNK_SIZE,
    ClosingQuestion,
    NoReplyChannelError,
    PortFaultError,
    PrinterTransport,
    TransportBrokenError,
    TransportError,
    TransportTimeoutError,
    TransportUnreachableError,
    TransportUrlError,
    deadline_after,
)
from drivers.transports.urls import open_printer_transport

__all__ = [
    "CHUNK_SIZE",
    "ClosingQuestion",
    "NoReplyChannelError",
    "PortFaultError",
    "PrinterTransport",
    "TransportBrokenError",
    "TransportError",
    "TransportTimeoutError",
    "TransportUnreachableError",
    "TransportUrlError",
    "deadline_after",
    "open_printer_transport",
]
