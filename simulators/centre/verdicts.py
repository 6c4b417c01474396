"""De-duplication: when the search of a record ends, and how."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PRINT_READY = "PRINT_READY_RECORD"
RECEIVED = "RECEIVED_AT_CENTRAL"
DUPLICATE = "DUPLICATE_RECORD_ONE_TO_ONE"
ONLY_GOOD = {PRINT_READY: 1.0}


@dataclass(frozen=True)
class Deduplication:
    """How long a search takes, in simulated seconds, and how often each verdict comes."""

    shortest: float = 0.0
    longest: float = 0.0
    seed: int = 1
    shares: tuple[tuple[str, float], ...] = tuple(ONLY_GOOD.items())

    def due(self, content_hash: str, now: float) -> float:
        """When the search of a record that has just come in ends."""
        return now + Random(f"search {self.seed} {content_hash}").uniform(self.shortest, self.longest)

    def verdict(self, content_hash: str) -> str:
        """How it ends: the same for the same record and seed, in whatever order they come."""
        names = [name for name, _ in self.shares]
        weights = [share for _, share in self.shares]
        return Random(f"verdict {self.seed} {content_hash}").choices(names, weights)[0]


def read_shares(text: str) -> tuple[tuple[str, float], ...]:
    """Read `STATUS=SHARE,STATUS=SHARE`.

    Raises:
        ValueError: it is not written so.
    """
    shares = []
    for part in text.split(","):
        name, separator, share = part.partition("=")
        if not separator or not name:
            raise ValueError(f"not STATUS=SHARE: {part}")
        shares.append((name, float(share)))
    return tuple(shares)
