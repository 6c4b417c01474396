"""Lines taken out of our code, one at a time: each must be noticed.

A mutant is the whole program once more, in a folder of its own, with one text replaced; everything is then
done with it that is done with the real one. A line that can go unnoticed is not needed, or not guarded.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.crash.lost_writes.letter_mutants import MUTANTS_OF_LETTERS
from tests.crash.lost_writes.mutant import Mutant
from tests.crash.lost_writes.records_day.mutants import MUTANTS_OF_RECORDS
from tests.crash.lost_writes.scanner_mutants import MUTANTS_OF_SCANNERS

ENGINE = "station/database/engine.py"
MIGRATION = "station/database/migrations/env.py"
FOLDERS = "station/folders.py"
HEADS = "station/audit/heads.py"
PAPERS = "station/commands/papers.py"
PIN_GUARD = "drivers/token/pin_guard.py"


_ORDER = (
    '        "synchronous=FULL",  # before the change to WAL, which is itself a write that must be durable\n'
    '        "foreign_keys=ON",\n'
    '        "journal_mode=WAL",\n'
)

MUTANTS: tuple[Mutant, ...] = (
    Mutant("synchronous removed", ENGINE, '        "synchronous=FULL",', "        # "),
    Mutant("synchronous=NORMAL", ENGINE, '        "synchronous=FULL",', '        "synchronous=NORMAL",'),
    Mutant("synchronous=OFF", ENGINE, '        "synchronous=FULL",', '        "synchronous=OFF",'),
    Mutant("journal_mode removed", ENGINE, '        "journal_mode=WAL",\n'),
    Mutant("journal_mode=OFF", ENGINE, '"journal_mode=WAL"', '"journal_mode=OFF"'),
    Mutant("journal_mode=MEMORY", ENGINE, '"journal_mode=WAL"', '"journal_mode=MEMORY"'),
    Mutant("foreign_keys removed", ENGINE, '        "foreign_keys=ON",\n'),
    Mutant("busy_timeout removed", ENGINE, '        f"busy_timeout={BUSY_SECONDS * 1000}",\n'),
    Mutant("no time to wait", ENGINE, "BUSY_SECONDS = 10\n", "BUSY_SECONDS = 0\n"),
    Mutant("pragmas not set", ENGINE, '        cursor.execute(f"PRAGMA {pragma}")\n', "        pass\n"),
    Mutant("BEGIN without IMMEDIATE", ENGINE, '"BEGIN IMMEDIATE" if write else "BEGIN"', '"BEGIN"'),
    Mutant(
        "no BEGIN",
        ENGINE,
        '    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")\n',
        "    _ = write\n",
    ),
    Mutant(
        "no commit",
        ENGINE,
        "with self.engine.begin() as connection:",
        "with self.engine.connect() as connection:",
    ),
    Mutant("readers take the lock", ENGINE, '"BEGIN IMMEDIATE" if write else "BEGIN"', '"BEGIN IMMEDIATE"'),
    Mutant("readers not told apart", ENGINE, ".execution_options(write=False)"),
    Mutant(
        "upgrade in several transactions", MIGRATION, "with engine.begin() as", "with engine.connect() as"
    ),
    Mutant("data folder's name not synced", FOLDERS, "        sync_names(fresh.parent)\n"),
    Mutant("names never synced", FOLDERS, "        os.fsync(descriptor)\n", "        pass\n"),
    Mutant("anchor not synced", HEADS, "            os.fsync(file.fileno())\n"),
    Mutant("anchor's name not synced", HEADS, "        sync_names(self._anchor.parent)\n"),
    Mutant(
        "holes in the anchor kept",
        HEADS,
        'return last if b"\\0" in content[last:length] else',
        "return",
    ),
    Mutant("papers not synced", PAPERS, "                os.fsync(file.fileno())\n"),
    Mutant("papers' names not synced", PAPERS, "                sync_names(target.absolute().parent)\n"),
    Mutant("PIN marker not synced", PIN_GUARD, "            os.fsync(file.fileno())\n"),
    Mutant("PIN marker's name not synced", PIN_GUARD, "            os.fsync(folder)\n", "            pass\n"),
    Mutant(
        "PIN marker written in place",
        PIN_GUARD,
        '        fresh = self.marker.with_suffix(".tmp")\n',
        "        fresh = self.marker\n",
        many=True,
    ),
    Mutant("PIN marker not replaced", PIN_GUARD, "        fresh.replace(self.marker)\n"),
    Mutant("WAL before synchronous", ENGINE, _ORDER, "".join(reversed(_ORDER.splitlines(keepends=True)))),
    Mutant("secure_delete removed", ENGINE, '        "secure_delete=ON",', "        # "),
    *MUTANTS_OF_RECORDS,
    *MUTANTS_OF_LETTERS,
    *MUTANTS_OF_SCANNERS,
)

# Every line of ours that makes something durable, so that none is added without its mutant.
DURABLE = re.compile(
    r"fsync\(|fdatasync\(|sync_names\(|PRAGMA|engine\.begin\(|connection\.begin\(|\.commit\(|\"BEGIN|"
    r"synchronous=|journal_mode=|foreign_keys=|busy_timeout=|secure_delete=|\.rename\(|"
    r"\.replace\([^,=\"']+\)\s*$"  # of a path: of a text it has two arguments
)
HARMLESS = re.compile(r"^\s*(import |from |def |\"\"\")|`")  # imports, definitions, words about it


def mutate(mutant: Mutant, root: Path) -> None:
    """Make one change in a copy of the program.

    Raises:
        LookupError: the text is not there, or not once: the list of mutants must follow the code.
    """
    file = root / mutant.file
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.line) != 1:
        raise LookupError(
            f"{mutant.name}: {mutant.line!r} stands {text.count(mutant.line)} times in {mutant.file}"
        )
    file.write_text(text.replace(mutant.line, mutant.instead), encoding="utf-8")


def unguarded(root: Path, mutants: Sequence[Mutant] = MUTANTS) -> Iterator[str]:
    """The lines of the program that make something durable, and that no mutant removes."""
    for package in ("station", "drivers"):
        for file in sorted((root / package).rglob("*.py")):
            relative = file.relative_to(root).as_posix()
            if "/versions/" in relative:
                continue  # migrations' SQL: BEGIN of triggers
            mine = [mutant.line for mutant in mutants if mutant.file == relative]
            for line in file.read_text(encoding="utf-8").splitlines():
                code = line.partition("#")[0]
                durable = DURABLE.search(code) and not HARMLESS.search(code)
                if durable and not any(one.strip() in line or code.strip() in one for one in mine):
                    yield f"{relative}: {line.strip()}"
