"""Acts with minutes: the destruction of spoiled blanks, and the handover of stock."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from station.acts import store as acts
from station.acts.store import ActKind
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.counts import store as counts
from station.database import Transaction
from station.destruction.listing import Destruction, Wanted, Witness, choose
from station.destruction.store import destruction_list
from station.errors import Refused
from station.handover import store as handovers
from station.journal.store import NOWHERE, open_questions
from station.local_time import local
from station.office import Office
from station.staff import store as staff
from station.staff.signatures import Signature, confirm_two
from station.statements.transfer import StockTransfer, TransferPlace


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DestroyBlanks(_Model):
    """Destroy spoiled cards by UID, blanks without one by cause, and all old cards that are kept."""

    cards: tuple[str, ...]
    nameless: Mapping[str, int]
    everything: bool
    old_cards: bool = False
    number: str | None
    on: date | None
    place: str
    burnt_by: str
    witnesses: tuple[Witness, ...]
    signatures: tuple[Signature, ...] = ()


class HandOver(_Model):
    """Hand the whole stock over from one person to another."""

    giver: str
    receiver: str
    number: str | None
    signatures: tuple[Signature, ...] = ()


class Numbered(_Model):
    """The number of the paper, under which it can be printed again."""

    number: str


def compose_destruction(
    office: Office, transaction: Transaction, request: DestroyBlanks, signers: tuple[str, str]
) -> Destruction:
    """Put the act together as it would be booked now, with a number that may be taken meanwhile.

    Raises:
        Refused: DATE_WRONG, WITNESS_MISSING, and what `choose` raises.
    """
    today = local(office.clock.now(), office.settings.office.time_zone).date()
    on = request.on or today
    if on > today:
        raise Refused("DATE_WRONG", date=on)
    seen = [word.strip() for one in request.witnesses for word in (one.name, one.office)]
    if not all((request.place.strip(), request.burnt_by.strip(), request.witnesses, *seen)):
        raise Refused("WITNESS_MISSING")
    old_cards = sum(handovers.kept_old_cards(transaction).values()) if request.old_cards else 0
    wanted = Wanted(request.cards, request.nameless, request.everything)
    is_old_alone = old_cards > 0 and not (request.cards or request.nameless or request.everything)
    items = () if is_old_alone else choose(destruction_list(transaction), wanted)
    before = blanks.balance(transaction, Account.SPOILED)
    return Destruction(
        number=acts.free_number(transaction, ActKind.DESTRUCTION, on.year, request.number),
        on=on,
        place=request.place.strip(),
        burnt_by=request.burnt_by.strip(),
        witnesses=request.witnesses,
        items=items,
        spoiled_before=before,
        spoiled_after=before - sum(item.count for item in items),
        signers=signers,
        signer_roles=(
            staff.require(transaction, signers[0]).role.value,
            staff.require(transaction, signers[1]).role.value,
        ),
        old_cards=old_cards,
    )


def destroy_blanks(office: Office, request: DestroyBlanks) -> Numbered:
    """Book what was burnt, with two signatures."""
    signers = confirm_two(office.database, office.journal, request.signatures)
    with office.database.transaction() as transaction:
        act = compose_destruction(office, transaction, request, signers)
        row = office.journal.event(transaction, "blanks_destroyed", act, signed_by=signers[0])
        acts.record(transaction, row, ActKind.DESTRUCTION, signers, act.number)
        if act.old_cards:
            handovers.burn_old_cards(transaction, row)
        for item in act.items:
            move = BlankMove(
                source=Account.SPOILED,
                target=Account.DESTROYED,
                quantity=item.count,
                card=item.card,
                cause=item.cause,
                act=row,
            )
            blanks.book(transaction, office.journal, move, NOWHERE, signers[0])
    return Numbered(number=act.number)


def compose_handover(office: Office, transaction: Transaction, request: HandOver) -> StockTransfer:
    """Put the handover together as it stands now.

    Raises:
        Refused: STAFF_UNKNOWN, ACT_NUMBER_TAKEN.
    """
    at = local(office.clock.now(), office.settings.office.time_zone)
    giver, receiver = (staff.require(transaction, name) for name in (request.giver, request.receiver))
    listed = destruction_list(transaction)
    causes = dict[str, int]()
    for item in listed:
        if item.is_here:
            causes[item.cause] = causes.get(item.cause, 0) + item.count
    return StockTransfer(
        number=acts.free_number(transaction, ActKind.HANDOVER, at.year, request.number),
        at=at,
        giver=giver.name,
        receiver=receiver.name,
        giver_role=giver.role.value,
        receiver_role=receiver.role.value,
        places=_places(transaction),
        spoiled=tuple(causes.items()),
        void=sum(item.count for item in listed if item.is_void and item.is_here),
        missing=sum(item.count for item in listed if not item.is_here),
        differences=len(counts.open_differences(transaction)),
        questions=len(open_questions(transaction)),
    )


def _places(transaction: Transaction) -> tuple[TransferPlace, ...]:
    booked = blanks.balances(transaction)
    counted = {(one.account, one.lane): one for one in counts.latest_counts(transaction)}
    places = [(Account.STOCK, "", booked.totals[Account.STOCK])]
    places += [(Account.IN_MACHINE, lane, amount) for lane, amount in sorted(booked.in_machine.items())]
    return tuple(
        TransferPlace(
            account=account,
            lane=lane,
            booked=amount,
            counted=counted[account, lane].counted if (account, lane) in counted else None,
            counted_at=counted[account, lane].at if (account, lane) in counted else None,
        )
        for account, lane, amount in places
    )


def hand_over(office: Office, request: HandOver) -> Numbered:
    """Keep a handover that both people have signed."""
    names = tuple(signature.name for signature in request.signatures)
    if names != (request.giver, request.receiver):
        raise Refused("SIGNATURES_NEEDED")
    signers = confirm_two(office.database, office.journal, request.signatures, supervised=False)
    with office.database.transaction() as transaction:
        act = compose_handover(office, transaction, request)
        row = office.journal.event(transaction, "stock_handed_over", act, signed_by=signers[0])
        acts.record(transaction, row, ActKind.HANDOVER, signers, act.number)
    return Numbered(number=act.number)
