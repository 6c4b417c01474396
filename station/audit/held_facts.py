"""What the journal says of held records, and of what the centre has said of each: the gate believes these."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from station.audit.facts import Facts, TableRow
from station.centre.deliveries import DeliveriesReceived, StatusesHeard
from station.centre.documents import RecordStatus
from station.centre.store import BEFORE_SENDING, SENT
from station.journal import JournalRow
from station.restoration.rows import RESTORED, RestoredRow
from station.vault.holding import RecordErased, RecordReceived


class HeldFacts:
    """Folds what came in, what was erased, and every word of the centre.

    A status that was put into a table opens the print gate, and so does an origin: nobody has said it then.
    Rows of older programs told less. What they may have done is passed over, and nothing else.
    """

    def __init__(self) -> None:
        self._held, self._statuses = Facts(("record",)), Facts(("record",))
        self._by_content: dict[str, str] = {}
        self._untold_statuses = self._untold_receipts = False
        self._events: Mapping[str, Callable[[JournalRow], None]] = {
            "record_received": self._received,
            "record_erased": self._erased,
            "statuses_heard": self._heard,
            "deliveries_received": self._delivered,
            RESTORED: self._restored,
        }

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name in self._events:
            self._events[row.name](row)

    def _received(self, row: JournalRow) -> None:
        came = RecordReceived.model_validate_json(row.payload)
        values: dict[str, object] = {
            "person": row.person,
            "issue": came.issue,
            "content_hash": came.content_hash,
            "origin": came.origin,
            "centre_status": None,
            "centre_status_at": None,
            "is_erased": False,
        }
        if came.record_sha256:
            values |= {"record_sha256": came.record_sha256, "local_status": came.local_status}
        self._held.expect((came.record,), row.sequence, values)
        self._by_content[came.content_hash] = came.record

    def _erased(self, row: JournalRow) -> None:
        record = RecordErased.model_validate_json(row.payload).record
        self._held.change((record,), row.sequence, is_erased=True)

    def _heard(self, row: JournalRow) -> None:
        heard = StatusesHeard.model_validate_json(row.payload)
        self._untold_statuses |= len(heard.statuses) < heard.count
        for position, one in enumerate(heard.statuses):
            if self._is_later(one, passed_over=position in heard.older):
                values: dict[str, object] = {**one.model_dump(), "heard_at": heard.heard_at}
                self._statuses.expect((one.record,), row.sequence, values)
        for one in heard.statuses:
            self._said_of_held(row, one)

    def _is_later(self, one: RecordStatus, *, passed_over: bool) -> bool:
        """Whether it replaces what was said before; of what no row tells, the row itself says it."""
        before = self._statuses.value((one.record,), "at")
        return one.at >= before if isinstance(before, str) else not passed_over

    def _said_of_held(self, row: JournalRow, one: RecordStatus) -> None:
        """A word on these very files stands beside them; one on other files does not."""
        held, said = (one.record,), self._statuses.expected.get((one.record,))
        if said is None or self._held.value(held, "record_sha256") != one.digest:
            return
        is_of_these = said.values["digest"] == one.digest
        status, at = (said.values["status"], said.values["at"]) if is_of_these else (None, None)
        self._held.change(held, row.sequence, centre_status=status, centre_status_at=at)

    def _delivered(self, row: JournalRow) -> None:
        received = DeliveriesReceived.model_validate_json(row.payload)
        self._untold_receipts |= len(received.receipts) < received.count
        for one in received.receipts:
            record = self._by_content.get(one.content_hash)
            if record and self._held.value((record,), "local_status") in BEFORE_SENDING:
                self._held.change((record,), row.sequence, local_status=SENT)

    def _restored(self, row: JournalRow) -> None:
        """Records that came in after the backup are gone with the disk; what was said of them is not."""
        self._held.forget_since(RestoredRow.model_validate_json(row.payload).sequence)

    def is_held(self, record: object, content_hash: object) -> bool:
        """Whether a record of this id or of this content has come in."""
        return (record,) in self._held.expected or (
            (self._by_content.get(str(content_hash)),) in self._held.expected
        )

    def wrong_records(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the held records contradict."""
        return self._held.differences(map(self._seen, stored))

    def _seen(self, row: TableRow) -> TableRow:
        told = self._held.expected.get((row["record"],))
        known = told.values if told else {}
        seen = {**row, "is_erased": row["erased_at"] is not None}
        if self._untold_statuses and known.get("centre_status", "") is None:
            seen |= {"centre_status": None, "centre_status_at": None}
        is_sent = row["local_status"] == SENT
        if self._untold_receipts and is_sent and known.get("local_status") in BEFORE_SENDING:
            seen["local_status"] = known["local_status"]
        return seen

    def wrong_statuses(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the statuses of the centre contradict."""
        return self._statuses.differences(row for row in stored if self._is_compared(row))

    def _is_compared(self, row: TableRow) -> bool:
        return not self._untold_statuses or (row["record"],) in self._statuses.expected
