"""Makes the generated parts of the reference pages from the code: `python docs/generate.py [--check]`.

A page keeps its prose; what stands between `<!-- generated: NAME -->` and `<!-- /generated -->` is replaced.
"""

import argparse
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar, get_args, get_origin

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlalchemy.sql import ClauseElement

from station.cards.closing import CHIP_CAUSES
from station.cards.desk import FOLLOW_UPS
from station.cards.questions import QUESTIONS
from station.commands.context import RETRY_TEXTS
from station.commands.main import NOUNS, VERBS
from station.database import Database
from station.database.tables import metadata
from station.error_catalogue import CATALOGUE
from station.errors import ExitStatus
from station.gate.statuses import STATUSES
from station.language import Language, LanguageCode
from station.records.record import RecordData
from station.settings import Settings
from station.words import CAUSES, ROWS

Kind = TypeVar("Kind", bound=argparse.Action)
REFERENCE: Final = Path(__file__).parent / "reference"
BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)
RAISED = re.compile(r"RAISE\(ABORT, '((?:[^']|'')*)'\)")
LANGUAGES: Final[tuple[LanguageCode, LanguageCode]] = ("en", "id")
ENGLISH, INDONESIAN = (Language(code) for code in LANGUAGES)

RECORD_MEANINGS: Final[Mapping[str, str]] = {
    "format": "Version of this format.",
    "record_id": "Name of the record at the centre. The station knows the record by it.",
    "nik": "Population number: 6 digits region, 6 digits birth date (women: day + 40), 4 digits serial. "
    "A serial 0000 is refused; every other oddity only warns.",
    "name": "As it stands on the card.",
    "birthplace": "Regency or town of birth.",
    "birth_date": "Also tells the century of the NIK and the colour behind the photo.",
    "sex": "`LAKI-LAKI` or `PEREMPUAN`.",
    "blood_group": "`A`, `B`, `AB`, `O`, each also with `+` or `-`; or `-` alone.",
    "address": "Street and house.",
    "rt": "Neighbourhood number.",
    "rw": "Ward number.",
    "village": "Desa or kelurahan.",
    "district": "Kecamatan.",
    "regency": "`KABUPATEN …` or `KOTA …`.",
    "province": "Without the word PROVINSI.",
    "religion": "Unknown ones only warn.",
    "marital_status": "`BELUM KAWIN`, `KAWIN`, `CERAI HIDUP` or `CERAI MATI`.",
    "occupation": "As it stands on the card.",
    "nationality": "Citizen or foreigner.",
    "valid_until": "`SEUMUR HIDUP`, or a date `YYYY-MM-DD`.",
    "place_issued": "Under the photo.",
    "date_issued": "Under the photo.",
    "status": "Status of the record at the centre; see below.",
    "issue_number": "Which card of this person it is. One person has one live card of one issue.",
    "synthetic": "True for made-up people.",
}
EXIT_MEANINGS: Final[Mapping[ExitStatus, str]] = {
    ExitStatus.DONE: "Done.",
    ExitStatus.REFUSED: "Refused, or a fault was found; the error says which.",
    ExitStatus.USAGE: "The command cannot be meant so.",
    ExitStatus.WAITS_FOR_PERSON: "Done as far as possible; something waits for a person.",
    ExitStatus.DEVICE_ABSENT: "A device, a daemon or a token is not there.",
    ExitStatus.LETTER_EXPIRED: "`station letters verify`: genuine, and expired.",
    ExitStatus.LETTER_WITHDRAWN: "`station letters verify`: genuine, and withdrawn.",
    ExitStatus.LETTER_KEY_UNKNOWN: "`station letters verify`: signed by nobody whom the trust list names.",
    ExitStatus.LETTER_KEY_NOT_VALID: "`station letters verify`: signed when the key was not to be used.",
    ExitStatus.LETTER_UNSIGNED: "`station letters verify`: a PDF that is no scan and carries no signature.",
    ExitStatus.NO_LETTER: "`station letters verify`: no code of a letter was found.",
    ExitStatus.LETTER_UNREADABLE: "`station letters verify`: it cannot be read.",
    ExitStatus.LETTER_CONTRADICTION: "`station letters verify`: the code is of another letter than the file.",
    ExitStatus.LETTER_ALTERED: "`station letters verify`: altered.",
    ExitStatus.LATCHED: "A lane is latched, or something happened that the station does not know.",
}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _both(message: str) -> tuple[str, str]:
    """A message in English and in Indonesian, with its places left open."""
    return ENGLISH.text(message), INDONESIAN.text(message)


