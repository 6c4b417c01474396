"""What a journal row does to staff, batches, lanes, the facts about the centre and held records."""

from pydantic import BaseModel, ConfigDict

from station.batches.store import set_paused
from station.database import Transaction
from station.journal import JournalRow
from station.lanes import store as lanes
from station.lanes.store import AttentionCause, LaneCause, LaneState
from station.outage import store as outage
from station.outage.facts import OutageChanged
from station.outage.letters import LetterPolicy
from station.replay import store
from station.restoration import store as restorations
from station.restoration.rows import RELEASED, RESTORED, SETTLED, ReleasedRow, RestoredRow
from station.staff.store import PinEvent, StaffMember, put_no_pin
from station.vault import store as vault_store
from station.vault.holding import RecordErased


class _Batch(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    priority_class: str = ""


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do what a row says was done."""
    if row.name.startswith(("staff_", "pin_")):
        _staff(transaction, row)
    elif row.name == "batch_made":
        batch = _Batch.model_validate_json(row.payload)
        store.put_batch(transaction, batch.name, batch.priority_class, row.at)
    elif row.name in ("batch_paused", "batch_resumed"):
        name = _Batch.model_validate_json(row.payload).name
        set_paused(transaction, name, paused=row.name == "batch_paused")
    elif row.name.startswith("lane_") and row.lane:
        _lane(transaction, row, row.lane)
    elif row.name == "outage_changed":
        outage.put_fact(transaction, OutageChanged.model_validate_json(row.payload), row.at)
    elif row.name == "letter_policy_changed":
        policy = LetterPolicy.model_validate_json(row.payload)
        outage.put_policy(transaction, row.sequence, policy, row.at)
    elif row.name == RESTORED:
        known = RestoredRow.model_validate_json(row.payload)
        restorations.add(transaction, row.sequence, known.backup, known.state_of, row.at)
    elif row.name in (RELEASED, SETTLED):
        released = ReleasedRow.model_validate_json(row.payload)
        restorations.put_release(transaction, row.sequence, asks_each=released.asks_each)
    elif row.name == "record_erased":
        vault_store.erase(transaction, RecordErased.model_validate_json(row.payload).record, row.at)


def _staff(transaction: Transaction, row: JournalRow) -> None:
    if row.name == "staff_added":
        store.put_member(transaction, StaffMember.model_validate_json(row.payload))
        return
    event = PinEvent.model_validate_json(row.payload)
    if row.name in ("pin_set", "pin_forgotten"):
        put_no_pin(transaction, event.name)
    else:
        store.set_failures(transaction, event.name, event.failures)


def _lane(transaction: Transaction, row: JournalRow, lane: str) -> None:
    if row.name == "lane_attention":
        attention = AttentionCause.model_validate_json(row.payload)
        cause = ", ".join(attention.errors + attention.waits)
        store.put_lane(transaction, lane, LaneState.ATTENTION, cause, row.at)
    elif row.name == "lane_latched":
        if lanes.status(transaction, lane).state is LaneState.BROKEN:
            return  # a later cause never replaces the first
        cause = LaneCause.model_validate_json(row.payload).cause
        store.put_lane(transaction, lane, LaneState.BROKEN, cause, row.at)
    elif row.name in ("lane_ready", "lane_cleared"):
        store.put_lane(transaction, lane, LaneState.READY, None, row.at)
