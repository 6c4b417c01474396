"""Handovers: the rows of each check, kept here or by the station that runs."""

from pydantic import BaseModel, ConfigDict

from station.errors import Refused
from station.handover import store
from station.handover.book import BeginHandover, EndHandover, Exempt, HandoverBook, SettleCutOff
from station.handover.rows import RECEIPT, OldCardKind, ReceiptMade
from station.handover.store import Handover
from station.journal.store import Place
from station.office import Office
from station.service.operations import Done
from station.staff import store as staff
from station.staff.signatures import Signature, confirm_two


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # a PIN may be in it


class CutOff(_Model):
    """The check that was cut off and how it stands now; None where there was none."""

    handover: Handover | None


class ExemptSigned(_Model):
    """A card is handed over without the finger; both people have signed."""

    order: Exempt
    signatures: tuple[Signature, ...]


class WithdrawOldCard(_Model):
    """An old card is brought back after the handover."""

    job: int
    kind: OldCardKind
    by: str


class NoteReceipt(_Model):
    """A receipt, which names the holder, is made for a person. `way`: `file` or `paper`."""

    job: int
    way: str
    by: str


def handover_book(office: Office) -> HandoverBook:
    """The handovers of this office."""
    return HandoverBook(office.database, office.journal, office.clock)


def begin_handover(office: Office, request: BeginHandover) -> Handover:
    """Begin a check."""
    return handover_book(office).begin(request)


def end_handover(office: Office, request: EndHandover) -> Handover:
    """Keep how a check ended; a match hands the card over."""
    return handover_book(office).end(request)


def settle_handover(office: Office, request: SettleCutOff) -> CutOff:
    """Find out what became of a check that was cut off."""
    return CutOff(handover=handover_book(office).settle(request))


def exempt_handover(office: Office, request: ExemptSigned) -> Handover:
    """Hand a card over because two people, one of them a supervisor, have signed for it.

    The books are asked first: nobody gives a PIN for what cannot be.
    """
    handover_book(office).require_exempt(request.order)
    signers = confirm_two(office.database, office.journal, request.signatures)
    return handover_book(office).exempt(request.order, signers)


def withdraw_old_card(office: Office, request: WithdrawOldCard) -> Done:
    """Note an old card that is brought back later."""
    handover_book(office).withdraw_old_card(request.job, request.kind, request.by)
    return Done()


def note_receipt(office: Office, request: NoteReceipt) -> Done:
    """Write into the journal that a receipt was made."""
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        done = store.done_of_job(transaction, request.job)
        if done is None:
            raise Refused("HANDOVER_NOT_DONE", job=request.job)
        (ready,) = store.ready_cards(transaction, job=request.job)
        place = Place(job=ready.job, attempt=ready.attempt, person=ready.person)
        payload = ReceiptMade(handover=done.settled or 0, way=request.way)
        office.journal.event(transaction, RECEIPT, payload, place, signed_by=request.by)
    return Done()
