"""Reading the destruction list out of the ledger, the attempts, the journal and the outbox."""

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from station.blanks.ledger import Account
from station.database.engine import Transaction
from station.database.tables import attempts, blank_moves, journal, outbox
from station.destruction.listing import DestructionItem
from station.journal import Outcome, RowKind


class _VoidMessage(BaseModel):
    """The part of a message to the centre that names the card."""

    card: str


def destruction_list(transaction: Transaction) -> list[DestructionItem]:
    """Everything booked as spoiled and not destroyed: void chips first, then by cause, then by UID."""
    items = _cards(transaction) + _nameless(transaction)
    return sorted(items, key=lambda item: (not item.is_void, item.cause, item.card is None, item.card or ""))


def _cards(transaction: Transaction) -> list[DestructionItem]:
    last = (
        select(func.max(blank_moves.c.id)).where(blank_moves.c.card.is_not(None)).group_by(blank_moves.c.card)
    )
    bound = (
        select(attempts.c.card, func.max(attempts.c.id).label("attempt"))
        .where(attempts.c.state == "spoiled")
        .group_by(attempts.c.card)
        .subquery()
    )
    found = transaction.execute(
        select(blank_moves.c.card, blank_moves.c.cause, attempts.c.job, _locked().label("locked"))
        .select_from(blank_moves)
        .outerjoin(bound, bound.c.card == blank_moves.c.card)
        .outerjoin(attempts, attempts.c.id == bound.c.attempt)
        .where(blank_moves.c.id.in_(last), blank_moves.c.target == Account.SPOILED)
    ).all()
    void = _void_cards(transaction)
    return [
        DestructionItem(
            card=row.card,
            job=row.job,
            cause=row.cause,
            count=1,
            is_void=bool(row.locked) or row.card in void,
        )
        for row in found
    ]


def _locked() -> ColumnElement[bool]:
    """A lock that was begun, and not proven undone: the chip may carry a working identity."""
    settled = journal.alias("settled")
    undone = exists().where(
        and_(settled.c.intent == journal.c.sequence, settled.c.outcome == Outcome.NOT_DONE)
    )
    return exists().where(
        journal.c.attempt == attempts.c.id,
        journal.c.kind == RowKind.INTENT,
        journal.c.name == "lock",
        ~undone,
    )


def _void_cards(transaction: Transaction) -> set[str]:
    found = transaction.execute(select(outbox.c.payload).where(outbox.c.topic == "card_void"))
    return {_VoidMessage.model_validate_json(row.payload).card for row in found}


def _nameless(transaction: Transaction) -> list[DestructionItem]:
    amount = func.sum(
        case(
            (blank_moves.c.target == Account.SPOILED, blank_moves.c.quantity),
            else_=-blank_moves.c.quantity,
        )
    )
    found = transaction.execute(
        select(blank_moves.c.cause, amount.label("amount"))
        .where(
            blank_moves.c.card.is_(None),
            or_(blank_moves.c.target == Account.SPOILED, blank_moves.c.source == Account.SPOILED),
        )
        .group_by(blank_moves.c.cause)
        .having(amount > 0)
    )
    return [
        DestructionItem(card=None, job=None, cause=row.cause, count=int(row.amount), is_void=False)
        for row in found
    ]
