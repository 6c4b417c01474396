"""Who may want a letter, and which letters a batch has made already: read only, no row is of a batch."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, select

from station.database.engine import Transaction
from station.database.letter_tables import letters
from station.database.tables import held_records, journal
from station.errors import Refused
from station.letters import store
from station.letters.rows import LetterIssued, LetterState
from station.letters.store import Letter


def without_letter(transaction: Transaction, today: str) -> list[str]:
    """The newest readable record of each person who has no letter in force, oldest first."""
    newer = held_records.alias("newer")
    is_newer = (newer.c.received_at > held_records.c.received_at) | (
        (newer.c.received_at == held_records.c.received_at) & (newer.c.record > held_records.c.record)
    )
    has_newer = exists().where(newer.c.person == held_records.c.person, newer.c.erased_at.is_(None), is_newer)
    has_letter = exists().where(
        letters.c.person == held_records.c.person,
        letters.c.state == LetterState.ISSUED,
        letters.c.valid_until >= today,
    )
    found = transaction.execute(
        select(held_records.c.record)
        .where(held_records.c.erased_at.is_(None), ~has_newer, ~has_letter)
        .order_by(held_records.c.received_at, held_records.c.record)
    )
    return list(found.scalars())


def begun_records(transaction: Transaction, reason: str, signer: str) -> list[str]:
    """The records whose number was taken with this reason and signer and carries no letter, oldest first."""
    found = transaction.execute(
        select(letters.c.record)
        .where(
            letters.c.state == LetterState.TAKEN,
            letters.c.reason == reason,
            letters.c.signer == signer,
        )
        .order_by(letters.c.year, letters.c.place)
    )
    return list(found.scalars())


def numbers_in_force(transaction: Transaction, reason: str, signer: str, today: str) -> list[str]:
    """The numbers of the letters in force that were issued with this reason and signer, oldest first."""
    found = transaction.execute(
        select(letters.c.number)
        .where(
            letters.c.state == LetterState.ISSUED,
            letters.c.reason == reason,
            letters.c.signer == signer,
            letters.c.issued_on <= today,
            letters.c.valid_until >= today,
        )
        .order_by(letters.c.year, letters.c.place)
    )
    return list(found.scalars())


def in_force_of(transaction: Transaction, records: Sequence[str], today: str) -> dict[str, Letter]:
    """The letters in force that were issued for these records, by record."""
    found = transaction.execute(
        select(letters.c.year, letters.c.place).where(
            and_(
                letters.c.record.in_(records),
                letters.c.state == LetterState.ISSUED,
                letters.c.valid_until >= today,
            )
        )
    ).all()
    rows = [store.at(transaction, row.year, row.place) for row in found]
    return {letter.record: letter for letter in rows if letter is not None}


def issued_digest(transaction: Transaction, letter: Letter) -> str:
    """SHA-256 of the signed file of a letter that is in force, hexadecimal.

    Raises:
        Refused: LETTER_NOT_ISSUED.
    """
    if letter.state is not LetterState.ISSUED:
        raise Refused("LETTER_NOT_ISSUED", number=letter.number, state=f"letter_is_{letter.state.value}")
    payload = transaction.execute(
        select(journal.c.payload).where(journal.c.sequence == letter.settled)
    ).scalar_one()
    return LetterIssued.model_validate_json(payload).pdf_sha256
