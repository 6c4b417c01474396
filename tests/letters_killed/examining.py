"""What must be there after the last batch: every number once, every letter once, every file and no other.

`python -m tests.letters_killed.examining FOLDER OUT COUNT SEED`: a process with the token of the office.
"""

import hashlib
import sys
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import text

from station.audit.verify import verify
from station.folders import letter_file_name
from station.journal.store import broken_at
from station.letters import store
from station.letters.bulk.store import issued_digest
from station.letters.claim.code import read_code
from station.letters.presented.answers import Answer, Kind
from station.letters.presented.judging import Judge
from station.letters.rows import LetterState
from station.letters.store import Letter
from station.office import Office, open_office
from station.settings import load_settings
from tests.letters_killed.office import LetterOffice

SAMPLE: Final = 200  # files that are judged whole, their code read from the picture of the page


class Lost(AssertionError):
    """Something was lost, or is there twice."""


def examine(folder: Path, out: Path, count: int, seed: int) -> int:
    """Look at all that is there; return how many numbers are void.

    Raises:
        Lost: it is not what it must be.
    """
    judge = LetterOffice(folder).judge()
    with open_office(load_settings(folder / "station.toml")) as office:
        letters = all_letters(office)
        _examine_numbers(letters)
        issued = [letter for letter in letters if letter.state is LetterState.ISSUED]
        _examine_books(office, issued, count)
        _examine_files(office, issued, out, judge)
    sample = Random(seed).sample(issued, min(SAMPLE, len(issued)))
    for letter in sample:
        found = judge.judge((out / letter_file_name(letter.number)).read_bytes())
        equal("judged", (found.kind, found.answer), (Kind.PDF, Answer.GENUINE))
        equal("codes read from the page", len(found.codes), 1)
        statement = found.codes[0].statement
        equal("number in the code", statement.number if statement else None, letter.number)
    return len(letters) - len(issued)


def all_letters(office: Office) -> list[Letter]:
    """The whole register."""
    found: list[Letter] = []
    with office.database.reading() as transaction:
        for year in store.years(transaction):
            after = 0
            while page := store.of_year(transaction, year, after):
                found += page
                after = page[-1].place
    return found


def _examine_numbers(letters: list[Letter]) -> None:
    for year in {letter.year for letter in letters}:
        places = [letter.place for letter in letters if letter.year == year]
        equal(f"places of {year}", places, list(range(1, len(places) + 1)))
    equal("numbers there twice", len(letters) - len({letter.number for letter in letters}), 0)
    for letter in letters:
        if letter.state is LetterState.VOID:
            equal(f"cause of the void number {letter.number}", bool(letter.cause), True)
        else:
            equal(f"state of {letter.number}", letter.state, LetterState.ISSUED)


def _examine_books(office: Office, issued: list[Letter], count: int) -> None:
    """Each record has one letter, and the journal says the same."""
    with office.database.reading() as transaction:
        held = set(transaction.execute(text("SELECT record FROM held_records")).scalars())
        equal("held records", len(held), count)
        equal("broken row of the journal", broken_at(transaction), None)
        for name in ("letter_issued", "letter_given_out"):
            rows = transaction.execute(
                text("SELECT count(*) FROM journal WHERE name = :name"), {"name": name}
            ).scalar_one()
            equal(f"rows {name}", rows, count)
    equal("letters", len(issued), count)
    equal("records with a letter", {letter.record for letter in issued} == held, True)
    faults = verify(office.database, office.keys.journal, office.settings.head_anchor).faults
    equal("faults of the audit", faults, [])


def _examine_files(office: Office, issued: list[Letter], out: Path, judge: Judge) -> None:
    """Every letter opens, its code and its place agree, and its file lies in the folder as it was sealed."""
    equal(
        "files in the folder",
        sorted(file.name for file in out.iterdir()),
        sorted(letter_file_name(letter.number) for letter in issued),
    )
    key = judge.trust.keys[0]
    for letter in issued:
        file = office.letter_files.open(letter)  # compares the hash of what was sealed
        with office.database.reading() as transaction:
            digest = issued_digest(transaction, letter)
        equal(f"hash of {letter.number}", hashlib.sha256(file.pdf).hexdigest(), digest)
        with (out / letter_file_name(letter.number)).open("rb") as written:
            equal(f"file of {letter.number}", hashlib.file_digest(written, "sha256").hexdigest(), digest)
        statement = read_code(file.code, lambda wanted: key).statement
        equal("statement", (statement.number, statement.place), (letter.number, letter.place))
        equal("key of the signature", judge.judge_signature(file.pdf).answer, Answer.GENUINE)


def equal(what: str, found: object, wanted: object) -> None:
    """Compare.

    Raises:
        Lost: they differ.
    """
    if found != wanted:
        raise Lost(f"{what}: {_short(found)}, not {_short(wanted)}")


def _short(value: object) -> str:
    words = repr(value)
    return words if len(words) < 300 else words[:300] + " …"


def main() -> int:
    """Say how many numbers are void, or what is wrong."""
    folder, out, count, seed = sys.argv[1:]
    try:
        void = examine(Path(folder), Path(out), int(count), int(seed))
    except Lost as lost:
        sys.stdout.write(f"{lost}\n")
        return 1
    sys.stdout.write(f"{void}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
