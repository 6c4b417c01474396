"""Handovers and old cards in the database. Rows are made and moved on with their journal rows."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Row, func, insert, select, update

from station.database.engine import Transaction
from station.database.handover_tables import handovers, withdrawn_cards
from station.database.tables import attempts, jobs, journal
from station.handover.rows import (
    BeforeHandover,
    CardHandedOver,
    Conclusion,
    ExceptionReason,
    FingerSource,
    HandoverReport,
    OldCardKind,
)
from station.journal import JournalRow, Outcome


class Handover(BaseModel):
    """One check of a finger, and what came of it.

    Attributes:
        journal: row of its intent. settled: row of its outcome, or of the answer.
        outcome, conclusion: None while it is under way, or was cut off.
        finger, score, quality: of the best touch. touches: how many there were.
        failed_check: of an exception: the check of which it is the exception.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    journal: int
    attempt: int
    job: int
    card: str
    source: FingerSource
    begun_by: str
    outcome: Outcome | None
    conclusion: Conclusion | None
    settled: int | None
    finger: int | None
    score: float | None
    quality: int | None
    touches: int
    letter: str | None
    reason: ExceptionReason | None
    second_signer: str | None
    failed_check: int | None

    @property
    def may_be_given(self) -> bool:
        """Whether the card may have left the office by it."""
        return self.outcome in (Outcome.DONE, Outcome.UNKNOWN) or self.outcome is None


class ReadyCard(BaseModel):
    """A finished card and the job that has made it. `person` is the HMAC of the NIK."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: int
    attempt: int
    card: str
    record: str
    folder: str
    record_sha256: str
    person: str
    issue: int


class HandoverFigures(BaseModel):
    """Figures of some span of time.

    Attributes:
        handed_over: cards. without_finger: those of them that no finger has proved.
        old_taken: old cards that were taken in. old_kept: old cards that lie in the office at its end.
    """

    model_config = ConfigDict(frozen=True)

    handed_over: int = 0
    without_finger: int = 0
    old_taken: int = 0
    old_kept: int = 0


def put_begun(transaction: Transaction, row: JournalRow, before: BeforeHandover) -> None:
    """A check begins; the database refuses it where the card may have left the office."""
    transaction.execute(
        insert(handovers).values(
            journal=row.sequence,
            attempt=row.attempt,
            job=row.job,
            card=before.card,
            source=before.source,
            begun_by=before.by,
            touches=0,
        )
    )


def put_outcome(
    transaction: Transaction, check: int, row: int, outcome: Outcome, report: HandoverReport
) -> None:
    """A check has ended, and the card has not left by it; or nobody knows."""
    best = report.best
    values: dict[str, object] = {
        "outcome": outcome,
        "conclusion": report.conclusion,
        "settled": row,
        "finger": best.finger if best else None,
        "score": best.score if best else None,
        "quality": best.quality if best else None,
        "touches": report.counted,
    }
    transaction.execute(update(handovers).where(handovers.c.journal == check).values(**values))


def put_answered(
    transaction: Transaction, check: int, row: int, outcome: Outcome, conclusion: Conclusion
) -> None:
    """A person has said what became of a check that was cut off."""
    values: dict[str, object] = {"outcome": outcome, "conclusion": conclusion, "settled": row}
    transaction.execute(update(handovers).where(handovers.c.journal == check).values(**values))


def put_handed_over(transaction: Transaction, row: int, given: CardHandedOver) -> None:
    """The card has left the office; the database refuses a second time."""
    values: dict[str, object] = {
        "outcome": Outcome.DONE,
        "conclusion": given.conclusion,
        "settled": row,
        "finger": given.finger,
        "score": given.score,
        "quality": given.quality,
        "touches": given.touches,
        "letter": given.letter,
        "reason": given.reason,
        "second_signer": given.second,
        "failed_check": given.failed_check,
    }
    transaction.execute(update(handovers).where(handovers.c.journal == given.check).values(**values))


def put_old_card(transaction: Transaction, row: int, job: int, kind: OldCardKind) -> None:
    """An old card was taken in."""
    transaction.execute(insert(withdrawn_cards).values(journal=row, job=job, kind=kind))


def at(transaction: Transaction, check: int) -> Handover | None:
    """Find a check by the row of its intent."""
    found = transaction.execute(select(handovers).where(handovers.c.journal == check)).first()
    return _handover(found) if found else None


def of_job(transaction: Transaction, job: int) -> list[Handover]:
    """The checks of a job's card, oldest first."""
    return _handovers(transaction, handovers.c.job == job)


def done_of_job(transaction: Transaction, job: int) -> Handover | None:
    """The handover of a job's card; None where it has not left the office."""
    found = _handovers(transaction, handovers.c.job == job, handovers.c.outcome == Outcome.DONE)
    return found[0] if found else None


def done_between(transaction: Transaction, first: int, last: int) -> list[Handover]:
    """The handovers that were settled between two rows of the journal, both included, oldest first."""
    return _handovers(
        transaction, handovers.c.outcome == Outcome.DONE, handovers.c.settled.between(first, last)
    )


def latest(transaction: Transaction, most: int) -> list[Handover]:
    """The latest checks, newest first."""
    found = transaction.execute(select(handovers).order_by(handovers.c.journal.desc()).limit(most))
    return [_handover(row) for row in found]


