"""Booking and reading blanks."""

from sqlalchemy import func, insert, select

from station.blanks.ledger import Account, Balances, BlankMove
from station.database.engine import Transaction
from station.database.tables import blank_accounts, blank_moves
from station.errors import Refused
from station.journal.store import NOWHERE, Journal, Place


def book(
    transaction: Transaction,
    journal: Journal,
    move: BlankMove,
    place: Place = NOWHERE,
    signed_by: str | None = None,
) -> None:
    """Move blanks between accounts and write it to the journal, in the caller's transaction.

    Raises:
        Refused: BLANKS_SHORT, QUANTITY_WRONG.
    """
    if move.quantity < 1:
        raise Refused("QUANTITY_WRONG")
    if move.source not in (Account.RECEIVED, Account.LENT_IN):
        have = balance(transaction, move.source, move.source_lane)
        if have < move.quantity:
            raise Refused("BLANKS_SHORT", account=move.source.value, have=have, needed=move.quantity)
    row = journal.event(transaction, "blanks_moved", move, place, signed_by)
    transaction.execute(insert(blank_moves).values(journal=row, **move.model_dump()))


def balance(transaction: Transaction, account: Account, lane: str = "") -> int:
    """Blanks in one account (of one lane)."""
    found = transaction.execute(
        select(blank_accounts.c.balance).where(
            blank_accounts.c.account == account, blank_accounts.c.lane == lane
        )
    ).scalar()
    return int(found or 0)


def balances(transaction: Transaction) -> Balances:
    """All balances."""
    totals = dict.fromkeys(Account, 0)
    lanes: dict[str, int] = {}
    for account, lane, amount in transaction.execute(select(blank_accounts)):
        totals[Account(account)] += amount
        if Account(account) is Account.IN_MACHINE:
            lanes[lane] = amount
    return Balances(totals, lanes)


def account_of_card(transaction: Transaction, card: str) -> Account | None:
    """The account that a card known by its UID is in, by its last move."""
    found = transaction.execute(
        select(blank_moves.c.target)
        .where(blank_moves.c.card == card)
        .order_by(blank_moves.c.id.desc())
        .limit(1)
    ).scalar()
    return Account(found) if found else None


def spoiled_by_cause(transaction: Transaction) -> dict[str, int]:
    """How many blanks were spoiled, by cause."""
    found = transaction.execute(
        select(blank_moves.c.cause, func.sum(blank_moves.c.quantity))
        .where(blank_moves.c.target == Account.SPOILED)
        .group_by(blank_moves.c.cause)
        .order_by(blank_moves.c.cause)
    )
    return {str(cause): int(count) for cause, count in found}
