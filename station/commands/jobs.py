"""`station jobs`: records in, cards out."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, UsageError
from station.language import Language, marked

DEFAULT_PRIORITY = 5


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "jobs", marked("card jobs: add, run, look"))
    (
        noun.verb("add", marked("add record folders or held records to the queue"), _add)
        .argument("folders", marked("record folders"), many=True, required=False)
        .option("--record", marked("a record that the station holds"), many=True)
        .flag("--all-ready", marked("every held record that is print-ready and has no job yet"))
        .option("--priority", marked("1 is first, 9 is last"), kind=number, default=DEFAULT_PRIORITY)
    )
    (
        noun.verb("run", marked("work the queue off"), _run).option(
            "--limit", marked("at most this many jobs for each lane"), kind=number
        )
    )
    noun.verb("show", marked("everything about one job"), _show).argument(
        "job", marked("job number"), kind=number
    )
    (
        noun.verb("list", marked("all jobs"), _list).option(
            "--state",
            marked("only jobs in this state"),
            choices=("queued", "working", "waiting", "ready", "refused", "given_up"),
        )
    )


def _add(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.adding import add_jobs, held_requests, requests_of_folders
    from station.commands.office import office_of

    priority, all_ready = arguments.number("priority"), arguments.flag("all_ready")
    folders, records = arguments.paths("folders"), arguments.texts("record")
    if not folders and not records and not all_ready:
        raise UsageError("NOTHING_TO_ADD")
    with office_of(context) as office:
        held = held_requests(office, records, priority, all_ready=all_ready)
        return add_jobs(context, office, requests_of_folders(folders, priority) + held)


def _run(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.batch import run_batch

    return run_batch(context, arguments.optional_number("limit"))


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.cards.store import JobState, all_jobs
    from station.commands.office import office_of

    wanted = arguments.optional_text("state")
    states = (JobState(wanted),) if wanted else tuple(JobState)
    with office_of(context) as office, office.database.reading() as transaction:
        jobs = all_jobs(transaction, states)
    context.output.table(
        (
            marked("job"),
            marked("record"),
            marked("issue"),
            marked("priority"),
            marked("state"),
            marked("lane"),
        ),
        [
            (
                job.id,
                job.record,
                job.issue,
                job.priority,
                context.output.job_word(job.state.value),
                job.lane or "-",
            )
            for job in jobs
        ],
    )
    context.output.document(
        [
            {
                "job": job.id,
                "record": job.record,
                "issue": job.issue,
                "priority": job.priority,
                "state": job.state.value,
                "lane": job.lane,
                "added": job.created_at,
            }
            for job in jobs
        ]
    )
    return ExitStatus.DONE


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.job_view import show_job

    return show_job(context, arguments.number("job"))
