"""Where one card is, and the last proof of it."""

from dataclasses import dataclass

from station.blanks.store import account_of_card
from station.cards import store
from station.cards.store import Attempt
from station.database import Transaction
from station.errors import Refused
from station.journal import JournalRow, RowKind
from station.journal.store import rows_of_attempt

PROOFS = frozenset({RowKind.OUTCOME, RowKind.ANSWER})
HANDED_OVER = "card_handed_over"
PROVING_EVENTS = frozenset({"card_bound", "chip_verified", "card_ready", "card_spoiled", HANDED_OVER})


@dataclass(frozen=True)
class CardFound:
    """One card: its last attempt, its account in the ledger if it has moved, and the row that proves it."""

    card: str
    attempt: Attempt
    account: str | None
    proof: JournalRow
    is_handed_over: bool


def find_card(transaction: Transaction, uid: str) -> CardFound:
    """Find a card by its UID.

    Raises:
        Refused: CARD_UNKNOWN.
    """
    card = uid.strip().lower()
    attempts = store.attempts_of_card(transaction, card)
    if not attempts:
        raise Refused("CARD_UNKNOWN", uid=card)
    rows = rows_of_attempt(transaction, attempts[-1].id)
    proofs = [row for row in rows if row.kind in PROOFS or row.name in PROVING_EVENTS]
    account = account_of_card(transaction, card)
    is_handed_over = any(row.name == HANDED_OVER for row in rows)
    return CardFound(card, attempts[-1], account.value if account else None, proofs[-1], is_handed_over)