# ---- settings and records ----


def settings() -> str:
    """Every setting, section by section."""
    plain = [name for name, field in Settings.model_fields.items() if _section(field.annotation) is None]
    parts = ["Before the first section:\n\n" + _fields(Settings, plain)]
    parts += _sections(Settings, "")
    return "\n".join(parts)


def _sections(model: type[BaseModel], above: str) -> list[str]:
    """The sections of a model, each followed by those within it."""
    parts = []
    for name, field in model.model_fields.items():
        section = _section(field.annotation)
        if section is None:
            continue
        many = get_origin(field.annotation) is tuple
        inner = [one for one, own in section.model_fields.items() if _section(own.annotation) is None]
        times = ", once or more" if field.is_required() else ", any number of times"
        head = f"### `[[{above}{name}]]`{times}" if many else f"### `[{above}{name}]`"
        about = (section.__doc__ or "").strip().splitlines()[0]
        parts.append(f"{head}\n\n{about}\n\n{_fields(section, inner)}")
        parts += _sections(section, f"{above}{name}.")
    return parts


def _section(annotation: object) -> type[BaseModel] | None:
    """The model of a section, or of the elements of a list of sections."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _fields(model: type[BaseModel], names: Sequence[str]) -> str:
    properties = model.model_json_schema()["properties"]
    rows = []
    for name in names:
        field = model.model_fields[name]
        default = "required" if field.is_required() else f"`{field.default}`"
        rows.append((f"`{name}`", default, _limits(properties[name]), field.description or ""))
    return table(("Name", "Default", "Must be", "Meaning"), rows)


def record_fields() -> str:
    """Every field of `record.json`."""
    properties = RecordData.model_json_schema()["properties"]
    rows = (
        (f"`{name}`", _limits(properties[name]), RECORD_MEANINGS[name]) for name in RecordData.model_fields
    )
    return table(("Field", "Must be", "Meaning"), rows)


def _limits(schema: Mapping[str, object]) -> str:
    """What the JSON schema of one field demands, in words."""
    if "const" in schema:
        return f"`{schema['const']}`"
    choices = schema.get("enum")
    if isinstance(choices, list):
        return " or ".join(f"`{choice}`" for choice in choices)
    formats = {"date": "date `YYYY-MM-DD`", "path": "path"}
    words = [formats.get(str(schema.get("format")), str(schema.get("type")))]
    if "pattern" in schema:
        words.append(f"`{schema['pattern']}`")
    if schema.get("type") == "string" and "maxLength" in schema:
        words.append(f"{schema.get('minLength', 0)} to {schema['maxLength']} letters")
    elif "minLength" in schema:
        words.append("not empty")
    words += [f"{word} {schema[key]}" for key, word in _BOUNDS.items() if key in schema]
    return ", ".join(words)


_BOUNDS: Final = {"minimum": "at least", "maximum": "at most"}


def statuses() -> str:
    """The record statuses that the gate knows."""
    rows = (
        (f"`{code}`", status.short, "yes" if status.printable else "no", *_both(status.meaning))
        for code, status in STATUSES.items()
    )
    return table(("Status", "Short", "Printed", "Meaning", "Artinya"), rows)


# ---- errors and commands ----


def errors() -> str:
    """Every error code with its five sentences."""
    parts = []
    for code, entry in CATALOGUE.items():
        sentences = (
            ("What happened", entry.happened),
            ("Card and blank", entry.consequence),
            ("Operator", entry.operator),
            ("Technician / teknisi", entry.technician),
            (f"Retry: `{entry.retry.value}`", RETRY_TEXTS[entry.retry.value]),
        )
        rows = ((name, *_both(sentence)) for name, sentence in sentences)
        parts.append(f"### {code}\n\n" + table(("", "English", "Bahasa Indonesia"), rows))
    return "\n".join(parts)


class Listed:
    """A command of the command line: its words, its help, its arguments."""

    def __init__(self, parser: argparse.ArgumentParser, arguments: list[argparse.Action]) -> None:
        self._parser = parser
        self.arguments = [action for action in arguments if "-h" not in action.option_strings]
        self.words = parser.prog
        self.help = parser.description or ""

    @property
    def is_command(self) -> bool:
        """Whether it can be carried out; a noun alone cannot."""
        return self._parser.get_default("handler") is not None

    @property
    def usage(self) -> str:
        """The command with its arguments, optional ones in square brackets."""
        shown = (_shown(action) for action in self.arguments if action.dest != "json")
        return " ".join((self.words, *shown))


def command_line(code: LanguageCode) -> list[Listed]:
    """Every parser of the command line, in the order of its help."""
    made: list[Listed] = []

    class Parser(argparse.ArgumentParser):
        """Remembers its arguments, and is listed when it is made."""

        def __init__(self, *, prog: str | None = None, description: str | None = None) -> None:
            self.arguments: list[argparse.Action] = []
            super().__init__(prog=prog, description=description)
            parsers.append(self)

        def _add_action(self, action: Kind) -> Kind:
            self.arguments.append(action)
            return super()._add_action(action)

    parsers: list[Parser] = []
    subparsers = Parser(prog="station").add_subparsers()
    for module in (*NOUNS, *VERBS):
        module.add(subparsers, Language(code))
    made += [Listed(parser, parser.arguments) for parser in parsers]
    return made


def _shown(action: argparse.Action) -> str:
    value = "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    if not action.option_strings:
        return f"{value} …" if action.nargs == "+" else value
    option = action.option_strings[-1]
    words = option if action.nargs == 0 else f"{option} {value}"
    return words if action.required else f"[{words}]"


def commands() -> str:
    """Every command with its arguments in both languages."""
    parts = []
    for english, indonesian in zip(*(command_line(code) for code in LANGUAGES), strict=True):
        if not english.is_command:
            continue
        parts.append(f"### {english.words}\n\n{english.help} / *{indonesian.help}*\n")
        parts.append(f"```\n{english.usage}\n```\n")
        pairs = zip(english.arguments, indonesian.arguments, strict=True)
        rows = [
            (f"`{_name(one)}`", one.help, other.help, _default(one))
            for one, other in pairs
            if one.dest != "json"
        ]
        if rows:
            parts.append(table(("Argument", "English", "Bahasa Indonesia", "Default"), rows))
    return "\n".join(parts)


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else action.dest.upper()


def _default(action: argparse.Action) -> str:
    return f"`{action.default}`" if action.default and action.nargs != 0 else ""


def exit_statuses() -> str:
    """What the exit status says."""
    return table(("Status", "Meaning"), ((int(status), EXIT_MEANINGS[status]) for status in ExitStatus))


# ---- the journal ----


def tables() -> str:
    """Every table with its columns and rules."""
    return "\n".join(_table(name) for name in metadata.tables)


def _table(name: str) -> str:
    one = metadata.tables[name]
    columns = ((f"`{column.name}`", str(column.type).lower(), _column(column)) for column in one.columns)
    rules = "".join(f"- {rule}\n" for rule in sorted(_rules(name)))
    return f"### {name}\n\n" + table(("Column", "Type", ""), columns) + (rules and "\n" + rules)


def _column(column: Column[object]) -> str:
    notes = ["key"] if column.primary_key else []
    notes += [f"of `{key.target_fullname}`" for key in column.foreign_keys]
    notes += ["may be empty"] if column.nullable else []
    return ", ".join(notes)


def _rules(name: str) -> Iterator[str]:
    one = metadata.tables[name]
    for constraint in one.constraints:
        if isinstance(constraint, CheckConstraint):
            yield f"check: `{_sql(constraint.sqltext)}`"
        elif isinstance(constraint, UniqueConstraint):
            yield "unique: " + ", ".join(f"`{column.name}`" for column in constraint.columns)
    yield from (_unique(index) for index in one.indexes if index.unique)


def _unique(index: Index) -> str:
    names = ", ".join(f"`{column.name}`" for column in index.columns)
    where = index.dialect_options["sqlite"]["where"]
    return f"unique: {names}" + (f" where `{_sql(where)}`" if where is not None else "")


def _sql(clause: ClauseElement) -> str:
    return re.sub(r"\s+", " ", str(clause.compile(compile_kwargs={"literal_binds": True})))


def triggers() -> str:
    """Every trigger of a fresh database, and what it says when it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database("sqlite:///fresh.db", Path(folder))
        database.migrate()
        database.close()
        connection = sqlite3.connect(Path(folder) / "fresh.db")
        found = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        rows = [(f"`{name}`", f"`{of}`", _refusals(sql)) for name, of, sql in found]
        connection.close()
    return table(("Trigger", "Table", "Refuses with"), sorted(rows))


