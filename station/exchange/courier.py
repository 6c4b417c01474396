"""Sending: oldest first, each thing for itself, counted only with a receipt that matches."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from station.centre import store
from station.centre.backoff import Backoff
from station.centre.client import CentreClient, Sending
from station.centre.deliveries import Channel, Delivery, DeliveryState
from station.centre.documents import Receipt
from station.clock import Clock, timestamp
from station.database import Database
from station.errors import DeviceAbsent, InputFault, OutcomeUnknown, Refused, StationError
from station.exchange.witness import Witness
from station.journal.store import Journal
from station.vault.holding import Holding
from station.vault.store import HeldRecord, among

PAGE = 64  # deliveries that are looked up, and receipts that are settled, together
LONGEST_UNSETTLED = 1.0  # seconds; a receipt that is lost in a crash only costs a second, equal one
ENDS_ROUND = frozenset(
    {"CENTRE_NOT_RECEIVING", "CENTRE_REFUSES_STATION", "CENTRE_CERTIFICATE_BAD", "CENTRE_UNREACHABLE"}
)
"""What concerns everything that would be sent next: it is not tried with the next one at once."""


@dataclass
class Tally:
    """What a drain has done. `trouble` is the last failure of the link, if it ended with one."""

    received: int = 0
    refused: int = 0
    failures: int = 0
    trouble: StationError | None = None


@dataclass
class _Unsettled:
    receipts: list[tuple[Delivery, Receipt]] = field(default_factory=list)
    since: float = 0.0


class Courier:
    """Takes deliveries to the centre. One thread uses it; another reads one record ahead."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        holding: Holding,
        client: CentreClient,
        witness: Witness,
        backoff: Backoff,
        pause: Callable[[float], None],
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._holding, self._client, self._witness = holding, client, witness
        self._backoff, self._pause = backoff, pause
        self._unsettled = _Unsettled()
        self._held: dict[str, HeldRecord] = {}
        self._erasures = 0

    def drain(self, most: int, patience: int) -> Tally:
        """Send what is due, oldest first, at most `most` things.

        Args:
            most: how many before the caller looks at other things.
            patience: failures in a row after which it ends.

        Raises:
            DeviceAbsent: the token is away: no key of a record can be wrapped.
            StationError: DATABASE_UNUSABLE, VAULT_UNUSABLE.
        """
        tally, last, begun = Tally(), 0, 0
        with ThreadPoolExecutor(1, "courier") as hand:
            try:
                while begun < most:
                    page = self._next_page(last, min(PAGE, most - begun))
                    if not page:
                        break
                    for delivery, prepared in self._prepared(hand, page):
                        last, begun = delivery.id, begun + 1
                        if not self._carry(delivery, prepared, tally, patience):
                            return tally
            finally:
                self._settle()
        return tally

    def _prepared(
        self, hand: ThreadPoolExecutor, page: Sequence[Delivery]
    ) -> Iterator[tuple[Delivery, Future[Sending]]]:
        """Read and unwrap the next thing while the centre is busy with this one: one ahead, never more."""
        ahead = hand.submit(self._prepare, page[0])
        for number, delivery in enumerate(page, 1):
            current = ahead
            if number < len(page):
                ahead = hand.submit(self._prepare, page[number])
            yield delivery, current

    def _next_page(self, last: int, most: int) -> list[Delivery]:
        """Look up what is due next, with the records that it is about."""
        self._erasures = self._holding.erasures
        with self._database.reading() as transaction:
            page = store.due(transaction, timestamp(self._clock.now()), last, most)
            names = [one.record for one in page if one.record is not None]
            hashes = [one.content_hash for one in page if one.record is not None]
            self._held = {one.record: one for one in among(transaction, names, hashes)}
        return page

    def _carry(self, delivery: Delivery, prepared: Future[Sending], tally: Tally, patience: int) -> bool:
        """Send one thing; tell whether to go on with the next."""
        try:
            sending = prepared.result()
            if delivery.record is not None and self._holding.erasures != self._erasures:
                self._holding.require(delivery.record)  # something was erased since they were looked up
            receipt = self._exchange(delivery, sending)
        except (InputFault, Refused) as error:
            if error.code in ENDS_ROUND:
                return self._failed(delivery, error, tally, patience)
            self._set_aside(delivery, error)
            tally.refused += 1
            return True
        except (DeviceAbsent, OutcomeUnknown) as error:
            if not error.code.startswith("CENTRE_"):
                raise  # our own token, not the centre
            return self._failed(delivery, error, tally, patience)
        self._backoff.succeeded()
        self._keep(delivery, receipt)
        tally.received += 1
        tally.trouble = None
        return True

    def _prepare(self, delivery: Delivery) -> Sending:
        """Read what is to be sent.

        Raises:
            Refused, InputFault: it is erased or broken: it can never be sent.
        """
        if delivery.record is None:
            with self._database.reading() as transaction:
                body = store.message_bytes(transaction, delivery.outbox or 0)
            return Sending("message", delivery.content_hash, body)
        held = self._held[delivery.record]
        sealed, key = self._holding.sealed_of(held), self._holding.record_key(held)
        return Sending("record", sealed.content_hash, sealed.sealed, sealed.record, key)

    def _exchange(self, delivery: Delivery, sending: Sending) -> Receipt:
        """Ask first when nobody knows what became of the last try, or when pieces of it may be there."""
        offset = 0
        if delivery.state is DeliveryState.UNKNOWN or self._client.in_pieces(sending):
            found = self._client.receipt_or_offset(sending)
            if isinstance(found, Receipt):
                return found
            offset = found
        return self._client.send(sending, offset)

    def _failed(self, delivery: Delivery, error: StationError, tally: Tally, patience: int) -> bool:
        self._settle()
        wait = self._backoff.failed()
        later = self._clock.now() + timedelta(seconds=self._backoff.wait_after(delivery.tries + 1))
        reached = error.code in ("CENTRE_NOT_RECEIVING", "CENTRE_REFUSES_STATION")
        if not reached:
            with self._database.transaction() as transaction:
                store.note_unknown(transaction, delivery, error.code, timestamp(later))
        tally.failures += 1
        tally.trouble = error
        if self._backoff.failures > 1 or error.code in ENDS_ROUND:
            self._witness.failed(error)  # one failure alone says nothing of the link
        if error.code in ENDS_ROUND or self._backoff.failures >= patience:
            return False
        if wait:
            self._pause(wait)
        return True

    def _set_aside(self, delivery: Delivery, error: StationError) -> None:
        reason = str(error.values["reason"]) if error.code == "CENTRE_REFUSED_DELIVERY" else error.code
        with self._database.transaction() as transaction:
            store.refuse(transaction, self._journal, delivery, reason)

    def _keep(self, delivery: Delivery, receipt: Receipt) -> None:
        waiting = self._unsettled
        if not waiting.receipts:
            waiting.since = self._clock.monotonic()
        waiting.receipts.append((delivery, receipt))
        if len(waiting.receipts) >= PAGE or self._clock.monotonic() - waiting.since >= LONGEST_UNSETTLED:
            self._settle()

    def _settle(self) -> None:
        """Write down the receipts that came; before that they count for nothing."""
        receipts, self._unsettled.receipts = self._unsettled.receipts, []
        if receipts:
            with self._database.transaction() as transaction:
                store.settle_received(transaction, self._clock, self._journal, receipts, Channel.WIRE)
