"""The register of letters in the database. Rows are made and moved on together with their journal rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Row, exists, func, insert, inspect, select, update

from station.database.engine import Transaction
from station.database.letter_tables import letters
from station.database.tables import deliveries, held_records, jobs, journal
from station.letters.rows import GIVEN_OUT, LetterGivenOut, LetterState, NumberTaken
from station.vault.segments import SegmentPlace
from station.vault.vault import Kept

HANDED_OVER = "card_handed_over"


@dataclass(frozen=True)
class Letter:
    """One place of the register.

    Attributes:
        place: 1, 2, 3 … within its year.
        number: as printed.
        journal: row in which the number was taken. settled: row that gave it its state, None while taken.
        person: HMAC of the NIK, hexadecimal.
        issued_on, valid_until: first and last day, ISO 8601.
        cause: of a withdrawal or a void number.
        content_hash, file: of the sealed file; None before the issuing and where a restore has lost it.
        wrapped_key: None once erased.
    """

    year: int
    place: int
    number: str
    journal: int
    record: str
    person: str
    reason: str
    signer: str
    issued_on: str
    valid_until: str
    renews: str | None
    state: LetterState
    settled: int | None
    cause: str | None
    content_hash: str | None
    file: SegmentPlace | None
    wrapped_key: bytes | None = field(repr=False)
    erased_at: str | None

    @property
    def sealed_as(self) -> str:
        """The id under which its file is sealed."""
        return sealed_as(self.year, self.place)

    def holds_on(self, day: str) -> bool:
        """Whether it is good on a day (ISO 8601)."""
        return self.state is LetterState.ISSUED and self.issued_on <= day <= self.valid_until


@dataclass(frozen=True)
class CardFacts:
    """What the register needs to know of a person's card of one issue."""

    waits: bool
    handed_over: bool


def sealed_as(year: int, place: int) -> str:
    """The id under which a letter's file is sealed in the vault of letters."""
    return f"letter-{year}-{place:05}"


# ---- numbers ----


def last_place_of_year(transaction: Transaction, year: int) -> int:
    """The last place that was taken in a year; 0 where none was."""
    found = transaction.execute(select(func.max(letters.c.place)).where(letters.c.year == year)).scalar()
    return int(found or 0)


def put_taken(transaction: Transaction, row: int, person: str, taken: NumberTaken) -> None:
    """Take a place, as a row of the journal says; the database refuses every other than the next."""
    transaction.execute(
        insert(letters).values(
            year=taken.year,
            place=taken.place,
            number=taken.number,
            journal=row,
            record=taken.record,
            person=person,
            reason=taken.reason,
            signer=taken.signer,
            issued_on=taken.issued_on,
            valid_until=taken.valid_until,
            renews=taken.renews,
            state=LetterState.TAKEN,
        )
    )


def put_issued(transaction: Transaction, row: int, year: int, place: int, kept: Kept | None) -> None:
    """A letter is issued; without `kept` its file is lost (a restore)."""
    file = (
        {
            "content_hash": kept.content_hash,
            "segment": kept.place.segment,
            "offset": kept.place.offset,
            "length": kept.place.length,
            "wrapped_key": kept.wrapped_key,
        }
        if kept
        else {}
    )
    _change(transaction, year, place, {"state": LetterState.ISSUED, "settled": row, **file})


def put_void(transaction: Transaction, row: int, year: int, place: int, cause: str) -> None:
    """A number is void."""
    _change(transaction, year, place, {"state": LetterState.VOID, "settled": row, "cause": cause})


def put_withdrawn(transaction: Transaction, row: int, year: int, place: int, cause: str) -> None:
    """A letter is withdrawn."""
    _change(transaction, year, place, {"state": LetterState.WITHDRAWN, "settled": row, "cause": cause})


def put_erased(transaction: Transaction, year: int, place: int, at: str) -> None:
    """The key of a letter's file is destroyed."""
    _change(transaction, year, place, {"wrapped_key": None, "erased_at": at})


def _change(transaction: Transaction, year: int, place: int, values: dict[str, object]) -> None:
    transaction.execute(
        update(letters).where(letters.c.year == year, letters.c.place == place).values(**values)
    )


# ---- finding ----


