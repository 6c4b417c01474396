"""Reading one span of the ledger and the journal."""

from datetime import date, datetime

from sqlalchemy import and_, exists, func, select

from station.blanks.ledger import Account
from station.clock import timestamp
from station.counts import store as counts
from station.database.engine import Transaction
from station.database.tables import blank_moves, journal, journal_heads
from station.handover.store import figures_between
from station.journal import JournalRow, RowKind
from station.journal.store import row_at
from station.local_time import Day, TimeZone, local
from station.statements.daily import DailyStatement, Flow, JournalHead, OpenDifference


def daily_statement(transaction: Transaction, on: date, zone: TimeZone, now: datetime) -> DailyStatement:
    """State one day as it stood at its end; today as it stands now."""
    day = Day(on, zone)
    is_over = local(now, zone).date() > on
    last = _last_row(transaction, day.end)
    return DailyStatement(
        on=on,
        until=day.end if is_over else timestamp(now),
        is_over=is_over,
        before=flows(transaction, "", day.start),
        during=flows(transaction, day.start, day.end),
        counts=counts.counts_between(transaction, day.start, day.end),
        differences=[
            OpenDifference(count, tuple(counts.traces(transaction, count)))
            for count in counts.open_differences(transaction, last)
        ],
        questions=_questions(transaction, last),
        head=_head(transaction, last),
        handovers=figures_between(transaction, day.start, day.end),
    )


def flows(transaction: Transaction, start: str, end: str) -> list[Flow]:
    """Add up the moves from one moment to before another, by what they are."""
    kind = (
        blank_moves.c.source,
        blank_moves.c.source_lane,
        blank_moves.c.target,
        blank_moves.c.target_lane,
        blank_moves.c.cause,
        blank_moves.c.counterpart,
    )
    found = transaction.execute(
        select(*kind, func.sum(blank_moves.c.quantity).label("quantity"), func.count().label("bookings"))
        .join(journal, journal.c.sequence == blank_moves.c.journal)
        .where(journal.c.at >= start, journal.c.at < end)
        .group_by(*kind)
        .order_by(*kind)
    )
    return [
        Flow(
            source=Account(row.source),
            source_lane=row.source_lane,
            target=Account(row.target),
            target_lane=row.target_lane,
            cause=row.cause,
            counterpart=row.counterpart,
            quantity=int(row.quantity),
            bookings=int(row.bookings),
        )
        for row in found
    ]


def _last_row(transaction: Transaction, end: str) -> int:
    return int(
        transaction.execute(select(func.max(journal.c.sequence)).where(journal.c.at < end)).scalar() or 0
    )


def _questions(transaction: Transaction, upto: int) -> list[JournalRow]:
    """The questions without an answer, seen from a journal row."""
    answered = journal.alias("answered")
    found = transaction.execute(
        select(journal.c.sequence)
        .where(
            journal.c.kind == RowKind.QUESTION,
            journal.c.sequence <= upto,
            ~exists().where(
                and_(
                    answered.c.kind == RowKind.ANSWER,
                    answered.c.question == journal.c.sequence,
                    answered.c.sequence <= upto,
                )
            ),
        )
        .order_by(journal.c.sequence)
    )
    rows = (row_at(transaction, int(row.sequence)) for row in found)
    return [row for row in rows if row is not None]


def _head(transaction: Transaction, sequence: int) -> JournalHead | None:
    row = row_at(transaction, sequence)
    if row is None:
        return None
    signature = transaction.execute(
        select(journal_heads.c.signature)
        .where(journal_heads.c.sequence >= sequence)
        .order_by(journal_heads.c.sequence)
        .limit(1)
    ).scalar()
    return JournalHead(row.sequence, row.hash, str(signature) if signature else None)
