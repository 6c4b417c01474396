"""Writing and reading the journal's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, and_, bindparam, exists, insert, select

from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.inserting import Plain, insert_many
from station.database.tables import journal
from station.journal.rows import JournalRow, Outcome, RowKind

# Made once: to put these statements together costs more than to carry them out, and a card needs dozens.
_LAST = select(journal.c.sequence, journal.c.hash).order_by(journal.c.sequence.desc()).limit(1)
_APPEND = insert(journal)
_AT = select(journal).where(journal.c.sequence == bindparam("wanted"))
_OF_ATTEMPT = select(journal).where(journal.c.attempt == bindparam("wanted")).order_by(journal.c.sequence)


class NoPayload(BaseModel):
    """For rows that say everything with their name."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True)
class Place:
    """What a row is about: a lane, a job, an attempt, a person; each only where it applies."""

    lane: str | None = None
    job: int | None = None
    attempt: int | None = None
    person: str | None = None


NOWHERE = Place()


class Journal:
    """Appends to the journal inside a caller's transaction; nothing here ever changes a row."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def event(
        self,
        transaction: Transaction,
        name: str,
        payload: BaseModel | None = None,
        place: Place = NOWHERE,
        signed_by: str | None = None,
    ) -> int:
        """Append what has happened; return the row's sequence."""
        return self._append(transaction, RowKind.EVENT, name, payload, place, signed_by=signed_by)

    def events(
        self,
        transaction: Transaction,
        name: str,
        happened: Sequence[tuple[BaseModel, Place]],
        signed_by: str | None = None,
    ) -> list[int]:
        """Append many events of one name at one moment; return their sequences."""
        last, at = _last_row(transaction), timestamp(self._clock.now())
        rows = list[dict[str, Plain]]()
        sequences = list[int]()
        for payload, place in happened:
            row = _row_after(last, at, RowKind.EVENT, name, payload, place, signed_by=signed_by)
            last = (row.sequence, row.hash)
            rows.append(_values(row, last[1]))
            sequences.append(row.sequence)
        insert_many(transaction, journal.name, rows)
        return sequences

    def intent(
        self,
        transaction: Transaction,
        step: str,
        evidence: BaseModel,
        place: Place,
        signed_by: str | None = None,
    ) -> int:
        """Append that a step which cannot be undone is about to begin, with the evidence from before."""
        return self._append(transaction, RowKind.INTENT, step, evidence, place, signed_by=signed_by)

    def outcome(
        self,
        transaction: Transaction,
        intent: JournalRow,
        outcome: Outcome,
        evidence: BaseModel,
        signed_by: str | None = None,
    ) -> int:
        """Append what became of an intent."""
        return self._append(
            transaction,
            RowKind.OUTCOME,
            intent.name,
            evidence,
            _place_of(intent),
            intent=intent.sequence,
            outcome=outcome,
            signed_by=signed_by,
        )

    def question(
        self,
        transaction: Transaction,
        name: str,
        evidence: BaseModel,
        place: Place,
        intent: int | None = None,
    ) -> int:
        """Append a question to a person, with the evidence that the person is shown."""
        return self._append(transaction, RowKind.QUESTION, name, evidence, place, intent=intent)

    def answer(
        self,
        transaction: Transaction,
        question: JournalRow,
        payload: BaseModel,
        signed_by: str,
        outcome: Outcome | None = None,
    ) -> int:
        """Append a person's answer; `outcome` settles the question's intent."""
        return self._append(
            transaction,
            RowKind.ANSWER,
            question.name,
            payload,
            _place_of(question),
            intent=question.intent,
            question=question.sequence,
            outcome=outcome,
            signed_by=signed_by,
        )

    def _append(
        self,
        transaction: Transaction,
        kind: RowKind,
        name: str,
        payload: BaseModel | None,
        place: Place,
        *,
        intent: int | None = None,
        question: int | None = None,
        outcome: Outcome | None = None,
        signed_by: str | None = None,
    ) -> int:
        row = _row_after(
            _last_row(transaction),
            timestamp(self._clock.now()),
            kind,
            name,
            payload,
            place,
            intent=intent,
            question=question,
            outcome=outcome,
            signed_by=signed_by,
        )
        transaction.execute(_APPEND, _values(row, row.hash))
        return row.sequence


def _last_row(transaction: Transaction) -> tuple[int, str] | None:
    """Sequence and hash of the last row."""
    last = transaction.execute(_LAST).first()
    return (last.sequence, last.hash) if last else None


def _row_after(
    last: tuple[int, str] | None,
    at: str,
    kind: RowKind,
    name: str,
    payload: BaseModel | None,
    place: Place,
    *,
    intent: int | None = None,
    question: int | None = None,
    outcome: Outcome | None = None,
    signed_by: str | None = None,
) -> JournalRow:
    """The row that follows on this sequence and hash."""
    sequence, previous = last or (0, "")
    return JournalRow(
        sequence=sequence + 1,
        at=at,
        kind=kind,
        name=name,
        lane=place.lane,
        job=place.job,
        attempt=place.attempt,
        intent=intent,
        question=question,
        outcome=outcome,
        person=place.person,
        signed_by=signed_by,
        payload=(payload or NoPayload()).model_dump_json(),
        previous_hash=previous,
    )


