"""Correcting the books by a count.

The rule: the books follow what was counted, never the other way round, and nothing disappears from them.
- A shortage that nobody can explain leaves the stock as *spoiled*, cause `missing`: it stays in the office's
  account for ever, is part of the spoil rate, and is never burnt (there is nothing to burn). Blanks that lie
  there but are unusable are cause `damaged`, and go on the destruction list.
- A surplus comes in as *received*, cause `found`: nobody knows where from, so it is never set off against an
  earlier `missing`.
- An adjustment settles one count, once, and books exactly the difference that was counted; two people sign it
  and give a reason. A lane is adjusted through the stock, and only while no blank is in the making there.
"""

from pydantic import BaseModel, ConfigDict

from station.blanks.ledger import FOUND, Account, BlankMove
from station.counts.counting import BookedCount


class Adjustment(BaseModel):
    """One adjustment; the payload of its journal row."""

    model_config = ConfigDict(frozen=True)

    account: Account
    lane: str
    count: int
    counted: int
    expected: int
    cause: str
    reason: str
    signers: tuple[str, str]


def moves(count: BookedCount, cause: str, act: int) -> list[BlankMove]:
    """The moves that settle a count; `cause` is that of a shortage."""
    quantity = abs(count.difference)
    if count.difference < 0:
        spoil = BlankMove(
            source=Account.STOCK, target=Account.SPOILED, quantity=quantity, cause=cause, act=act
        )
        return [*_through_stock(count, quantity, into_lane=False), spoil]
    receive = BlankMove(
        source=Account.RECEIVED, target=Account.STOCK, quantity=quantity, cause=FOUND, act=act
    )
    return [receive, *_through_stock(count, quantity, into_lane=True)]


def _through_stock(count: BookedCount, quantity: int, *, into_lane: bool) -> list[BlankMove]:
    if count.account is Account.STOCK:
        return []
    if into_lane:
        return [
            BlankMove(
                source=Account.STOCK, target=Account.IN_MACHINE, target_lane=count.lane, quantity=quantity
            )
        ]
    return [
        BlankMove(source=Account.IN_MACHINE, source_lane=count.lane, target=Account.STOCK, quantity=quantity)
    ]
