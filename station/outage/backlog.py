"""The backlog by age: how long records wait to be sent, and how long for a result, in days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from station.database import Transaction
from station.outage import store

# Upper ends in days. 1 to 20+ days are ordinary, 6 months were seen (Kebumen; facts: domain.md section 5).
CLASSES = (7, 30, 90, 180)


@dataclass(frozen=True)
class Ages:
    """How many wait so long: less than each of `CLASSES`, and more than the last.

    Attributes:
        oldest: days that the oldest has waited; None when none waits.
    """

    counts: tuple[int, ...]
    oldest: int | None

    @property
    def total(self) -> int:
        """How many wait."""
        return sum(self.counts)


@dataclass(frozen=True)
class Backlog:
    """Records that are to be sent, and records that were received and have no result."""

    unsent: Ages
    without_result: Ages


def backlog(transaction: Transaction, now: datetime) -> Backlog:
    """Put every waiting record into its class of age."""
    return Backlog(
        unsent=_ages(store.ages_of_unsent(transaction), now),
        without_result=_ages(store.ages_without_result(transaction), now),
    )


def _ages(moments: Sequence[str], now: datetime) -> Ages:
    days = [(now - datetime.fromisoformat(moment)).days for moment in moments]
    counts = [0] * (len(CLASSES) + 1)
    for age in days:
        counts[sum(age >= end for end in CLASSES)] += 1
    return Ages(tuple(counts), max(days, default=None))
