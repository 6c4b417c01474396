"""What the journal says of letters: a number that was used twice or hidden in the table is in no row."""

from collections.abc import Iterable, Iterator

from station.audit.facts import Facts, TableRow
from station.journal import JournalRow
from station.letters.rows import (
    ERASED,
    ISSUED,
    TAKEN,
    VOIDED,
    WITHDRAWN,
    LetterErased,
    LetterIssued,
    LetterState,
    LetterVoided,
    LetterWithdrawn,
    NumberTaken,
)


class RegisterFacts:
    """Every place of the register with what it states, and where it stands."""

    def __init__(self) -> None:
        self._letters = Facts(("year", "place"))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == TAKEN:
            self._taken(row, NumberTaken.model_validate_json(row.payload))
        elif row.name == ISSUED:
            issued = LetterIssued.model_validate_json(row.payload)
            self._settle(row, issued.year, issued.place, LetterState.ISSUED, None)
            key = (issued.year, issued.place)
            self._letters.change(key, row.sequence, content_hash=issued.content_hash)
        elif row.name == VOIDED:
            void = LetterVoided.model_validate_json(row.payload)
            self._settle(row, void.year, void.place, LetterState.VOID, void.cause.value)
        elif row.name == WITHDRAWN:
            back = LetterWithdrawn.model_validate_json(row.payload)
            self._settle(row, back.year, back.place, LetterState.WITHDRAWN, back.cause.value)
        elif row.name == ERASED:
            erased = LetterErased.model_validate_json(row.payload)
            key = (erased.year, erased.place)
            self._letters.change(key, row.sequence, is_erased=True)

    def _taken(self, row: JournalRow, taken: NumberTaken) -> None:
        values: dict[str, object] = {
            "number": taken.number,
            "journal": row.sequence,
            "record": taken.record,
            "person": row.person or "",
            "reason": taken.reason,
            "signer": taken.signer,
            "issued_on": taken.issued_on,
            "valid_until": taken.valid_until,
            "renews": taken.renews,
            "state": LetterState.TAKEN.value,
            "settled": None,
            "cause": None,
            "content_hash": None,
            "is_erased": False,
        }
        self._letters.expect((taken.year, taken.place), row.sequence, values)

    def _settle(self, row: JournalRow, year: int, place: int, state: LetterState, cause: str | None) -> None:
        self._letters.change(
            (year, place), row.sequence, state=state.value, settled=row.sequence, cause=cause
        )

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the register contradicts. A file that a restore has lost is none of that."""
        return self._letters.differences(self._as_told(row) for row in stored)

    def _as_told(self, row: TableRow) -> TableRow:
        is_lost = row["segment"] is None and row["state"] in (LetterState.ISSUED, LetterState.WITHDRAWN)
        told = self._letters.value((row["year"], row["place"]), "content_hash")
        content_hash = told if is_lost else row["content_hash"]
        return {**row, "content_hash": content_hash, "is_erased": row["erased_at"] is not None}
