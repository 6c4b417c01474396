"""What the journal says of the exchange with the centre: what was received and published, how far we are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from station.audit.facts import Facts, TableRow
from station.centre.deliveries import (
    BundleCarried,
    CursorForgotten,
    DeliveriesReceived,
    DeliveriesRetried,
    DeliveryRefused,
    ParcelsAnnounced,
    ParcelTaken,
    Paused,
    StatusesHeard,
)
from station.centre.store import PARCELS_CURSOR, PAUSED, STATUSES_CURSOR
from station.gate.store import FROM_CENTRE
from station.journal import JournalRow
from station.restoration.rows import RESTORED, RestoredRow
from station.vault.holding import RecordReceived

OPEN, RECEIVED, REFUSED = "open", "received", "refused"
NO_RECEIPT: Mapping[str, object] = {
    "channel": None,
    "receipt_number": None,
    "receipt_at": None,
    "receipt_signature": None,
}


@dataclass(frozen=True)
class _Settled:
    """How far a delivery has come, by which journal row. `state` is None where no row tells."""

    journal: int
    state: str | None
    values: Mapping[str, object]


class DeliveryFacts:
    """Everything that the centre must get, and what it has given a receipt for.

    What is called received is never sent: a row that says so without a receipt loses a record.
    Not told by the journal, and so not compared: sizes, hours, tries and the next one, and whether an open
    delivery waits or is asked about.
    """

    def __init__(self) -> None:
        self._records = Facts(("content_hash",))
        self._settled: dict[str, _Settled] = {}
        self._carried: dict[str, str] = {}
        self._untold_receipts = self._untold_bundles = False
        self._events: Mapping[str, Callable[[JournalRow], None]] = {
            "record_received": self._record,
            "deliveries_received": self._received,
            "delivery_refused": self._refused,
            "deliveries_retried": self._retried,
            "bundle_carried": self._in_bundle,
            RESTORED: self._restored,
        }

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name in self._events:
            self._events[row.name](row)

    def _record(self, row: JournalRow) -> None:
        came = RecordReceived.model_validate_json(row.payload)
        self._settled.pop(came.content_hash, None)  # it came before, and was lost with a disk
        self._carried.pop(came.content_hash, None)
        if not came.origin.startswith(FROM_CENTRE):
            values = {"kind": "record", "record": came.record}
            self._records.expect((came.content_hash,), row.sequence, values)

    def _received(self, row: JournalRow) -> None:
        received = DeliveriesReceived.model_validate_json(row.payload)
        self._untold_receipts |= len(received.receipts) < received.count
        for one in received.receipts:
            receipt = {
                "reason": None,
                "channel": received.channel.value,
                "receipt_number": one.number,
                "receipt_at": one.received_at,
                "receipt_signature": one.signature,
            }
            self._settled[one.content_hash] = _Settled(row.sequence, RECEIVED, receipt)

    def _refused(self, row: JournalRow) -> None:
        refused = DeliveryRefused.model_validate_json(row.payload)
        before = self._settled.get(refused.content_hash)
        if before is None or before.state not in (RECEIVED, REFUSED):
            reason = {**NO_RECEIPT, "reason": refused.reason}
            self._settled[refused.content_hash] = _Settled(row.sequence, REFUSED, reason)

    def _retried(self, row: JournalRow) -> None:
        told = DeliveriesRetried.model_validate_json(row.payload).content_hashes
        refused = {name for name, settled in self._settled.items() if settled.state == REFUSED}
        state = OPEN if told is not None else None
        for name in refused if told is None else refused & set(told):
            self._settled[name] = _Settled(row.sequence, state, NO_RECEIPT)

    def _in_bundle(self, row: JournalRow) -> None:
        carried = BundleCarried.model_validate_json(row.payload)
        self._untold_bundles |= len(carried.content_hashes) < carried.count
        self._carried |= dict.fromkeys(carried.content_hashes, carried.bundle)

    def _restored(self, row: JournalRow) -> None:
        self._records.forget_since(RestoredRow.model_validate_json(row.payload).sequence)

    def differences(self, stored: Iterable[TableRow], messages: Mapping[str, int]) -> Iterator[int]:
        """The journal rows that the deliveries contradict.

        Args:
            stored: the table.
            messages: the journal row of each queued message by its content hash.
        """
        for name, journal in messages.items():
            self._records.expect((name,), journal, {"kind": "message", "record": None})
        for (key,), fact in self._records.expected.items():
            name = str(key)
            settled = self._settled.get(name, _Settled(fact.journal, OPEN, NO_RECEIPT))
            told = {**settled.values, "carried_in": self._carried.get(name)}
            state = {} if settled.state is None else {"settled": settled.state}
            self._records.change((name,), max(fact.journal, settled.journal), **told, **state)
        return self._records.differences(map(self._seen, stored))

    def _seen(self, row: TableRow) -> TableRow:
        told = self._records.expected.get((row["content_hash"],))
        known = told.values if told else {}
        state = row["state"] if row["state"] in (RECEIVED, REFUSED) else OPEN
        seen = {**row, "settled": state}
        if self._untold_receipts and state == RECEIVED and known.get("settled", OPEN) == OPEN:
            seen |= {"settled": OPEN, **NO_RECEIPT}
        if self._untold_bundles and known.get("carried_in", "") is None:
            seen["carried_in"] = None
        return seen


class ParcelFacts:
    """Every bundle that the centre has published, and what became of it.

    Not told by the journal, and so not compared: the size and the hour, whether a bundle has been fetched,
    and one that waits without being told of: it holds what its name says, or is thrown away.
    """

    def __init__(self) -> None:
        self._parcels = Facts(("sha256",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "centre_bundles_announced":
            for one in ParcelsAnnounced.model_validate_json(row.payload).parcels:
                if (one.sha256,) not in self._parcels.expected:
                    self._parcels.expect((one.sha256,), row.sequence, {"settled": OPEN, "reason": None})
        elif row.name == "centre_bundle_taken":
            taken = ParcelTaken.model_validate_json(row.payload)
            state = "refused" if taken.reason else "taken"
            if (taken.sha256,) not in self._parcels.expected:  # an older program has announced it
                self._parcels.expect((taken.sha256,), row.sequence, {})
            self._parcels.change((taken.sha256,), row.sequence, settled=state, reason=taken.reason)
        elif row.name == RESTORED:
            self._restored(RestoredRow.model_validate_json(row.payload).sequence)

    def _restored(self, sequence: int) -> None:
        self._parcels.forget_since(sequence)
        for key, fact in self._parcels.expected.items():
            if fact.journal > sequence:
                self._parcels.change(key, sequence, settled=OPEN, reason=None)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the published bundles contradict."""
        seen = [{**row, "settled": self._state_of(row)} for row in stored]
        return self._parcels.differences(
            row for row in seen if row["settled"] != OPEN or (row["sha256"],) in self._parcels.expected
        )

    @staticmethod
    def _state_of(row: TableRow) -> object:
        return OPEN if row["state"] in ("announced", "fetched") else row["state"]