def find(transaction: Transaction, number: str) -> Letter | None:
    """Find a letter by its number as printed."""
    return _first(transaction, letters.c.number == number)


def at(transaction: Transaction, year: int, place: int) -> Letter | None:
    """Find a letter by its place."""
    return _first(transaction, letters.c.year == year, letters.c.place == place)


def begun_of_person(transaction: Transaction, person: str) -> Letter | None:
    """The place that was taken for a person and carries no letter yet."""
    return _first(transaction, letters.c.person == person, letters.c.state == LetterState.TAKEN)


def issued_of_person(transaction: Transaction, person: str) -> Letter | None:
    """The letter of a person that was issued and not withdrawn; it may have expired."""
    return _first(transaction, letters.c.person == person, letters.c.state == LetterState.ISSUED)


def of_person(transaction: Transaction, person: str) -> list[Letter]:
    """All places that were taken for a person, oldest first."""
    return _all(transaction, letters.c.person == person)


def of_record(transaction: Transaction, record: str) -> list[Letter]:
    """All places that were taken for a record, oldest first."""
    return _all(transaction, letters.c.record == record)


def of_year(transaction: Transaction, year: int, after: int = 0, most: int = 1000) -> list[Letter]:
    """The places of a year after one, in their order."""
    found = transaction.execute(
        select(letters)
        .where(letters.c.year == year, letters.c.place > after)
        .order_by(letters.c.place)
        .limit(most)
    )
    return _rows(found.all())


def begun(transaction: Transaction, most: int = 1000) -> list[Letter]:
    """The places that carry no letter yet and are not void, oldest first: what a crash has left behind."""
    found = transaction.execute(
        select(letters)
        .where(letters.c.state == LetterState.TAKEN)
        .order_by(letters.c.year, letters.c.place)
        .limit(most)
    )
    return _rows(found.all())


def years(transaction: Transaction) -> list[int]:
    """The years in which a number was taken."""
    found = transaction.execute(select(letters.c.year).distinct().order_by(letters.c.year))
    return [int(year) for year in found.scalars()]


def places_in_state(
    transaction: Transaction, year: int, state: LetterState, but_cause: str = ""
) -> list[int]:
    """The places of a year in a state, without those of one cause."""
    found = transaction.execute(
        select(letters.c.place).where(
            letters.c.year == year,
            letters.c.state == state,
            letters.c.cause.is_(None) | (letters.c.cause != but_cause),
        )
    )
    return [int(place) for place in found.scalars()]


def counts_by_state(transaction: Transaction, year: int) -> dict[str, int]:
    """How many places of a year are in each state."""
    found = transaction.execute(
        select(letters.c.state, func.count()).where(letters.c.year == year).group_by(letters.c.state)
    )
    return {str(state): int(count) for state, count in found}


# ---- files ----


def last_file(transaction: Transaction) -> SegmentPlace | None:
    """The last place in the vault of letters that any of them has, erased ones included."""
    row = transaction.execute(
        select(letters.c.segment, letters.c.offset, letters.c.length)
        .where(letters.c.segment.is_not(None))
        .order_by(letters.c.segment.desc(), letters.c.offset.desc())
        .limit(1)
    ).first()
    return SegmentPlace(row.segment, row.offset, row.length) if row else None


def segments_with_keys(transaction: Transaction) -> set[int]:
    """The segments in which at least one letter can still be read."""
    found = transaction.execute(
        select(letters.c.segment).where(letters.c.wrapped_key.is_not(None)).distinct()
    )
    return {int(number) for number in found.scalars()}


def readable(transaction: Transaction, after: tuple[int, int] = (0, 0), most: int = 500) -> list[Letter]:
    """Letters whose files can be read, after one place, in order."""
    year, place = after
    found = transaction.execute(
        select(letters)
        .where(
            letters.c.wrapped_key.is_not(None),
            (letters.c.year > year) | ((letters.c.year == year) & (letters.c.place > place)),
        )
        .order_by(letters.c.year, letters.c.place)
        .limit(most)
    )
    return _rows(found.all())


