"""Chip readers: `pcsc:///Reader name` through pcscd, and `apdu://host:port` for mass simulation."""

from drivers.pcsc.apdu import CardSlot, SlotReader, SocketSlot
from drivers.pcsc.base import CardIdentity, CardReader
from drivers.pcsc.connection import CardConnection, Response
from drivers.pcsc.errors import (
    CardChanged,
    CardMute,
    CardRemoved,
    CardWasReset,
    DaemonGone,
    FrameRefused,
    NoCard,
    NotConnected,
    OutcomeUnknown,
    ReaderBusy,
    ReaderError,
    ReaderFailure,
    ReaderHung,
    ReaderNotFound,
)
from drivers.pcsc.locate import ReaderUrlError, open_reader
from drivers.pcsc.observed import ExchangeRecord, ObservedConnection, WireStatistics, log_exchange
from drivers.pcsc.reader import PcscReader, list_readers
from drivers.pcsc.status import StatusWordError, expect, matches

__all__ = [
    "CardChanged",
    "CardConnection",
    "CardIdentity",
    "CardMute",
    "CardReader",
    "CardRemoved",
    "CardSlot",
    "CardWasReset",
    "DaemonGone",
    "ExchangeRecord",
    "FrameRefused",
    "NoCard",
    "NotConnected",
    "ObservedConnection",
    "OutcomeUnknown",
    "PcscReader",
    "ReaderBusy",
    "ReaderError",
    "ReaderFailure",
    "ReaderHung",
    "ReaderNotFound",
    "ReaderUrlError",
    "Response",
    "SlotReader",
    "SocketSlot",
    "StatusWordError",
    "WireStatistics",
    "expect",
    "list_readers",
    "log_exchange",
    "matches",
    "open_reader",
]
