"""Releasing a restored station: what happened after the backup is compared with three witnesses first.

The continuation has brought the journal as far as it goes; each printer's counter says how many cards came
after that; and people have counted every place. Where the counters agree with the journal, nothing was made
that is not in the books, and the queue goes on. Where they do not, any job may have its card already: then
each is asked about before it is made, until two people have settled it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from station.blanks.ledger import Account
from station.cards.store import JobState, count_jobs
from station.counts.counting import BookedCount
from station.counts.store import latest_counts, open_differences
from station.database import Database, Transaction
from station.errors import Refused
from station.journal.store import Journal
from station.lanes.witness import Counters, counters_after, counters_before
from station.restoration import store as restorations
from station.restoration.rows import RELEASED, SETTLED
from station.restoration.store import Restoration


class LaneWitness(BaseModel):
    """What a lane's printer has counted, by the journal and by the printer."""

    model_config = ConfigDict(frozen=True)

    lane: str
    before: Counters | None
    after: Counters | None

    @property
    def unexplained(self) -> int | None:
        """Cards that nobody has written down; None when it cannot be told, as after a change of printers.

        A card may have been taken in before the last known row and printed after it: then the panels say so,
        and it is one.
        """
        if self.after is None:
            return None
        if self.before is None:
            return None if self.after.inserted else 0
        taken = self.after.inserted - self.before.inserted
        panels = self.after.panels - self.before.panels
        if taken < 0 or panels < 0:
            return None
        if self.before.open_step == "load":
            taken = max(taken - 1, 0)  # its probe finds out what became of it
        is_printed = panels > 0 and self.before.open_step != "print"
        return max(taken, int(is_printed))


class RestoreReleased(BaseModel):
    """Payload: two people have released a restored station, by these witnesses."""

    model_config = ConfigDict(frozen=True)

    backup: str
    lanes: tuple[LaneWitness, ...]
    asks_each: bool
    reason: str
    signers: tuple[str, str]


@dataclass(frozen=True)
class Comparison:
    """How a restored station stands.

    Attributes:
        uncounted: places that nobody has counted since the restore, `stock` or a lane.
        differences: places whose count differs from the books.
        queued, waiting: jobs that are held back.
    """

    restoration: Restoration
    lanes: tuple[LaneWitness, ...]
    uncounted: tuple[str, ...]
    differences: tuple[BookedCount, ...]
    queued: int
    waiting: int

    @property
    def unexplained(self) -> tuple[LaneWitness, ...]:
        """The lanes whose counters do not agree with the journal, or cannot be compared."""
        return tuple(lane for lane in self.lanes if lane.unexplained != 0)


def compare(transaction: Transaction, lanes: Sequence[str]) -> Comparison:
    """Compare what the books say with the witnesses.

    Raises:
        Refused: RESTORE_NOT_OPEN.
    """
    found = restorations.latest(transaction)
    if found is None or (found.released is not None and not found.asks_each):
        raise Refused("RESTORE_NOT_OPEN")
    counted = {
        count.lane if count.account is Account.IN_MACHINE else "stock"
        for count in latest_counts(transaction)
        if count.journal > found.journal
    }
    return Comparison(
        restoration=found,
        lanes=tuple(
            LaneWitness(
                lane=lane,
                before=counters_before(transaction, lane, found),
                after=counters_after(transaction, lane, found),
            )
            for lane in lanes
        ),
        uncounted=tuple(place for place in ("stock", *lanes) if place not in counted),
        differences=tuple(open_differences(transaction)),
        queued=count_jobs(transaction, JobState.QUEUED),
        waiting=count_jobs(transaction, JobState.WAITING),
    )


def release(
    database: Database,
    journal: Journal,
    lanes: Sequence[str],
    signers: tuple[str, str],
    reason: str,
    *,
    ask_each: bool,
) -> Comparison:
    """Let the station go on; or, where each job is asked about, say that this is settled.

    Args:
        database: the station's.
        journal: the station's.
        lanes: of the settings.
        signers: the two who have signed, one of them a supervisor.
        reason: what they have found out.
        ask_each: release though cards are unexplained; each job is asked about before it is made.

    Raises:
        Refused: RESTORE_NOT_OPEN, RESTORE_UNCOUNTED, RESTORE_UNEXPLAINED, REASON_MISSING.
    """
    if not reason.strip():
        raise Refused("REASON_MISSING")
    with database.transaction() as transaction:
        found = compare(transaction, lanes)
        is_open = found.restoration.released is None
        if is_open and found.uncounted:
            raise Refused("RESTORE_UNCOUNTED", places=", ".join(found.uncounted))
        if is_open and found.unexplained and not ask_each:
            raise Refused("RESTORE_UNEXPLAINED", lanes=", ".join(map(_shown, found.unexplained)))
        asks_each = is_open and bool(found.unexplained)
        payload = RestoreReleased(
            backup=found.restoration.backup,
            lanes=found.lanes,
            asks_each=asks_each,
            reason=reason.strip(),
            signers=signers,
        )
        name = RELEASED if is_open else SETTLED
        row = journal.event(transaction, name, payload, signed_by=signers[0])
        if is_open:
            restorations.release(transaction, found.restoration.journal, row, asks_each=asks_each)
        else:
            restorations.stop_asking(transaction, found.restoration.journal)
    return found


def _shown(lane: LaneWitness) -> str:
    return f"{lane.lane}: {'?' if lane.unexplained is None else lane.unexplained}"
