"""Putting an exchange together from the parts of an office."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol

from station.bundles.senders import Recipients, SenderKind, read_public_key
from station.centre.backoff import Backoff
from station.centre.client import CentreClient, Signer
from station.centre.identity import CentreIdentity
from station.centre.pace import Pace
from station.centre.wire import Wire
from station.clock import Clock
from station.database import Database
from station.errors import InputFault
from station.exchange.courier import Courier
from station.exchange.pulling import Pulling
from station.exchange.rounds import Exchange
from station.exchange.witness import Witness
from station.exchange.worker import Bell, CentreWorker, stoppable_pause
from station.intake.importing import BundleImport, FileResult
from station.journal.store import Journal
from station.lanes.tools import StopWish
from station.notices import NoticeBoard
from station.settings import CentreSettings, Settings
from station.vault.holding import Holding

SPOOL = "from-centre"
Pause = Callable[[float], None]


class Parts(Protocol):
    """What of an office an exchange is made of."""

    @property
    def settings(self) -> Settings:
        """`station.toml`."""

    @property
    def clock(self) -> Clock:
        """The station's clock."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def journal(self) -> Journal:
        """The journal."""

    @property
    def holding(self) -> Holding:
        """Held records."""

    def bundle_import(self) -> BundleImport:
        """Takes bundles in."""

    def centre_signer(self) -> Signer:
        """The key that the centre knows us by."""


def require_settings(settings: Settings) -> CentreSettings:
    """The section [centre].

    Raises:
        InputFault: CENTRE_NOT_CONFIGURED.
    """
    if settings.centre is None:
        raise InputFault("CENTRE_NOT_CONFIGURED")
    return settings.centre


def centre_identity(settings: Settings) -> CentreIdentity:
    """The centre's public keys, from the folders of senders and recipients.

    Raises:
        InputFault: CENTRE_NOT_CONFIGURED, RECIPIENT_UNKNOWN, TRUSTED_KEY_UNREADABLE.
    """
    name = require_settings(settings).name
    signing = settings.intake.senders / SenderKind.CENTRE.value / f"{name}.pem"
    return CentreIdentity(
        signing=read_public_key(signing),
        encryption=Recipients(settings.intake.recipients).require(name),
    )


def make_exchange(parts: Parts, pause: Pause, random: Random | None = None) -> Exchange:
    """Put an exchange together; nothing is opened before its first round.

    Args:
        parts: the office.
        pause: waits; it may raise when the station is to stop.
        random: the source of the jitter; seeded in tests.

    Raises:
        InputFault: as `centre_identity`.
    """
    settings = require_settings(parts.settings)
    pace = Pace(parts.clock, pause, settings.bytes_per_second)
    client = CentreClient(
        Wire(settings, parts.clock, pace),
        centre_identity(parts.settings),
        settings.station,
        parts.centre_signer(),
        parts.clock,
        settings.piece,
    )
    witness = Witness(parts.database, parts.journal, parts.clock)
    courier = Courier(
        parts.database,
        parts.journal,
        parts.clock,
        parts.holding,
        client,
        witness,
        make_backoff(settings, random),
        pause,
    )
    pulling = Pulling(
        parts.database,
        parts.journal,
        parts.clock,
        client,
        parts.settings.data / SPOOL,
        lambda file: take_in(parts.bundle_import(), file),
    )
    return Exchange(parts.database, client, courier, pulling, witness)


def make_worker(parts: Parts, notices: NoticeBoard, stop: StopWish, bell: Bell) -> CentreWorker:
    """Put the centre's thread together.

    Raises:
        InputFault: as `centre_identity`.
    """
    settings = require_settings(parts.settings)
    return CentreWorker(
        make_exchange(parts, lambda duration: stoppable_pause(parts.clock, stop, duration)),
        parts.clock,
        notices,
        stop,
        make_backoff(settings),
        settings.every,
        bell,
    )


def make_backoff(settings: CentreSettings, random: Random | None = None) -> Backoff:
    """A backoff of this station."""
    return Backoff(settings.longest_wait, random or Random())


def take_in(bundles: BundleImport, file: Path, most: int | None = None) -> FileResult:
    """Take one bundle in, at most so many records of it at once."""
    (result,) = bundles.take_in([file], most)
    return result
