"""What the journal says of letters on paper: an attempt that was hidden could be a second sheet."""

from collections.abc import Iterable, Iterator

from station.audit.facts import Facts, TableRow
from station.journal import JournalRow
from station.letters.printing.rows import (
    BEGUN,
    CHECKED,
    ENDED,
    SENT,
    PaperChecked,
    PrintBegun,
    PrintEnded,
    PrintJobOpened,
)


class LetterPrintFacts:
    """Every attempt to print a letter, and how it stands."""

    def __init__(self) -> None:
        self._prints = Facts(("journal",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == BEGUN:
            begun = PrintBegun.model_validate_json(row.payload)
            values = begun.model_dump(mode="json", exclude={"size", "reason"})
            unknown = {"job": None, "outcome": None, "cause": None, "paper": None}
            self._prints.expect((row.sequence,), row.sequence, values | unknown)
        elif row.name == SENT:
            opened = PrintJobOpened.model_validate_json(row.payload)
            self._prints.change((opened.begun,), row.sequence, job=opened.job)
        elif row.name == ENDED:
            ended = PrintEnded.model_validate_json(row.payload)
            end = {"outcome": ended.outcome.value, "cause": ended.cause.value}
            self._prints.change((ended.begun,), row.sequence, **end)
        elif row.name == CHECKED:
            checked = PaperChecked.model_validate_json(row.payload)
            self._prints.change((checked.begun,), row.sequence, paper=checked.verdict.value)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the attempts contradict."""
        return self._prints.differences(stored)
