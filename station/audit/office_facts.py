"""What the journal says of the people, the batches and the lanes."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from station.audit.facts import Facts, TableRow
from station.journal import JournalRow
from station.lanes.store import AttentionCause, LaneCause, LaneState
from station.staff.store import MOST_FAILURES, PinEvent, StaffMember, digest_of


class StaffFacts:
    """Who works here in which role, and whose PIN it is: a row that was slipped in could sign."""

    def __init__(self) -> None:
        self._people = Facts(("name",))
        self._taken: Mapping[str, Callable[[JournalRow], None]] = {
            "staff_added": self._added,
            "pin_set": self._pin_set,
            "pin_wrong": self._pin_wrong,
            "pin_locked": self._pin_wrong,
            "pin_unlocked": self._pin_unlocked,
            "pin_forgotten": self._pin_forgotten,
        }

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name in self._taken:
            self._taken[row.name](row)

    def _added(self, row: JournalRow) -> None:
        member = StaffMember.model_validate_json(row.payload)
        values = {"role": member.role.value, "has_pin": False, "pin_failures": 0}
        self._people.expect((member.name,), row.sequence, values)

    def _pin_set(self, row: JournalRow) -> None:
        pin = PinEvent.model_validate_json(row.payload)
        self._people.change((pin.name,), row.sequence, has_pin=True, pin_failures=0)
        if pin.hash_sha256:
            self._people.change((pin.name,), row.sequence, pin_sha256=pin.hash_sha256)

    def _pin_wrong(self, row: JournalRow) -> None:
        pin = PinEvent.model_validate_json(row.payload)
        self._people.change((pin.name,), row.sequence, pin_failures=pin.failures)

    def _pin_unlocked(self, row: JournalRow) -> None:
        pin = PinEvent.model_validate_json(row.payload)
        self._people.change((pin.name,), row.sequence, pin_failures=0)

    def _pin_forgotten(self, row: JournalRow) -> None:
        name = PinEvent.model_validate_json(row.payload).name
        gone = {"has_pin": False, "pin_failures": 0, "pin_sha256": digest_of(str(None))}
        self._people.change((name,), row.sequence, **gone)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the staff contradicts."""
        return self._people.differences(map(self._seen, stored))

    def _seen(self, row: TableRow) -> TableRow:
        """A right PIN forgets wrong tries without a row, unless there were so many that it is locked."""
        told, failures = self._people.value((row["name"],), "pin_failures"), row["pin_failures"]
        forgotten = failures == 0 and isinstance(told, int) and told < MOST_FAILURES
        return {
            "name": row["name"],
            "role": row["role"],
            "has_pin": row["pin_hash"] is not None,
            "pin_sha256": digest_of(str(row["pin_hash"])),
            "pin_failures": told if forgotten else failures,
        }


class _BatchMade(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    priority_class: str


class _BatchPaused(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    paused: bool


class BatchFacts:
    """Every batch, and whether it is paused."""

    def __init__(self) -> None:
        self._batches = Facts(("name",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "batch_made":
            made = _BatchMade.model_validate_json(row.payload)
            values = {"priority_class": made.priority_class, "paused": 0}
            self._batches.expect((made.name,), row.sequence, values)
        elif row.name in ("batch_paused", "batch_resumed"):
            batch = _BatchPaused.model_validate_json(row.payload)
            self._batches.change((batch.name,), row.sequence, paused=int(batch.paused))

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the batches contradict."""
        return self._batches.differences(stored)


class LaneFacts:
    """How each lane stands: a latch that was taken off in the table was cleared by nobody."""

    def __init__(self) -> None:
        self._lanes = Facts(("name",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        lane = (row.lane,)
        if row.name == "lane_attention":
            cause = AttentionCause.model_validate_json(row.payload)
            self._stands(row, LaneState.ATTENTION, ", ".join(cause.errors + cause.waits))
        elif row.name in ("lane_ready", "lane_cleared"):
            self._stands(row, LaneState.READY, None)
        elif row.name == "lane_latched" and self._lanes.value(lane, "state") != LaneState.BROKEN.value:
            self._stands(row, LaneState.BROKEN, LaneCause.model_validate_json(row.payload).cause)

    def _stands(self, row: JournalRow, state: LaneState, cause: str | None) -> None:
        self._lanes.expect((row.lane,), row.sequence, {"state": state.value, "cause": cause})

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the lanes contradict."""
        return self._lanes.differences(stored)
