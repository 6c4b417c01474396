"""What a capture must be for us to take it: settings, and nothing that is known only after a start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from drivers.sbi.finger_image import Compression
from drivers.sbi.pixels import LOSSLESS_ONLY
from drivers.sbi.trust import TrustRoots


class Clock(Protocol):
    """What tells whether a capture is fresh and a certificate still valid. Deadlines are not its business."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


@dataclass(frozen=True)
class Policy:
    """The settings of one scanner.

    Attributes:
        roots: whom to believe; None = captures are marked untrusted.
        environment: `env` of requests and answers: Staging, Developer, Pre-Production, Production.
        freshness: how far a capture's time may lie from ours, either way.
        compressions: of images, that are taken.
    """

    roots: TrustRoots | None = None
    environment: str = "Production"
    freshness: timedelta = timedelta(minutes=5)
    compressions: Collection[Compression] = LOSSLESS_ONLY
