"""The signed list of the letters that no longer count, made from the register of one year."""

from datetime import timedelta

from station.clock import Clock
from station.database import Database
from station.journal.store import Journal
from station.letter_settings import LetterSettings
from station.letters import store
from station.letters.claim.cose import ClaimSigner
from station.letters.rows import LIST_SIGNED, LetterState, ListSigned, VoidCause
from station.letters.withdrawals import WithdrawalList, set_bits, write_list


def of_register(
    database: Database, clock: Clock, settings: LetterSettings, year: int
) -> tuple[WithdrawalList, ListSigned]:
    """Make the list of a year as it stands now, and the row that says so.

    Withdrawn letters are set, and void numbers: nobody holds one of those. A number that a restore has made
    void is not set: its letter may be in somebody's hand, and good.
    """
    now = clock.now()
    with database.reading() as transaction:
        last = store.last_place_of_year(transaction, year)
        gone = store.places_in_state(transaction, year, LetterState.WITHDRAWN)
        void = store.places_in_state(transaction, year, LetterState.VOID, VoidCause.AFTER_RESTORE)
    issued = int(now.timestamp())
    expires = int((now + timedelta(days=settings.list_days)).timestamp())
    bits = set_bits([*gone, *void], last + 1)  # places begin with 1: bit 0 is nobody's
    row = ListSigned(year=year, letters=last, withdrawn=len(gone), issued=issued, expires=expires)
    return WithdrawalList(settings.issuer, year, issued, expires, bits), row


def sign_list(
    database: Database, journal: Journal, clock: Clock, settings: LetterSettings, year: int, key: ClaimSigner
) -> tuple[bytes, ListSigned]:
    """Sign the list of a year and write into the journal that it was signed.

    Raises:
        DeviceAbsent: TOKEN_ABSENT.
    """
    made, row = of_register(database, clock, settings, year)
    content = write_list(made, key)
    with database.transaction() as transaction:
        journal.event(transaction, LIST_SIGNED, row)
    return content, row
