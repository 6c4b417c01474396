"""Booking and reading blanks."""

from sqlalchemy import and_, case, func, insert, or_, select

from station.blanks.ledger import SOURCES, SURPLUS, Account, Balances, BlankMove, Loans
from station.database.engine import Transaction
from station.database.tables import blank_accounts, blank_moves
from station.errors import Refused
from station.journal.store import NOWHERE, Journal, Place

LOAN_ACCOUNTS = frozenset({Account.LENT_IN, Account.LENT_OUT, Account.RETURNED})


def book(
    transaction: Transaction,
    journal: Journal,
    move: BlankMove,
    place: Place = NOWHERE,
    signed_by: str | None = None,
) -> int:
    """Move blanks between accounts and write it to the journal, in the caller's transaction.

    Returns:
        The journal row of the move.

    Raises:
        Refused: BLANKS_SHORT, QUANTITY_WRONG, CARTON_KNOWN, LOAN_EXCEEDED, OFFICE_MISSING. What the
            database's rules refuse besides comes out of the transaction as JOURNAL_REFUSED.
    """
    if move.quantity < 1:
        raise Refused("QUANTITY_WRONG")
    _check_loan(transaction, move)
    if move.source not in SOURCES:
        have = balance(transaction, move.source, move.source_lane)
        if have < move.quantity:
            raise Refused("BLANKS_SHORT", account=move.source.value, have=have, needed=move.quantity)
    is_carton = move.source is Account.RECEIVED and move.act is None and move.cause is not None
    if is_carton and is_carton_known(transaction, move.cause or ""):
        raise Refused("CARTON_KNOWN", carton=move.cause)
    row = journal.event(transaction, "blanks_moved", move, place, signed_by)
    transaction.execute(insert(blank_moves).values(journal=row, **move.model_dump()))
    return row


def _check_loan(transaction: Transaction, move: BlankMove) -> None:
    if not {move.source, move.target} & LOAN_ACCOUNTS:
        return
    if not (move.counterpart or "").strip():
        raise Refused("OFFICE_MISSING")
    mine = [one for one in loans(transaction) if one.office == move.counterpart]
    limit: int | None = None
    if move.source is Account.LENT_OUT:
        limit = mine[0].lent if mine else 0
    elif move.target is Account.RETURNED and move.cause != SURPLUS:
        limit = mine[0].borrowed if mine else 0
    if limit is not None and limit < move.quantity:
        raise Refused("LOAN_EXCEEDED", office=move.counterpart, have=limit, needed=move.quantity)


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


def loans(transaction: Transaction) -> list[Loans]:
    """What is open between us and each other office, by name; settled loans are left out."""
    amount = blank_moves.c.quantity
    ours = case(
        (blank_moves.c.target == Account.LENT_OUT, amount),
        (blank_moves.c.source == Account.LENT_OUT, -amount),
        else_=0,
    )
    theirs = case(
        (blank_moves.c.source == Account.LENT_IN, amount),
        (
            and_(
                blank_moves.c.target == Account.RETURNED,
                or_(blank_moves.c.cause.is_(None), blank_moves.c.cause != SURPLUS),
            ),
            -amount,
        ),
        else_=0,
    )
    found = transaction.execute(
        select(blank_moves.c.counterpart, func.sum(ours), func.sum(theirs))
        .where(blank_moves.c.counterpart.is_not(None))
        .group_by(blank_moves.c.counterpart)
        .order_by(blank_moves.c.counterpart)
    )
    return [
        Loans(str(office), int(lent_sum), int(borrowed_sum))
        for office, lent_sum, borrowed_sum in found
        if lent_sum or borrowed_sum
    ]


def is_carton_known(transaction: Transaction, carton: str) -> bool:
    """Whether a carton of this number has been received before."""
    return (
        transaction.execute(
            select(blank_moves.c.id)
            .where(blank_moves.c.source == Account.RECEIVED, blank_moves.c.cause == carton)
            .limit(1)
        ).first()
        is not None
    )