def some_readable(transaction: Transaction, most: int) -> list[Letter]:
    """The newest letter whose file can be read, which no earlier look has seen, and others by chance."""
    is_readable = letters.c.wrapped_key.is_not(None)
    newest = select(letters).where(is_readable).order_by(letters.c.year.desc(), letters.c.place.desc())
    others = select(letters).where(is_readable).order_by(func.random())
    found = [*transaction.execute(newest.limit(1)).all(), *transaction.execute(others.limit(most)).all()]
    return list({letter.number: letter for letter in _rows(found)}.values())[:most]


def erased(transaction: Transaction) -> list[Letter]:
    """Letters whose files were destroyed; none in a copy of a database that is older than the register."""
    if letters.name not in inspect(transaction).get_table_names():
        return []
    return _all(transaction, letters.c.erased_at.is_not(None))


def count_readable(transaction: Transaction) -> int:
    """How many files can be read; none in a copy of a database that is older than the register."""
    if letters.name not in inspect(transaction).get_table_names():
        return 0
    found = select(func.count()).where(letters.c.wrapped_key.is_not(None))
    return int(transaction.execute(found).scalar_one())


# ---- what other tables say ----


def taken_payload(transaction: Transaction, letter: Letter) -> NumberTaken:
    """The facts with which a number was taken."""
    payload = transaction.execute(
        select(journal.c.payload).where(journal.c.sequence == letter.journal)
    ).scalar_one()
    return NumberTaken.model_validate_json(payload)


def card_facts(transaction: Transaction, person: str, issue: int) -> CardFacts:
    """Whether the person's card of an issue is made, and whether it was handed over."""
    job = transaction.execute(
        select(jobs.c.id).where(
            jobs.c.person == person,
            jobs.c.issue == issue,
            jobs.c.purpose == "card",
            jobs.c.state == "ready",
        )
    ).scalar()
    if job is None:
        return CardFacts(waits=False, handed_over=False)
    handed = transaction.execute(
        select(exists().where(journal.c.job == job, journal.c.name == HANDED_OVER))
    ).scalar_one()
    return CardFacts(waits=not handed, handed_over=bool(handed))


def was_given_out(transaction: Transaction, letter: Letter) -> bool:
    """Whether a copy of a letter's file was given out."""
    found = transaction.execute(
        select(journal.c.payload).where(journal.c.person == letter.person, journal.c.name == GIVEN_OUT)
    ).scalars()
    return any(LetterGivenOut.model_validate_json(payload).number == letter.number for payload in found)


def has_event_after(transaction: Transaction, name: str, row: int) -> bool:
    """Whether an event of this name stands after a row of the journal."""
    return bool(
        transaction.execute(
            select(exists().where(journal.c.name == name, journal.c.sequence > row))
        ).scalar_one()
    )


def is_received_at_centre(transaction: Transaction, record: str) -> bool:
    """Whether the centre has given a receipt for a record."""
    return bool(
        transaction.execute(
            select(exists().where(deliveries.c.record == record, deliveries.c.state == "received"))
        ).scalar_one()
    )


def newest_record_of(transaction: Transaction, person: str) -> str | None:
    """The newest record of a person that can be read."""
    return transaction.execute(
        select(held_records.c.record)
        .where(held_records.c.person == person, held_records.c.erased_at.is_(None))
        .order_by(held_records.c.received_at.desc(), held_records.c.record.desc())
        .limit(1)
    ).scalar()


def _first(transaction: Transaction, *conditions: ColumnElement[bool]) -> Letter | None:
    found = transaction.execute(select(letters).where(*conditions).limit(1)).first()
    return _letter(found) if found else None


def _all(transaction: Transaction, *conditions: ColumnElement[bool]) -> list[Letter]:
    found = transaction.execute(select(letters).where(*conditions).order_by(letters.c.year, letters.c.place))
    return _rows(found.all())


def _rows(found: Sequence[Row[tuple[object, ...]]]) -> list[Letter]:
    return [_letter(row) for row in found]


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    has_file = row.segment is not None
    return Letter(
        year=row.year,
        place=row.place,
        number=row.number,
        journal=row.journal,
        record=row.record,
        person=row.person,
        reason=row.reason,
        signer=row.signer,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        renews=row.renews,
        state=LetterState(row.state),
        settled=row.settled,
        cause=row.cause,
        content_hash=row.content_hash,
        file=SegmentPlace(row.segment, row.offset, row.length) if has_file else None,
        wrapped_key=row.wrapped_key,
        erased_at=row.erased_at,
    )
