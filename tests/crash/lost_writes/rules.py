"""What the database must hold besides: rules that no cut can show. On the weakest SQLite, like the recording.

Each check is named, so that the table of mutants can say what has noticed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError

from station.database import Database
from station.database.copies import problems_of, reading_copy
from station.database.tables import blank_moves, centre_marks
from station.errors import Refused, StationError
from station.journal.store import Journal, broken_at
from tests.crash.lost_writes.anchor_rule import a_hole_in_the_last_line_is_no_forgery
from tests.crash.lost_writes.continuation_rule import rows_behind_a_hole_are_written_again
from tests.crash.lost_writes.database import WeakDatabase, digest
from tests.crash.lost_writes.letter_rules import LETTER_RULES
from tests.crash.lost_writes.restoring_rule import restored_files_stay_before_they_are_named
from tests.crash.lost_writes.rule_broken import RuleBroken
from tests.crash.lost_writes.scanner_rule import a_learned_window_stays
from tests.fakes.clock import FakeClock

HESITATION = 0.3
INDEX = "SELECT rootpage FROM sqlite_master WHERE name = ?"
CELLS = 3  # offset in a page of the number of its cells (sqlite.org/fileformat2.html, 1.6)


@contextmanager
def _fresh(folder: Path) -> Iterator[Database]:
    folder.mkdir(parents=True)
    with closing(WeakDatabase("sqlite:///station.db", folder)) as database:
        database.migrate()
        yield database


def two_writers_take_turns(folder: Path) -> None:
    """Two transactions that read before they write: the second waits for the first, and neither fails."""
    journal, reading, results = Journal(FakeClock()), threading.Barrier(2), []

    def write(database: Database) -> None:
        try:
            with database.transaction() as transaction:
                broken_at(transaction)
                _meet(reading)
                journal.event(transaction, "noted")
        except (StationError, Refused) as error:
            results.append(error)

    with _fresh(folder) as database:
        writers = [threading.Thread(target=write, args=(database,)) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        with database.reading() as transaction:
            count = transaction.exec_driver_sql("SELECT count(*) FROM journal").scalar()
    if results or count != 2:
        raise RuleBroken(f"{count} rows, {results}")


def _meet(barrier: threading.Barrier) -> None:
    """Have both writers past their first read if that is possible at all: a lock keeps the second out."""
    try:
        barrier.wait(HESITATION)
    except threading.BrokenBarrierError:
        return


def an_orphan_is_refused(folder: Path) -> None:
    """A movement of blanks without its journal row."""
    move = {"journal": 99, "source": "received", "source_lane": "", "target": "stock", "target_lane": ""}
    with _fresh(folder) as database:
        try:
            with database.transaction() as transaction:
                transaction.execute(insert(blank_moves).values(quantity=1, **move))
        except Refused:
            return
    raise RuleBroken("it was booked")


def a_failure_leaves_nothing(folder: Path) -> None:
    """All of a transaction or nothing of it."""
    journal = Journal(FakeClock())
    with _fresh(folder) as database:
        with database.reading() as transaction:
            before = digest(transaction)
        try:
            with database.transaction() as transaction:
                journal.event(transaction, "noted")
                raise LookupError
        except LookupError:
            pass
        with database.reading() as transaction:
            if digest(transaction) != before:
                raise RuleBroken("a part of it was kept")


def readers_wait_for_nobody(folder: Path) -> None:
    """The console reads while a lane writes; it sees what was committed last."""
    journal = Journal(FakeClock())
    with _fresh(folder) as database, database.transaction() as writing:
        journal.event(writing, "noted")
        with database.reading() as transaction:
            if transaction.exec_driver_sql("SELECT count(*) FROM journal").scalar() != 0:
                raise RuleBroken("it sees what is not committed")
    with closing(WeakDatabase("sqlite:///station.db", folder)) as again, again.reading() as transaction:
        mode = transaction.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode != "wal":
            raise RuleBroken(f"journal_mode is {mode}")


def what_is_deleted_is_overwritten(folder: Path) -> None:
    """An erased record's search tokens say who it was to whoever has the key; nobody looks for them later."""
    secret = bytes(range(0xC0, 0xE0))
    with _fresh(folder) as database:
        with database.transaction() as transaction:
            transaction.execute(insert(centre_marks).values(name="x", value=secret.hex()))
        _empty_log(database)
        if secret.hex().encode() not in database.file.read_bytes():
            raise LookupError("it was never there")
        with database.transaction() as transaction:
            transaction.execute(delete(centre_marks))
        _empty_log(database)
        if secret.hex().encode() in database.file.read_bytes():
            raise RuleBroken("it can still be read")


def _empty_log(database: Database) -> None:
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def a_damaged_copy_is_told(folder: Path) -> None:
    """A copy with an index whose only entry is lost."""
    with _fresh(folder) as database:
        with database.transaction() as transaction:
            transaction.execute(insert(centre_marks).values(name="x", value="y"))
        with database.reading() as transaction:
            size = int(transaction.exec_driver_sql("PRAGMA page_size").scalar_one())
            page = int(
                transaction.exec_driver_sql(INDEX, (f"sqlite_autoindex_{centre_marks.name}_1",)).scalar_one()
            )
    with folder.joinpath("station.db").open("r+b") as file:
        file.seek((page - 1) * size + CELLS)
        file.write(bytes(2))
    _require_problem(folder)


def an_orphan_in_a_copy_is_told(folder: Path) -> None:
    """A copy in which a row points to nothing."""
    move = {"journal": 99, "source": "received", "source_lane": "", "target": "stock", "target_lane": ""}
    with _fresh(folder) as database, database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # the pragma counts outside of a transaction only
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.execute(insert(blank_moves).values(quantity=1, **move))
        connection.commit()
    _require_problem(folder)


def _require_problem(folder: Path) -> None:
    with reading_copy(folder / "station.db") as copy:
        if not problems_of(copy):
            raise RuleBroken("it counts as sound")


RULES: tuple[Callable[[Path], None], ...] = (
    two_writers_take_turns,
    an_orphan_is_refused,
    a_failure_leaves_nothing,
    readers_wait_for_nobody,
    what_is_deleted_is_overwritten,
    a_damaged_copy_is_told,
    an_orphan_in_a_copy_is_told,
    *LETTER_RULES,
    restored_files_stay_before_they_are_named,
    a_learned_window_stays,
    a_hole_in_the_last_line_is_no_forgery,
    rows_behind_a_hole_are_written_again,
)


def broken_rules(folder: Path) -> list[str]:
    """Check all; say which do not hold and why."""
    broken = []
    for number, rule in enumerate(RULES):
        try:
            rule(folder / str(number))
        except (RuleBroken, StationError, SQLAlchemyError, LookupError) as error:
            broken.append(f"{rule.__name__}: {error}")
    return broken
