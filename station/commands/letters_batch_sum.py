"""What a batch of letters has come to: for people in lines, for programs as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station.commands.context import Output, error_document
from station.errors import ExitStatus, Refused
from station.language import marked
from station.letters.bulk.verdicts import Became

if TYPE_CHECKING:
    from station.errors import StationError
    from station.service.letter_batch import BatchLine

FEW: Final = 40  # letters that are listed one by one for people


@dataclass
class BatchSum:
    """Counts, and says in the end what became of each record.

    Attributes:
        everybody: whether the batch was to find the people itself: who gets no letter is no failure then.
        completed_file: letters of a file that an earlier run had drawn; nothing else was done.
    """

    output: Output
    everybody: bool
    planned: int = 0
    seen: int = 0
    stopped: bool = False
    folder: Path | None = None
    file: Path | None = None
    completed_file: list[str] | None = None
    became: Counter[Became] = field(default_factory=Counter)
    not_eligible: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, str, Became]] = field(default_factory=list)
    errors: list[tuple[str, str, "StationError"]] = field(default_factory=list)

    def count(self, lines: "Sequence[BatchLine]") -> None:
        """Count what a portion came to."""
        for line in lines:
            self.seen += 1
            verdict = line.verdict
            if self.everybody and isinstance(verdict.error, Refused):
                self.not_eligible[verdict.error.code] += 1
                continue
            self.became[verdict.became] += 1
            self.lines.append((verdict.record, verdict.number, verdict.became))
            found = line.troubles if verdict.error is None else (verdict.error, *line.troubles)
            self.errors += [(verdict.record, verdict.number, error) for error in found]

    def note_troubles(self, troubles: "Mapping[str, StationError]") -> None:
        """Note what there is to say of letters by their numbers."""
        self.errors += [("", number, error) for number, error in troubles.items()]

    @property
    def status(self) -> ExitStatus:
        """The exit status of the command."""
        if self.errors:
            return ExitStatus.REFUSED
        return ExitStatus.WAITS_FOR_PERSON if self.stopped else ExitStatus.DONE

    def tell(self) -> ExitStatus:
        """Say what became of everything; return the exit status."""
        if self.completed_file is None:
            self._say_letters()
            self._say_errors()
            self._say_sum()
        if self.stopped:
            self.say_how_to_go_on()
        else:
            self._say_where()
        self.output.document(self._document())
        return self.status

    def say_how_to_go_on(self) -> None:
        """Say where it stands, when it was not finished."""
        self.output.say(
            marked("Stopped after {done} of {total}. The same command again goes on from there."),
            done=self.seen,
            total=self.planned,
        )

    def _say_letters(self) -> None:
        if 0 < len(self.lines) <= FEW:
            word = self.output.word
            self.output.table(
                (marked("record"), marked("number"), marked("letter")),
                [
                    (record or "-", number or "-", word(f"letter_batch_{became.value}"))
                    for record, number, became in self.lines
                ],
            )

    def _say_errors(self) -> None:
        for record, number, error in self.errors:
            document = error_document(error, self.output.language)
            self.output.say(
                marked("{name}: [{code}] {happened}"),
                name=record or number,
                code=document["code"],
                happened=document["happened"],
            )
        for code, count in sorted(self.not_eligible.items()):
            self.output.say(marked("No letter for {count} records: {code}."), count=count, code=code)

    def _say_sum(self) -> None:
        self.output.say(
            marked("{issued} letters issued, {resumed} begun before and finished, {before} there before, "
                   "{refused} refused."),
            issued=self.became[Became.ISSUED],
            resumed=self.became[Became.RESUMED],
            before=self.became[Became.BEFORE],
            refused=self.became[Became.REFUSED],
        )  # fmt: skip

    def _say_where(self) -> None:
        if self.folder is not None:
            self.output.say(marked("The letters lie in {folder}."), folder=self.folder)
        if self.completed_file is not None:
            self.output.say(
                marked(
                    "{file} was drawn before and is in its place, with {count} letters. No more was done."
                ),
                file=self.file,
                count=len(self.completed_file),
            )
        elif self.file is not None and self.file.exists():
            self.output.say(
                marked("Written: {file}. It is for paper; it carries no signature."), file=self.file
            )

    def _document(self) -> dict[str, object]:
        language = self.output.language
        return {
            "planned": self.planned,
            "seen": self.seen,
            "stopped": self.stopped,
            **{became.value: self.became[became] for became in Became},
            "not_eligible": dict(self.not_eligible),
            "folder": str(self.folder) if self.folder else None,
            "file": str(self.file) if self.file else None,
            "completed_file": self.completed_file,
            "letters": [
                {"record": record, "number": number, "became": became.value}
                for record, number, became in self.lines
            ],
            "errors": [
                {"record": record, "number": number, "error": error_document(error, language)}
                for record, number, error in self.errors
            ],
        }