def _refusals(sql: str) -> str:
    return "; ".join(message.replace("''", "'") for message in RAISED.findall(sql))


def names() -> str:
    """The names of rows, in words; row kinds, steps and questions have tables of their own."""
    kinds = ("event", "intent", "outcome", "question", "answer")
    rows = ((f"`{name}`", *_both(words)) for name, words in ROWS.items() if name not in kinds)
    return table(("Event", "English", "Bahasa Indonesia"), rows)


def questions() -> str:
    """Every question with its verdicts."""
    parts = []
    for name, kind in QUESTIONS.items():
        english, indonesian = _both(kind.text)
        rows = (
            (
                f"`{code}`",
                *_both(verdict.text),
                verdict.outcome or "-",
                f"`{verdict.condemns}`" if verdict.condemns else "-",
            )
            for code, verdict in kind.verdicts.items()
        )
        heads = ("Verdict", "English", "Bahasa Indonesia", "Settles the step as", "Spoils the card, cause")
        parts.append(f"### {name}\n\n{english} / *{indonesian}*\n\n{table(heads, rows)}")
    return "\n".join(parts)


def follow_ups() -> str:
    """What an UNKNOWN leads to, by step and conclusion of its probe."""
    rows = (
        (
            f"`{step}`",
            f"`{conclusion}`",
            f"asks `{then.question}`" if then.question else f"spoils: `{then.cause}`",
        )
        for (step, conclusion), then in FOLLOW_UPS.items()
    )
    return table(("Step", "Conclusion", "Then"), rows)


