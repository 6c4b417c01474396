"""What every command gets: its arguments with their types, its language, and where its words go."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from station.errors import DeviceFault, ExitStatus, StationError
from station.language import Language, marked
from station.words import word

RETRY_TEXTS = {
    "never": marked("Do not try again."),
    "after_fix": marked("Try again after that."),
    "automatic": marked("The station tries again by itself."),
}


WORDED = frozenset({"account", "cause", "meaning", "operation", "outcome", "remedy", "state", "step"})
"""The values of messages that are codes or messages themselves."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of one command, checked as they are taken out."""

    values: Mapping[str, object]

    def text(self, name: str) -> str:
        """A text that the parser has required."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise TypeError(f"argument {name} is no text")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, or None when it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int:
        """A number that the parser has required."""
        value = self.values.get(name)
        if not isinstance(value, int):
            raise TypeError(f"argument {name} is no number")
        return value

    def optional_number(self, name: str) -> int | None:
        """A number, or None when it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def flag(self, name: str) -> bool:
        """Whether an option was given."""
        return bool(self.values.get(name))

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when the option was never given."""
        value = self.values.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []

    def paths(self, name: str) -> list[Path]:
        """A list of paths."""
        value = self.values.get(name)
        return [Path(str(one)) for one in value] if isinstance(value, list) else []


class Output:
    """Words for people on standard output, or one JSON document for programs; errors on standard error."""

    def __init__(
        self,
        language: Language,
        *,
        as_json: bool,
        words: TextIO | None = None,
        complaints: TextIO | None = None,
    ) -> None:
        self.language, self.as_json = language, as_json
        self._words, self._complaints = words or sys.stdout, complaints or sys.stderr

    def say(self, message: str, **values: object) -> None:
        """Say one line, translated; nothing with `--json`."""
        if not self.as_json:
            self._write(self.language.text(message, **values))

    def word(self, code: str) -> str:
        """The words for a code."""
        return word(self.language, code)

    def job_word(self, state: str) -> str:
        """The words for the state of a job: a ready job is a card, a ready printer is not."""
        return self.word("card_ready" if state == "ready" else state)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Show rows under translated heads, in columns; nothing with `--json`."""
        if self.as_json:
            return
        texts = [[self.language.text(head) for head in heads], *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
        for row in texts:
            self._write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )

    def document(self, value: object) -> None:
        """Write the JSON document of a command; nothing without `--json`."""
        if self.as_json:
            self._write(json.dumps(value, ensure_ascii=False, indent=2))

    def explain(self, error: StationError) -> None:
        """Explain an error that the work goes on after, among the other words; nothing with `--json`."""
        for line in () if self.as_json else explanation(error, self.language):
            self._write(line)

    def error(self, error: StationError) -> None:
        """Explain an error: what happened, what it means, who does what. As JSON with `--json`."""
        if self.as_json:
            self._write(
                json.dumps({"error": error_document(error, self.language)}, ensure_ascii=False, indent=2)
            )
        else:
            self._complaints.write("\n".join(explanation(error, self.language)) + "\n")
            self._complaints.flush()

    def _write(self, line: str) -> None:
        self._words.write(line + "\n")
        self._words.flush()


def error_values(error: StationError, language: Language) -> dict[str, object]:
    """The values of an error's sentences; those that are messages themselves, translated."""
    values: dict[str, object] = {
        name: word(language, str(value)) if name in WORDED else value for name, value in error.values.items()
    }
    if isinstance(error, DeviceFault):
        values["reasons"] = ", ".join(word(language, reason) for reason in error.reasons)
    return values


def explanation(error: StationError, language: Language) -> list[str]:
    """The lines that explain an error to the operator and the technician."""
    document = error_document(error, language)
    lines = [
        f"[{document['code']}] {document['happened']}",
        f"  {document['consequence']}",
        "  " + language.text(marked("Operator: {step}"), step=document["operator"]),
    ]
    if document["technician"] != language.text(marked("Nothing to do.")):
        lines.append("  " + language.text(marked("Technician: {step}"), step=document["technician"]))
    lines.append("  " + language.text(RETRY_TEXTS[document["retry"]]))
    if document["details"]:
        lines.append("  " + language.text(marked("Details: {details}"), details=document["details"]))
    return lines


def error_document(error: StationError, language: Language) -> dict[str, str]:
    """An error as a JSON object; the sentences are translated, the code is not."""
    values = error_values(error, language)
    entry = error.entry
    return {
        "code": error.code,
        "happened": language.text(entry.happened, **values),
        "consequence": language.text(entry.consequence, **values),
        "operator": language.text(entry.operator, **values),
        "technician": language.text(entry.technician, **values),
        "retry": entry.retry.value,
        "details": error.details,
    }


@dataclass(frozen=True)
class Context:
    """One invocation of the command line."""

    output: Output
    config: Path | None


Handler = Callable[[Context, Arguments], ExitStatus]
