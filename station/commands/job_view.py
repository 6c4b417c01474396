"""`station jobs show`: everything about one job."""

import json

from station.cards import store
from station.commands.context import Context
from station.commands.office import office_of
from station.errors import ExitStatus, Refused
from station.journal.store import rows_of_job
from station.language import marked
from station.local_time import shown


def show_job(context: Context, number: int) -> ExitStatus:
    """Show a job, its attempts and its journal."""
    with office_of(context) as office, office.database.reading() as transaction:
        job = store.find_job(transaction, number)
        if job is None:
            raise Refused("JOB_UNKNOWN", job=number)
        attempts = store.attempts_of_job(transaction, number)
        rows = rows_of_job(transaction, number)
        zone = office.settings.office.time_zone
    output, word = context.output, context.output.word
    output.say(
        marked("Job {job}: record {record}, issue {issue}, {state}."),
        job=job.id,
        record=job.record,
        issue=job.issue,
        state=context.output.job_word(job.state.value),
    )
    for attempt in attempts:
        output.say(
            marked("  try {number} on lane {lane}: card {card}, {state} {cause}"),
            number=attempt.number,
            lane=attempt.lane,
            card=attempt.card or "-",
            state=word(attempt.state.value),
            cause=word(attempt.cause) if attempt.cause else "",
        )
    output.table(
        (marked("row"), marked("time"), marked("kind"), marked("step"), marked("outcome"), marked("by")),
        [
            (
                row.sequence,
                shown(row.at, zone),
                word(row.kind.value),
                word(row.name),
                row.outcome or "-",
                row.signed_by or "-",
            )
            for row in rows
        ],
    )
    output.document(
        {
            "job": job.id,
            "record": job.record,
            "issue": job.issue,
            "state": job.state.value,
            "lane": job.lane,
            "attempts": [
                {
                    "number": one.number,
                    "lane": one.lane,
                    "card": one.card,
                    "state": one.state.value,
                    "cause": one.cause,
                    "face_sha256": one.face_sha256,
                }
                for one in attempts
            ],
            "journal": [
                {
                    "row": row.sequence,
                    "at": row.at,
                    "kind": row.kind.value,
                    "step": row.name,
                    "outcome": row.outcome.value if row.outcome else None,
                    "by": row.signed_by,
                    "payload": json.loads(row.payload),
                }
                for row in rows
            ],
        }
    )
    return ExitStatus.DONE