def causes() -> str:
    """Why a blank is spoiled, and whether the job takes another by itself."""
    rows = (
        (f"`{code}`", *_both(words), "yes" if code in CHIP_CAUSES else "no") for code, words in CAUSES.items()
    )
    return table(("Cause", "English", "Bahasa Indonesia", "Another blank by itself"), rows)


BLOCKS: Final[Mapping[str, Mapping[str, Callable[[], str]]]] = {
    "settings.md": {"settings": settings},
    "record.md": {"fields": record_fields, "statuses": statuses},
    "errors.md": {"errors": errors},
    "commands.md": {"exit-statuses": exit_statuses, "commands": commands},
    "journal.md": {
        "tables": tables,
        "triggers": triggers,
        "names": names,
        "follow-ups": follow_ups,
        "questions": questions,
        "causes": causes,
    },
}


def fill(page: str, text: str) -> str:
    """Return the text of a page with its generated blocks made anew.

    Raises:
        LookupError: the page lacks a block, or has one that nothing makes.
    """
    makers = BLOCKS[page]
    found = [match[2] for match in BLOCK.finditer(text)]
    if sorted(found) != sorted(makers):
        raise LookupError(f"{page} has the blocks {found}, not {list(makers)}")
    return BLOCK.sub(lambda match: f"{match[1]}\n{makers[match[2]]()}\n{match[3]}", text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the pages anew, or only look with `--check`.

    Returns:
        The exit status: 0, or 1 when `--check` found a page that is not up to date.
    """
    parser = argparse.ArgumentParser(prog="python docs/generate.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name the pages that are old")
    check = parser.parse_args(arguments).check
    stale = []
    for page in BLOCKS:
        text = (REFERENCE / page).read_text(encoding="utf-8")
        fresh = fill(page, text)
        if fresh != text:
            stale.append(page)
            if not check:
                (REFERENCE / page).write_text(fresh, encoding="utf-8")
    sys.stdout.write("".join(f"{page}\n" for page in stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