def _values(row: JournalRow, row_hash: str) -> dict[str, Plain]:
    """A row as the database takes it."""
    return {
        "sequence": row.sequence,
        "at": row.at,
        "kind": row.kind.value,
        "name": row.name,
        "lane": row.lane,
        "job": row.job,
        "attempt": row.attempt,
        "intent": row.intent,
        "question": row.question,
        "outcome": row.outcome.value if row.outcome else None,
        "person": row.person,
        "signed_by": row.signed_by,
        "payload": row.payload,
        "previous_hash": row.previous_hash,
        "hash": row_hash,
    }


def _place_of(row: JournalRow) -> Place:
    return Place(lane=row.lane, job=row.job, attempt=row.attempt, person=row.person)


def row_at(transaction: Transaction, sequence: int) -> JournalRow | None:
    """Read one row."""
    found = transaction.execute(_AT, {"wanted": sequence}).first()
    return _as_row(found) if found else None


def rows_of_attempt(transaction: Transaction, attempt: int) -> list[JournalRow]:
    """Read all rows of one attempt, oldest first."""
    return _rows(transaction.execute(_OF_ATTEMPT, {"wanted": attempt}).all())


def rows_of_job(transaction: Transaction, job: int) -> list[JournalRow]:
    """Read all rows of one job, oldest first."""
    return _rows(
        transaction.execute(select(journal).where(journal.c.job == job).order_by(journal.c.sequence)).all()
    )


def rows_of_person(transaction: Transaction, person: str) -> list[JournalRow]:
    """Read all rows that name a person (HMAC of the NIK), oldest first."""
    return _rows(
        transaction.execute(
            select(journal).where(journal.c.person == person).order_by(journal.c.sequence)
        ).all()
    )


def open_questions(transaction: Transaction) -> list[JournalRow]:
    """Read the questions without an answer, oldest first."""
    answered = journal.alias("answered")
    return _rows(
        transaction.execute(
            select(journal)
            .where(
                journal.c.kind == RowKind.QUESTION,
                ~exists().where(
                    and_(answered.c.kind == RowKind.ANSWER, answered.c.question == journal.c.sequence)
                ),
            )
            .order_by(journal.c.sequence)
        ).all()
    )


def latest_events(
    transaction: Transaction, lane: str, names: Sequence[str], most: int, after: int = 0
) -> list[JournalRow]:
    """Read a lane's latest events of these names after a row, newest first."""
    return _rows(
        transaction.execute(
            select(journal)
            .where(
                journal.c.sequence > after,
                journal.c.lane == lane,
                journal.c.kind == RowKind.EVENT,
                journal.c.name.in_(names),
            )
            .order_by(journal.c.sequence.desc())
            .limit(most)
        ).all()
    )


def events_named(transaction: Transaction, names: Sequence[str], most: int) -> list[JournalRow]:
    """Read the latest events of these names, newest first."""
    return _rows(
        transaction.execute(
            select(journal)
            .where(journal.c.kind == RowKind.EVENT, journal.c.name.in_(names))
            .order_by(journal.c.sequence.desc())
            .limit(most)
        ).all()
    )


def latest_rows(transaction: Transaction, lane: str, before: int, most: int) -> list[JournalRow]:
    """Read a lane's latest rows before one, newest first."""
    return _rows(
        transaction.execute(
            select(journal)
            .where(journal.c.lane == lane, journal.c.sequence < before)
            .order_by(journal.c.sequence.desc())
            .limit(most)
        ).all()
    )


def broken_at(transaction: Transaction) -> int | None:
    """Walk the chain; return the sequence of the first row that does not follow, or None."""
    previous, expected = "", 1
    for row, stored in stored_rows(transaction):
        if row.sequence != expected or row.previous_hash != previous or row.hash != stored:
            return row.sequence
        previous, expected = stored, expected + 1
    return None


def stored_rows(transaction: Transaction, after: int = 0) -> Iterator[tuple[JournalRow, str]]:
    """Read every row after one with the hash that is stored beside it, oldest first, edited ones too."""
    rows = select(journal).where(journal.c.sequence > after).order_by(journal.c.sequence)
    for found in transaction.execute(rows):
        try:
            row = _as_row(found)
        except ValueError:
            row = _edited_row(found)
        yield row, found.hash


def _rows(found: Sequence[Row[tuple[object, ...]]]) -> list[JournalRow]:
    return [_as_row(row) for row in found]


def _edited_row(found: Row[tuple[object, ...]]) -> JournalRow:
    """A row whose kind or outcome no program writes: shown as an event whose hash cannot be right."""
    return JournalRow(
        sequence=found.sequence,
        at=found.at,
        kind=RowKind.EVENT,
        name=f"{found.kind} {found.name} {found.outcome}",
        lane=None,
        job=None,
        attempt=None,
        intent=None,
        question=None,
        outcome=None,
        person=None,
        signed_by=None,
        payload="{}",
        previous_hash=found.previous_hash,
    )


def _as_row(found: Row[tuple[object, ...]]) -> JournalRow:
    return JournalRow(
        sequence=found.sequence,
        at=found.at,
        kind=RowKind(found.kind),
        name=found.name,
        lane=found.lane,
        job=found.job,
        attempt=found.attempt,
        intent=found.intent,
        question=found.question,
        outcome=Outcome(found.outcome) if found.outcome else None,
        person=found.person,
        signed_by=found.signed_by,
        payload=found.payload,
        previous_hash=found.previous_hash,
    )
