"""Keeping counts, and finding what they leave open."""

from sqlalchemy import Row, Select, and_, exists, func, insert, or_, select

from station.blanks.ledger import Account
from station.blanks.store import balance
from station.cards.store import out_of_hopper
from station.counts.counting import (
    BookedCount,
    CountedPlace,
    CountKind,
    CountLine,
    ShiftCount,
    Trace,
    TraceEvent,
)
from station.database.engine import Transaction
from station.database.tables import attempts, blank_counts, journal, signed_acts
from station.journal import Outcome, RowKind
from station.journal.store import Journal, rows_of_attempt

EVENTS_SHOWN = 4
NO_END = 1 << 62


def compare(transaction: Transaction, place: CountedPlace) -> CountLine:
    """Put a counted place beside the books."""
    return CountLine(
        account=place.account,
        lane=place.lane,
        counted=place.counted,
        booked=balance(transaction, place.account, place.lane),
        elsewhere=out_of_hopper(transaction, place.lane) if place.lane else (),
    )


def record(transaction: Transaction, journal_writer: Journal, count: ShiftCount, by: str) -> int:
    """Keep a count; return its journal row."""
    row = journal_writer.event(transaction, "blanks_counted", count, signed_by=by)
    for line in count.lines:
        transaction.execute(
            insert(blank_counts).values(
                journal=row,
                kind=count.kind,
                account=line.account,
                lane=line.lane,
                counted=line.counted,
                expected=line.expected,
            )
        )
    return row


def _counts() -> Select[tuple[object, ...]]:
    return select(blank_counts, journal.c.at, journal.c.signed_by).join(
        journal, journal.c.sequence == blank_counts.c.journal
    )


def _booked(row: Row[tuple[object, ...]]) -> BookedCount:
    return BookedCount(
        id=row.id,
        journal=row.journal,
        at=row.at,
        by=row.signed_by or "",
        kind=CountKind(row.kind),
        account=Account(row.account),
        lane=row.lane,
        counted=row.counted,
        expected=row.expected,
    )


def counts_between(transaction: Transaction, start: str, end: str) -> list[BookedCount]:
    """Every counted place from one moment to before another, oldest first."""
    found = transaction.execute(
        _counts().where(journal.c.at >= start, journal.c.at < end).order_by(blank_counts.c.id)
    )
    return [_booked(row) for row in found]


def latest_counts(transaction: Transaction, upto: int = NO_END) -> list[BookedCount]:
    """The last count of every place, seen from a journal row."""
    newest = (
        select(func.max(blank_counts.c.id))
        .where(blank_counts.c.journal <= upto)
        .group_by(blank_counts.c.account, blank_counts.c.lane)
    )
    found = transaction.execute(
        _counts()
        .where(blank_counts.c.id.in_(newest))
        .order_by(blank_counts.c.account.desc(), blank_counts.c.lane)
    )
    return [_booked(row) for row in found]


def open_differences(transaction: Transaction, upto: int = NO_END) -> list[BookedCount]:
    """Places whose last count differs from the books and was not settled, seen from a journal row.

    The last count of a place speaks for it: a blank that turns up again is found by counting again.
    """
    settled = {
        int(row.settles)
        for row in transaction.execute(
            select(signed_acts.c.settles).where(
                signed_acts.c.settles.is_not(None), signed_acts.c.journal <= upto
            )
        )
    }
    return [
        count for count in latest_counts(transaction, upto) if count.difference and count.id not in settled
    ]


def was_unsure(transaction: Transaction, count: BookedCount) -> bool:
    """Whether a load was under way when a lane was counted, so that nobody knew if its blank had left.

    What was found then may be that blank: it was booked out since, or lies in the hopper after all.
    """
    settled, closed = journal.alias("settled"), journal.alias("closed")
    known = exists().where(
        settled.c.intent == journal.c.sequence,
        settled.c.outcome.in_((Outcome.DONE, Outcome.NOT_DONE)),
        settled.c.sequence < count.journal,
    )
    ended = exists().where(
        closed.c.attempt == journal.c.attempt,
        closed.c.name == "card_spoiled",
        closed.c.sequence < count.journal,
    )
    found = transaction.execute(
        select(journal.c.sequence)
        .where(
            journal.c.lane == count.lane,
            journal.c.kind == RowKind.INTENT,
            journal.c.name == "load",
            journal.c.sequence < count.journal,
            ~known,
            ~ended,
        )
        .limit(1)
    )
    return found.first() is not None


def traces(transaction: Transaction, count: BookedCount) -> list[Trace]:
    """The cards of a lane that may be missing from its hopper, with the last that is known of each.

    They are those that a person's word or an open question stands for, since the place last agreed.
    """
    if count.account is not Account.IN_MACHINE:
        return []
    agreed = transaction.execute(
        select(func.max(blank_counts.c.journal)).where(
            blank_counts.c.account == count.account,
            blank_counts.c.lane == count.lane,
            blank_counts.c.counted == blank_counts.c.expected,
            blank_counts.c.journal < count.journal,
        )
    ).scalar()
    doubted = exists().where(
        and_(
            journal.c.attempt == attempts.c.id,
            journal.c.kind.in_((RowKind.QUESTION, RowKind.ANSWER)),
            journal.c.sequence > (agreed or 0),
        )
    )
    found = transaction.execute(
        select(attempts.c.id, attempts.c.job, attempts.c.card)
        .where(attempts.c.lane == count.lane, or_(attempts.c.state.in_(("open", "checking")), doubted))
        .order_by(attempts.c.id)
    )
    return [_trace(transaction, row.id, row.job, row.card) for row in found]


def _trace(transaction: Transaction, attempt: int, job: int, card: str | None) -> Trace:
    rows = rows_of_attempt(transaction, attempt)[-EVENTS_SHOWN:]
    return Trace(
        attempt,
        job,
        card,
        tuple(
            TraceEvent(
                row.sequence, row.at, row.name, row.outcome.value if row.outcome else None, row.signed_by
            )
            for row in rows
        ),
    )
