"""What was handed over after a backup is known again from the journal; nothing is handed over twice."""

import sqlite3
from contextlib import closing

from sqlalchemy import text

from station.database import Database
from station.errors import ExitStatus
from station.journal.store import stored_rows
from station.replay.replaying import replay
from tests.fakes.counter import BAD
from tests.unit.handover.handover_desk import HandoverDesk
from tests.unit.handover.test_cut_off import answer, ask
from tests.unit.handover.test_old_cards import BURN
from tests.unit.ledger.ledger_counter import SUPERVISOR

TABLES = ("handovers", "withdrawn_cards", "jobs", "attempts", "letters", "outbox")


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as transaction:
        return {
            table: [tuple(row) for row in transaction.execute(text(f"SELECT * FROM {table}"))]
            for table in TABLES
        }


def test_the_tables_follow_the_rows_of_every_kind_of_handover(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    backup = desk.folder.parent / "backup"
    backup.mkdir()
    with desk.database.reading() as transaction:
        before = len(list(stored_rows(transaction)))
    target = backup / "station.db"
    with closing(sqlite3.connect(desk.database.file)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=(BAD,) * 6).status == ExitStatus.REFUSED
    assert desk.exempt(1, "--reason", "wounded_finger", "--old-card", "ktp_el").status == ExitStatus.DONE
    burnt = ("blanks", "destroy", "--old-cards", *BURN, "--out", str(desk.office_folder / "burnt.pdf"))
    assert desk.signed(*burnt).status == ExitStatus.DONE
    assert answer(desk, ask(desk, 2), "given", SUPERVISOR) == ""
    restored = Database("sqlite:///station.db", backup)
    with desk.database.reading() as transaction:
        rows = [row for row, _ in stored_rows(transaction, before)]
    with restored.transaction() as transaction:
        done = replay(transaction, desk.clock, rows)
    assert (done.stopped_at, done.rows) == (None, len(rows))
    assert contents(restored) == contents(desk.database)
    restored.close()
