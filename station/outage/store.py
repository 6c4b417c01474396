"""Facts, letter policies and the ages of the backlog in the database. Every change is a journal row too."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.tables import centre_facts, deliveries, held_records, letter_policies
from station.errors import Refused
from station.journal import JournalRow
from station.journal.store import NOWHERE, Journal, events_named
from station.outage.facts import (
    Answer,
    Fact,
    Facts,
    Observation,
    OutageChanged,
    Source,
    Subject,
    assumed,
    together,
)
from station.outage.letters import DatedLetterPolicy, LetterPolicy, policy_of

NOTED_EVERY = timedelta(minutes=1)
# Statuses after which a result is still to come (facts: domain.md section 5).
NO_RESULT = ("BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL")


def facts(transaction: Transaction) -> Facts:
    """Read the three facts; what nobody has observed is assumed, and says so."""
    known = {subject: assumed(subject) for subject in Subject}
    for row in transaction.execute(select(centre_facts)):
        known[Subject(row.subject)] = Fact(
            subject=Subject(row.subject),
            answer=Answer(row.answer),
            source=Source(row.source),
            how=row.how,
            since=row.since,
            last_good=row.last_good,
            observed_at=row.observed_at,
        )
    return together(known)


def observe(
    transaction: Transaction,
    journal: Journal,
    clock: Clock,
    observation: Observation,
    signed_by: str | None = None,
) -> bool:
    """Take an observation; return whether the answer changed.

    A change is a journal row, and moves the letter policy with it in the same transaction. The same answer
    again only moves the moment of the last look, and not more than once a minute: a drain makes thousands.
    """
    now = clock.now()
    before = {fact.subject: fact for fact in facts(transaction).all}[observation.subject]
    fresh = not before.observed_at
    changed = observation.answer is not before.answer
    if not changed and not fresh and _is_recent(before.observed_at, now) and signed_by is None:
        return False
    at = timestamp(now)
    good = at if observation.answer is Answer.YES else before.last_good
    _keep(transaction, observation, since=at if changed or fresh else before.since, last_good=good, at=at)
    if changed or fresh or signed_by is not None:
        payload = OutageChanged(
            subject=observation.subject,
            before=before.answer,
            after=observation.answer,
            source=observation.source,
            how=observation.how,
            last_good=before.last_good,
        )
        journal.event(transaction, "outage_changed", payload, NOWHERE, signed_by)
    _follow(transaction, journal, at)
    return changed


def _is_recent(observed_at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(observed_at) < NOTED_EVERY


def _keep(transaction: Transaction, observation: Observation, *, since: str, last_good: str, at: str) -> None:
    values = {
        "answer": observation.answer,
        "source": observation.source,
        "how": observation.how,
        "since": since,
        "last_good": last_good,
        "observed_at": at,
    }
    transaction.execute(
        upsert(centre_facts)
        .values(subject=observation.subject, **values)
        .on_conflict_do_update(index_elements=["subject"], set_=values)
    )


def put_fact(transaction: Transaction, changed: OutageChanged, at: str) -> None:
    """Put a fact back as a journal row says that it became."""
    observation = Observation(
        subject=changed.subject, answer=changed.after, source=changed.source, how=changed.how
    )
    good = at if changed.after is Answer.YES else changed.last_good
    _keep(transaction, observation, since=at, last_good=good, at=at)


def put_policy(transaction: Transaction, row: int, policy: LetterPolicy, at: str) -> None:
    """Keep a policy that is in force from a moment on, under its journal row."""
    transaction.execute(insert(letter_policies).values(journal=row, valid_from=at, **policy.model_dump()))


def _follow(transaction: Transaction, journal: Journal, at: str) -> None:
    """Date another letter policy when the facts ask for one."""
    wanted = policy_of(facts(transaction))
    if wanted == policy_at(transaction, at).policy:
        return
    row = journal.event(transaction, "letter_policy_changed", wanted)
    put_policy(transaction, row, wanted, at)


def policy_at(transaction: Transaction, moment: str) -> DatedLetterPolicy:
    """The letter policy in force at a moment, as the journal writes moments.

    Before the first row it is the policy of a centre of which nothing is known.
    """
    row = transaction.execute(
        select(letter_policies)
        .where(letter_policies.c.valid_from <= moment)
        .order_by(letter_policies.c.journal.desc())
        .limit(1)
    ).first()
    if row is None:
        return DatedLetterPolicy(
            policy=policy_of(together({one: assumed(one) for one in Subject})), since="", journal=None
        )
    policy = LetterPolicy(
        situation=row.situation,
        print_ready=row.print_ready,
        needs_central_record=bool(row.needs_central_record),
    )
    return DatedLetterPolicy(policy=policy, since=row.valid_from, journal=row.journal)


def require_printing_permitted(transaction: Transaction) -> None:
    """Before each attempt: print-ready records may be printed unless that was withdrawn.

    Raises:
        Refused: PRINTING_NOT_PERMITTED.
    """
    printing = facts(transaction).printing
    if printing.answer is not Answer.YES:
        how = printing.how or printing.source.value
        raise Refused("PRINTING_NOT_PERMITTED", since=printing.since[:10], how=how)


def history(transaction: Transaction, most: int) -> list[JournalRow]:
    """The latest changes of facts and policies, newest first."""
    return events_named(transaction, ("outage_changed", "letter_policy_changed"), most)


def ages_of_unsent(transaction: Transaction) -> list[str]:
    """When each record was queued that the centre has not received, oldest first."""
    return list(
        transaction.execute(
            select(deliveries.c.queued_at)
            .where(deliveries.c.kind == "record", deliveries.c.state != "received")
            .order_by(deliveries.c.queued_at)
        ).scalars()
    )


def ages_without_result(transaction: Transaction) -> list[str]:
    """When the centre has received each record that it has given no result for, oldest first."""
    return [
        str(at)
        for at in transaction.execute(
            select(deliveries.c.receipt_at)
            .join(held_records, held_records.c.record == deliveries.c.record)
            .where(
                deliveries.c.kind == "record",
                deliveries.c.state == "received",
                held_records.c.centre_status.is_(None) | held_records.c.centre_status.in_(NO_RESULT),
            )
            .order_by(deliveries.c.receipt_at)
        ).scalars()
    ]
