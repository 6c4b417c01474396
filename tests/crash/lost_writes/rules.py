"""What the database must hold besides: rules that no cut can show. On the weakest SQLite, like the recording.

Each check is named, so that the table of mutants can say what has noticed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import insert

from station.database import Database
from station.database.tables import blank_moves
from station.errors import Refused, StationError
from station.journal.store import Journal, broken_at
from tests.crash.lost_writes.database import WeakDatabase, digest
from tests.fakes.clock import FakeClock

HESITATION = 0.3


class RuleBroken(Exception):
    """A rule does not hold."""


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


RULES: tuple[Callable[[Path], None], ...] = (
    two_writers_take_turns,
    an_orphan_is_refused,
    a_failure_leaves_nothing,
    readers_wait_for_nobody,
)


def broken_rules(folder: Path) -> list[str]:
    """Check all; say which do not hold and why."""
    broken = []
    for number, rule in enumerate(RULES):
        try:
            rule(folder / str(number))
        except (RuleBroken, StationError) as error:
            broken.append(f"{rule.__name__}: {error}")
    return broken
