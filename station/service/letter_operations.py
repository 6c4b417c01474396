"""Operations on the register of letters."""

import base64

from pydantic import BaseModel, ConfigDict

from station.database import Transaction
from station.errors import Refused
from station.journal.store import Place
from station.letter_settings import LetterReason
from station.letters import after_restore, store
from station.letters.after_restore import NumbersKnown
from station.letters.deciding import LetterOrder
from station.letters.numbers import void
from station.letters.printing import store as prints
from station.letters.rows import (
    GIVEN_OUT,
    REGISTER_EXPORTED,
    LetterGivenOut,
    ListSigned,
    RegisterExported,
    VoidCause,
    WithdrawalCause,
)
from station.letters.status_list import sign_list
from station.letters.store import Letter
from station.letters.withdrawing import require_letter, withdraw
from station.local_time import local
from station.office import Office
from station.records.nik import require_no_nik
from station.service.operations import Done
from station.staff import store as staff
from station.staff.signatures import Signature, confirm
from station.staff.store import Role


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # a PIN may be in it


class IssueLetter(_Model):
    """Issue the letter of a held record."""

    record: str
    reason: LetterReason
    signer: str | None
    by: str


class RenewLetter(_Model):
    """Issue the letter that follows another; without a reason for the same one."""

    number: str
    reason: LetterReason | None
    signer: str | None
    by: str


class IssuedLetter(_Model):
    """A letter in the register; `renews` is the number of the one that it has taken back."""

    number: str
    year: int
    place: int
    record: str
    issued_on: str
    valid_until: str
    renews: str | None

    @classmethod
    def of(cls, letter: Letter) -> "IssuedLetter":
        """Describe a letter."""
        return cls(
            number=letter.number,
            year=letter.year,
            place=letter.place,
            record=letter.record,
            issued_on=letter.issued_on,
            valid_until=letter.valid_until,
            renews=letter.renews,
        )


class WithdrawLetter(_Model):
    """Withdraw a letter."""

    number: str
    cause: WithdrawalCause
    note: str
    by: str


class VoidNumber(_Model):
    """Make a number void that was begun and carries no letter."""

    number: str
    note: str
    by: str


class GiveOut(_Model):
    """Note that a copy of a letter's file is given out; every copy but the first has a reason."""

    number: str
    reason: str
    by: str


class SignWithdrawals(_Model):
    """Sign the list of the letters of a year that no longer count."""

    year: int


class SignedList(_Model):
    """The list, in base64, and what it says."""

    content: str
    list: ListSigned


class NoteRegister(_Model):
    """Note that the register of a year is written with names, and why."""

    year: int
    reason: str
    by: str


class TellLast(_Model):
    """After a restore: the last number of a year that is found on paper; a supervisor signs."""

    year: int
    last: int
    reason: str
    signature: Signature


class ToldLast(_Model):
    """How many numbers are void for that."""

    void: int


def issue_letter(office: Office, request: IssueLetter) -> IssuedLetter:
    """Issue a letter, or finish the one that was begun for this record."""
    _require_staff(office, request.by)
    order = LetterOrder(request.reason, request.signer, request.by)
    return IssuedLetter.of(office.letter_issuing().issue(request.record, order))


def renew_letter(office: Office, request: RenewLetter) -> IssuedLetter:
    """Renew a letter."""
    _require_staff(office, request.by)
    with office.database.reading() as transaction:
        old = require_letter(transaction, request.number)
    order = LetterOrder(request.reason or LetterReason(old.reason), request.signer, request.by)
    return IssuedLetter.of(office.letter_issuing().renew(request.number, order))


def withdraw_letter(office: Office, request: WithdrawLetter) -> Done:
    """Withdraw a letter, with a reason in words."""
    note = _reason(request.note)
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        letter = require_letter(transaction, request.number)
        withdraw(transaction, office.journal, letter, request.cause, request.by, note)
    return Done()


def void_number(office: Office, request: VoidNumber) -> Done:
    """Make a number void."""
    note = _reason(request.note)
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        letter = require_letter(transaction, request.number)
        void(transaction, office.journal, letter, (VoidCause.NOT_FINISHED, note), request.by)
    return Done()


def give_out(office: Office, request: GiveOut) -> Done:
    """Write it into the journal, before the copy is made.

    Raises:
        Refused: LETTER_UNKNOWN, LETTER_NOT_ISSUED, REASON_MISSING, REASON_NAMES_NIK, STAFF_UNKNOWN.
    """
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        note_given_out(office, transaction, request)
    return Done()


def note_given_out(office: Office, transaction: Transaction, request: GiveOut) -> None:
    """Write one letter's copy into the journal, in the caller's transaction.

    Raises:
        Refused: LETTER_UNKNOWN, LETTER_NOT_ISSUED, REASON_MISSING, REASON_NAMES_NIK.
    """
    require_no_nik(request.reason)
    letter = _in_force(office, transaction, request.number)
    if not request.reason.strip() and is_out(transaction, letter):
        raise Refused("REASON_MISSING")
    payload = LetterGivenOut(
        year=letter.year,
        place=letter.place,
        number=letter.number,
        way="file",
        reason=request.reason.strip(),
    )
    office.journal.event(transaction, GIVEN_OUT, payload, Place(person=letter.person), signed_by=request.by)


def sign_withdrawals(office: Office, request: SignWithdrawals) -> SignedList:
    """Sign the list of a year."""
    content, row = sign_list(
        office.database,
        office.journal,
        office.clock,
        office.letter_settings,
        request.year,
        office.keys.letters,
    )
    return SignedList(content=base64.b64encode(content).decode("ascii"), list=row)


def note_register(office: Office, request: NoteRegister) -> Done:
    """Write it into the journal, before a line is written."""
    reason = _reason(request.reason)
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        count = store.last_place_of_year(transaction, request.year)
        payload = RegisterExported(year=request.year, letters=count, reason=reason)
        office.journal.event(transaction, REGISTER_EXPORTED, payload, signed_by=request.by)
    return Done()


def tell_last(office: Office, request: TellLast) -> ToldLast:
    """Take a supervisor's word for the last number on paper."""
    reason = _reason(request.reason)
    member = confirm(office.database, office.journal, request.signature)
    if member.role is not Role.SUPERVISOR:
        raise Refused("SUPERVISOR_NEEDED")
    said = NumbersKnown(year=request.year, last=request.last, void=0, reason=reason)
    with office.database.transaction() as transaction:
        done = after_restore.tell_last(
            transaction, office.journal, office.letter_settings.number, said, member.name
        )
    return ToldLast(void=done.void)


def _in_force(office: Office, transaction: Transaction, number: str) -> Letter:
    letter = require_letter(transaction, number)
    today = local(office.clock.now(), office.settings.office.time_zone).date().isoformat()
    if not letter.holds_on(today):
        state = "letter_is_expired" if letter.state == "issued" else f"letter_is_{letter.state.value}"
        raise Refused("LETTER_NOT_ISSUED", number=number, state=state)
    return letter


def is_out(transaction: Transaction, letter: Letter) -> bool:
    """Whether there is, or may be, a copy of it outside of the register."""
    printed = prints.of_letter(transaction, letter.year, letter.place)
    return store.was_given_out(transaction, letter) or any(one.may_be_paper for one in printed)


def _require_staff(office: Office, name: str) -> None:
    with office.database.reading() as transaction:
        staff.require(transaction, name)


def _reason(words: str) -> str:
    if not words.strip():
        raise Refused("REASON_MISSING")
    require_no_nik(words)
    return words.strip()
