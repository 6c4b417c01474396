"""The blanks that the books have in a lane's hopper: not those that an attempt has taken out of it."""

from station.blanks.ledger import Account
from station.blanks.store import balance
from station.cards.store import blank_of, open_attempt_of_lane, out_of_hopper, out_of_reach
from station.database import Transaction
from station.errors import Refused


def booked_in_hopper(transaction: Transaction, lane: str) -> int:
    """How many blanks should lie in the hopper.

    A card that waits for its quality check is in the lane's account until then, and lies in the tray.
    """
    return balance(transaction, Account.IN_MACHINE, lane) - len(out_of_hopper(transaction, lane))


def has_blank_in_the_making(transaction: Transaction, lane: str) -> bool:
    """Whether the lane's open attempt has taken a blank, or may have; one that still waits for it has not."""
    attempt = open_attempt_of_lane(transaction, lane)
    return attempt is not None and blank_of(attempt) in out_of_reach(transaction, lane)


def require_in_hopper(transaction: Transaction, lane: str, count: int) -> None:
    """Let nobody but its attempt book a blank out that has left the hopper, or may have left it.

    Raises:
        Refused: BLANKS_SHORT.
    """
    have = balance(transaction, Account.IN_MACHINE, lane) - len(out_of_reach(transaction, lane))
    if have < count:
        raise Refused("BLANKS_SHORT", account=Account.IN_MACHINE.value, have=have, needed=count)
