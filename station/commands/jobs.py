"""`station jobs`: records in, cards out."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, StationError
from station.language import Language, marked

if TYPE_CHECKING:
    from station.office import Office
    from station.service.operations import AddedJob

DEFAULT_PRIORITY = 5


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "jobs", marked("card jobs: add, run, look"))
    (
        noun.verb("add", marked("add record folders to the queue"), _add)
        .argument("folders", marked("record folders"), many=True)
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
    from station.commands.office import office_of

    with office_of(context) as office:
        return add_folders(context, office, arguments.paths("folders"), arguments.number("priority"), None)


def add_folders(
    context: Context, office: "Office", folders: Sequence[Path], priority: int, batch: str | None
) -> ExitStatus:
    """Add record folders one by one; a bad one never stands in the way of the others."""
    from station.service.control import carry_out, rebuilt
    from station.service.operations import AddedJob, AddJob, ErrorReport, add_job

    documents: list[dict[str, object]] = []
    worst = ExitStatus.DONE
    for folder in folders:
        error: StationError | None = None
        try:
            request = AddJob(folder=folder.resolve(), priority=priority, batch=batch)
            added = carry_out(office, "add_job", add_job, request, AddedJob)
        except StationError as failure:
            error = failure
            documents.append({"folder": str(folder), "error": ErrorReport.of(failure).model_dump()})
        else:
            documents.append({"folder": str(folder), **added.model_dump(mode="json")})
            error = rebuilt(added.refusal) if added.refusal else None
            _say_added(context, added)
        if error is not None:
            worst = max(worst, error.exit_status)
            context.output.explain(error)
    context.output.document(documents)
    return worst


def _say_added(context: Context, added: "AddedJob") -> None:
    context.output.say(
        marked("Job {job}: record {record}, {state}."),
        job=added.job,
        record=added.record,
        state=context.output.job_word(added.state.value),
    )
    for warning in added.warnings:
        context.output.say(marked("  Note: {warning}"), warning=context.output.word(warning))


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
