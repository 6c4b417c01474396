"""One round with the centre: how is it, send what waits, hear what it has."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from station.centre import store
from station.centre.client import CentreClient
from station.centre.faults import not_receiving
from station.clock import Clock
from station.database import Database
from station.errors import Refused, StationError
from station.exchange.courier import Courier, Tally
from station.exchange.pulling import Heard, Pulling
from station.exchange.witness import Witness

MOST_AT_ONCE: Final = 1000  # deliveries between two looks at the flags and at what the centre has
ROUND: Final = "round"  # the number of rounds that have ended, and how the last one ended


@dataclass
class Round:
    """What a round has done. `more`: there is more to send at once."""

    tally: Tally = field(default_factory=Tally)
    heard: Heard = field(default_factory=Heard)
    more: bool = False

    def add(self, other: "Round") -> None:
        """Take in what another round has done."""
        self.tally.received += other.tally.received
        self.tally.refused += other.tally.refused
        self.tally.failures += other.tally.failures
        self.tally.trouble = other.tally.trouble
        self.heard.statuses += other.heard.statuses
        self.heard.bundles += other.heard.bundles
        self.heard.records += other.heard.records
        self.more = other.more


class Exchange:
    """Makes rounds. One thread uses it."""

    def __init__(
        self,
        database: Database,
        client: CentreClient,
        courier: Courier,
        pulling: Pulling,
        witness: Witness,
    ) -> None:
        self._database, self._client = database, client
        self._courier, self._pulling, self._witness = courier, pulling, witness

    def round(self, patience: int) -> Round:
        """Make one round; a failure that ends it is told to the witness and raised.

        Args:
            patience: failures in a row after which sending ends.

        Raises:
            Refused: CENTRE_PAUSED, CENTRE_REFUSES_STATION.
            DeviceAbsent: CENTRE_UNREACHABLE, CENTRE_CERTIFICATE_BAD; the token is away.
            OutcomeUnknown: the centre fails or is not the centre.
            StationError: our own disk or database.
        """
        self._require_running()
        done = Round()
        try:
            health = self._client.health()
            self._witness.reached()
            self._witness.said(health)
            if health.deduplicates:
                done.tally = self._courier.drain(MOST_AT_ONCE, patience)
            else:
                done.tally.trouble = not_receiving("no_deduplication")
            done.heard = self._pulling.pull()
        except StationError as error:
            if error.code.startswith("CENTRE_") and error.code != "CENTRE_SPOOL_UNUSABLE":
                self._witness.failed(error)
                self._note_round(error)
            raise
        if done.tally.received and done.tally.trouble is None:
            self._witness.reached()
        self._note_round(done.tally.trouble)
        done.more = done.tally.trouble is None and done.tally.received + done.tally.refused > 0
        return done

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _note_round(self, trouble: StationError | None) -> None:
        """Note that a round has ended, and how: whoever asked for one looks for it."""
        with self._database.transaction() as transaction:
            number = int(store.mark(transaction, ROUND).partition(" ")[0] or 0) + 1
            store.set_mark(transaction, ROUND, f"{number} {trouble.code if trouble else 'well'}")

    def _require_running(self) -> None:
        with self._database.reading() as transaction:
            reason = store.mark(transaction, store.PAUSED)
        if reason:
            raise Refused("CENTRE_PAUSED", reason=reason)


def until_done(
    exchange: Exchange, database: Database, clock: Clock, patience: int, longest_wait: float
) -> Round:
    """Make rounds until nothing is due any more, as far as the centre answers.

    Args:
        exchange: makes the rounds.
        database: of the office.
        clock: waits.
        patience: failures in a row after which it ends, with the trouble in the tally.
        longest_wait: seconds to wait for something whose next try is due later.

    Raises:
        Refused, DeviceAbsent, OutcomeUnknown, StationError: as `Exchange.round`, when the first round fails.
    """
    total = Round()
    while True:
        done = exchange.round(patience)
        total.add(done)
        if done.tally.trouble is not None:
            return total
        if not done.more:
            with database.reading() as transaction:
                due = store.next_due(transaction)
            wait = _seconds_until(clock, due)
            if wait is None or wait > longest_wait:
                return total
            clock.sleep(wait)


def _seconds_until(clock: Clock, due: str | None) -> float | None:
    if not due:
        return None
    return max(0.0, (datetime.fromisoformat(due) - clock.now()).total_seconds())
