"""What changes the blanks ledger at the counter: loans, counts and adjustments.

Signatures cross the control socket, which only the station's user may open; no model that carries them shows
a PIN in its text or in a validation error.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from station.acts import store as acts
from station.acts.store import ActKind
from station.blanks import store as blanks
from station.blanks.ledger import DAMAGED, MISSING, SURPLUS, Account, BlankMove
from station.cards.hopper import has_blank_in_the_making
from station.counts import adjusting
from station.counts import store as counts
from station.counts.counting import CountedPlace, CountKind, CountLine, ShiftCount
from station.errors import Refused
from station.journal.store import NOWHERE
from station.office import Office
from station.staff import store as staff
from station.staff.signatures import Signature, confirm_two

DRAFT_NUMBER = "-"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BookLoan(_Model):
    """Lend to, borrow from, give back to or take back from another office."""

    kind: Literal["lend", "borrow", "give_back", "give_surplus", "take_back"]
    office: str
    count: int
    by: str


class BookedRow(_Model):
    """The journal row of what was booked."""

    row: int


class CountBlanks(_Model):
    """Keep a count of one or more places."""

    kind: CountKind
    places: tuple[CountedPlace, ...]
    by: str


class KeptCount(_Model):
    """A count beside the books."""

    row: int
    lines: tuple[CountLine, ...]


class AdjustBlanks(_Model):
    """Settle the open difference of one place; an empty lane is the stock."""

    lane: str
    cause: Literal["missing", "damaged"] = "missing"
    reason: str
    signatures: tuple[Signature, ...]


class Adjusted(_Model):
    """What was adjusted: negative for a shortage."""

    row: int
    account: Account
    lane: str
    difference: int


def loan_move(request: BookLoan) -> BlankMove:
    """The move that a loan or a return is."""
    source, target = {
        "lend": (Account.STOCK, Account.LENT_OUT),
        "borrow": (Account.LENT_IN, Account.STOCK),
        "give_back": (Account.STOCK, Account.RETURNED),
        "give_surplus": (Account.STOCK, Account.RETURNED),
        "take_back": (Account.LENT_OUT, Account.STOCK),
    }[request.kind]
    return BlankMove(
        source=source,
        target=target,
        quantity=request.count,
        counterpart=" ".join(request.office.split()),
        cause=SURPLUS if request.kind == "give_surplus" else None,
    )


def book_loan(office: Office, request: BookLoan) -> BookedRow:
    """Book a loan or a return."""
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        row = blanks.book(transaction, office.journal, loan_move(request), NOWHERE, request.by)
    return BookedRow(row=row)


def count_blanks(office: Office, request: CountBlanks) -> KeptCount:
    """Keep a count, and say what should have been there."""
    places = {(place.account, place.lane) for place in request.places}
    if not places or len(places) != len(request.places):
        raise Refused("COUNT_EMPTY")
    for place in request.places:
        if place.account is Account.IN_MACHINE:
            office.require_lane(place.lane)
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        lines = tuple(counts.compare(transaction, place) for place in request.places)
        row = counts.record(
            transaction, office.journal, ShiftCount(kind=request.kind, lines=lines), request.by
        )
    return KeptCount(row=row, lines=lines)


def adjust_blanks(office: Office, request: AdjustBlanks) -> Adjusted:
    """Settle the open difference of one place, with two signatures and a reason."""
    if not request.reason.strip():
        raise Refused("REASON_MISSING")
    signers = confirm_two(office.database, office.journal, request.signatures)
    with office.database.transaction() as transaction:
        if request.lane and has_blank_in_the_making(transaction, request.lane):
            raise Refused("LANE_AT_WORK", lane=request.lane)
        count = next((one for one in counts.open_differences(transaction) if one.lane == request.lane), None)
        if count is None:
            raise Refused("ADJUSTMENT_NEEDS_COUNT")
        if count.lane and counts.was_unsure(transaction, count):
            raise Refused("COUNT_UNSURE", lane=count.lane)
        cause = {"missing": MISSING, "damaged": DAMAGED}[request.cause]
        payload = adjusting.Adjustment(
            account=count.account,
            lane=count.lane,
            count=count.journal,
            counted=count.counted,
            expected=count.expected,
            cause=cause,
            reason=request.reason.strip(),
            signers=signers,
        )
        row = office.journal.event(transaction, "blanks_adjusted", payload, signed_by=signers[0])
        acts.record(transaction, row, ActKind.ADJUSTMENT, signers, settles=count.id)
        for move in adjusting.moves(count, cause, row):
            blanks.book(transaction, office.journal, move, NOWHERE, signers[0])
    return Adjusted(row=row, account=count.account, lane=count.lane, difference=count.difference)
