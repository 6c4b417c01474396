"""Reading from the database what was done with one person's data."""

from sqlalchemy import select

from station.cards.store import Job, find_job
from station.database.engine import Transaction
from station.database.tables import jobs
from station.journal import JournalRow
from station.journal.store import rows_of_job, rows_of_person


def jobs_of_person(transaction: Transaction, person: str) -> list[Job]:
    """All jobs of a person, oldest first."""
    numbers = transaction.execute(select(jobs.c.id).where(jobs.c.person == person).order_by(jobs.c.id))
    found = [find_job(transaction, int(number)) for number in numbers.scalars()]
    return [job for job in found if job is not None]


def rows_about(transaction: Transaction, person: str, own: list[Job]) -> list[JournalRow]:
    """The journal's rows about a person: those that name the person, and those of the person's jobs."""
    rows = {row.sequence: row for row in rows_of_person(transaction, person)}
    for job in own:
        rows |= {row.sequence: row for row in rows_of_job(transaction, job.id)}
    return [rows[number] for number in sorted(rows)]