def old_cards_of_job(transaction: Transaction, job: int) -> list[OldCardKind]:
    """The old cards that were taken in with a job's card."""
    found = transaction.execute(
        select(withdrawn_cards.c.kind).where(withdrawn_cards.c.job == job).order_by(withdrawn_cards.c.journal)
    )
    return [OldCardKind(kind) for kind in found.scalars()]


def kept_old_cards(transaction: Transaction) -> dict[OldCardKind, int]:
    """How many old cards lie in the office, by kind."""
    found = transaction.execute(
        select(withdrawn_cards.c.kind, func.count())
        .where(withdrawn_cards.c.act.is_(None))
        .group_by(withdrawn_cards.c.kind)
        .order_by(withdrawn_cards.c.kind)
    )
    return {OldCardKind(kind): int(count) for kind, count in found}


def burn_old_cards(transaction: Transaction, act: int) -> None:
    """All old cards that are kept were burnt with an act."""
    transaction.execute(
        update(withdrawn_cards)
        .where(withdrawn_cards.c.act.is_(None), withdrawn_cards.c.journal < act)
        .values(act=act)
    )


def figures_between(transaction: Transaction, start: str, end: str) -> HandoverFigures:
    """What was handed over and taken in from one moment to before another, and what is kept then."""
    settled, taken, burnt = journal.alias("settled"), journal.alias("taken"), journal.alias("burnt")
    by_conclusion = transaction.execute(
        select(handovers.c.conclusion, func.count())
        .join(settled, settled.c.sequence == handovers.c.settled)
        .where(handovers.c.outcome == Outcome.DONE, settled.c.at >= start, settled.c.at < end)
        .group_by(handovers.c.conclusion)
    ).all()
    old = (
        select(func.count())
        .select_from(withdrawn_cards)
        .join(taken, taken.c.sequence == withdrawn_cards.c.journal)
        .outerjoin(burnt, burnt.c.sequence == withdrawn_cards.c.act)
        .where(taken.c.at < end)
    )
    kept = old.where(burnt.c.at.is_(None) | (burnt.c.at >= end))
    counts = {Conclusion(conclusion): int(count) for conclusion, count in by_conclusion}
    return HandoverFigures(
        handed_over=sum(counts.values()),
        without_finger=sum(
            count for conclusion, count in counts.items() if conclusion is not Conclusion.MATCHED
        ),
        old_taken=int(transaction.execute(old.where(taken.c.at >= start)).scalar_one()),
        old_kept=int(transaction.execute(kept).scalar_one()),
    )


def ready_cards(
    transaction: Transaction, *, persons: Sequence[str] = (), job: int | None = None, card: str | None = None
) -> list[ReadyCard]:
    """The finished cards of some people, of one job, or the one with a UID; handed over or not."""
    conditions: list[ColumnElement[bool]] = []
    if persons:
        conditions.append(jobs.c.person.in_(persons))
    if job is not None:
        conditions.append(jobs.c.id == job)
    if card is not None:
        conditions.append(attempts.c.card == card)
    if not conditions:
        return []
    return _ready(transaction, *conditions)


def waiting_cards(transaction: Transaction) -> list[ReadyCard]:
    """The finished cards that have not left the office, oldest first."""
    gone = select(handovers.c.job).where(handovers.c.outcome == Outcome.DONE)
    return _ready(transaction, jobs.c.id.not_in(gone))


def _ready(transaction: Transaction, *conditions: ColumnElement[bool]) -> list[ReadyCard]:
    found = transaction.execute(
        select(
            jobs.c.id,
            attempts.c.id.label("attempt"),
            attempts.c.card,
            jobs.c.record,
            jobs.c.folder,
            jobs.c.record_sha256,
            jobs.c.person,
            jobs.c.issue,
        )
        .join(attempts, (attempts.c.job == jobs.c.id) & (attempts.c.state == "ready"))
        .where(jobs.c.state == "ready", jobs.c.purpose == "card", *conditions)
        .order_by(jobs.c.id)
    )
    return [
        ReadyCard(
            job=row.id,
            attempt=row.attempt,
            card=row.card,
            record=row.record,
            folder=row.folder,
            record_sha256=row.record_sha256,
            person=row.person,
            issue=row.issue,
        )
        for row in found
    ]


def _handovers(transaction: Transaction, *conditions: ColumnElement[bool]) -> list[Handover]:
    found = transaction.execute(select(handovers).where(*conditions).order_by(handovers.c.journal))
    return [_handover(row) for row in found]


def _handover(row: Row[tuple[object, ...]]) -> Handover:
    return Handover(
        journal=row.journal,
        attempt=row.attempt,
        job=row.job,
        card=row.card,
        source=FingerSource(row.source),
        begun_by=row.begun_by,
        outcome=Outcome(row.outcome) if row.outcome else None,
        conclusion=Conclusion(row.conclusion) if row.conclusion else None,
        settled=row.settled,
        finger=row.finger,
        score=row.score,
        quality=row.quality,
        touches=row.touches,
        letter=row.letter,
        reason=ExceptionReason(row.reason) if row.reason else None,
        second_signer=row.second_signer,
        failed_check=row.failed_check,
    )
