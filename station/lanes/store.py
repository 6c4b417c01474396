"""The state of each lane. A broken lane keeps its first cause until a person clears it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.tables import lanes
from station.errors import Refused
from station.journal.store import Journal, Place


class LaneState(StrEnum):
    """How a lane is."""

    READY = "ready"
    ATTENTION = "attention"
    BROKEN = "broken"


class LaneStatus(BaseModel):
    """A lane's state, why, and since when."""

    model_config = ConfigDict(frozen=True)

    name: str
    state: LaneState
    cause: str | None
    since: str


class LaneCause(BaseModel):
    """Why a lane changed its state."""

    model_config = ConfigDict(frozen=True)

    cause: str


class AttentionCause(BaseModel):
    """What a lane waits for: errors that may have cost a card, and things that only have to be mended."""

    model_config = ConfigDict(frozen=True)

    errors: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()


def status(transaction: Transaction, name: str) -> LaneStatus:
    """Read a lane's state; a lane that never had trouble is ready."""
    row = transaction.execute(select(lanes).where(lanes.c.name == name)).first()
    if row is None:
        return LaneStatus(name=name, state=LaneState.READY, cause=None, since="")
    return LaneStatus(name=row.name, state=LaneState(row.state), cause=row.cause, since=row.since)


def _set(transaction: Transaction, clock: Clock, name: str, state: LaneState, cause: str | None) -> None:
    values = {"state": state, "cause": cause, "since": timestamp(clock.now())}
    transaction.execute(
        insert(lanes).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


def want_attention(
    transaction: Transaction, clock: Clock, journal: Journal, place: Place, cause: AttentionCause
) -> None:
    """Note that a lane waits for somebody to mend something; it goes on by itself afterwards."""
    journal.event(transaction, "lane_attention", cause, place)
    _set(transaction, clock, place.lane or "", LaneState.ATTENTION, ", ".join(cause.errors + cause.waits))


def end_attention(transaction: Transaction, clock: Clock, journal: Journal, place: Place) -> None:
    """Note that a lane can go on."""
    journal.event(transaction, "lane_ready", None, place)
    _set(transaction, clock, place.lane or "", LaneState.READY, None)


def latch(transaction: Transaction, clock: Clock, journal: Journal, place: Place, cause: str) -> None:
    """Latch a lane broken. A later cause never replaces the first."""
    journal.event(transaction, "lane_latched", LaneCause(cause=cause), place)
    if status(transaction, place.lane or "").state is not LaneState.BROKEN:
        _set(transaction, clock, place.lane or "", LaneState.BROKEN, cause)


def clear(
    transaction: Transaction, clock: Clock, journal: Journal, place: Place, by: str, reason: str
) -> None:
    """Clear a broken lane, by a person and with a reason. `place` names the attempt that is open in it.

    Raises:
        Refused: LANE_NOT_BROKEN.
    """
    name = place.lane or ""
    if status(transaction, name).state is not LaneState.BROKEN:
        raise Refused("LANE_NOT_BROKEN", lane=name)
    journal.event(transaction, "lane_cleared", LaneCause(cause=reason), place, signed_by=by)
    _set(transaction, clock, name, LaneState.READY, None)
