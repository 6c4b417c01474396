"""What a journal row does to handovers and old cards."""

from station.database import Transaction
from station.handover import following
from station.journal import JournalRow


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do what a row says was done, by the code that did it the first time."""
    following.follow(transaction, row)