class MarkFacts:
    """How far the pulls have come, and whether people have paused them: what is skipped is never heard.

    A mark that no row tells of is not compared: that of an older program, the last round, the hour of the
    last flags.
    """

    def __init__(self) -> None:
        self._marks = Facts(("name",))
        self._cursors: dict[str, list[tuple[int, str]]] = {STATUSES_CURSOR: [], PARCELS_CURSOR: []}

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "statuses_heard":
            cursor = StatusesHeard.model_validate_json(row.payload).cursor
            if cursor is not None:
                self._reached(row, STATUSES_CURSOR, cursor)
        elif row.name == "centre_bundles_announced":
            self._reached(row, PARCELS_CURSOR, ParcelsAnnounced.model_validate_json(row.payload).cursor)
        elif row.name == "centre_cursor_forgotten":
            self._reached(row, CursorForgotten.model_validate_json(row.payload).name, "")
        elif row.name == "centre_paused":
            self._set(row.sequence, PAUSED, Paused.model_validate_json(row.payload).reason)
        elif row.name == "centre_resumed":
            self._set(row.sequence, PAUSED, "")
        elif row.name == RESTORED:
            self._restored(RestoredRow.model_validate_json(row.payload).sequence)

    def _reached(self, row: JournalRow, name: str, cursor: str) -> None:
        self._cursors.setdefault(name, []).append((row.sequence, cursor))
        self._set(row.sequence, name, cursor)

    def _set(self, journal: int, name: str, value: str) -> None:
        self._marks.expect((name,), journal, {"value": value})

    def _restored(self, sequence: int) -> None:
        """The cursors stand where the backup has them; a pause is put back with the rows after it."""
        for name, reached in self._cursors.items():
            self._cursors[name] = [one for one in reached if one[0] <= sequence]
            self._marks.expected.pop((name,), None)
            for journal, cursor in self._cursors[name][-1:]:
                self._set(journal, name, cursor)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the marks contradict."""
        return self._marks.differences(
            row
            for row in stored
            if (row["name"],) in self._marks.expected or (row["name"] == PAUSED and row["value"])
        )
