"""Adding record folders and held records to the queue, one by one."""

from collections.abc import Sequence
from pathlib import Path

from station.cards.store import ready_without_job
from station.commands.context import Context
from station.errors import ExitStatus, StationError
from station.gate.statuses import printable_statuses
from station.language import marked
from station.office import Office
from station.service.control import carry_out, rebuilt
from station.service.operations import AddedJob, AddJob, ErrorReport, add_job


def requests_of_folders(folders: Sequence[Path], priority: int, batch: str | None = None) -> list[AddJob]:
    """What to ask for record folders."""
    return [AddJob(folder=folder.absolute(), priority=priority, batch=batch) for folder in folders]


def held_requests(office: Office, records: Sequence[str], priority: int, *, all_ready: bool) -> list[AddJob]:
    """What to ask for held records: those that are named, and every one that waits for its card."""
    named = list(dict.fromkeys(records))
    if all_ready:
        with office.database.reading() as transaction:
            ready = ready_without_job(transaction, printable_statuses())
        named += [record for record in ready if record not in set(named)]
    return [AddJob(record=record, priority=priority) for record in named]


def add_jobs(context: Context, office: Office, requests: Sequence[AddJob]) -> ExitStatus:
    """Add them one by one; a bad one never stands in the way of the others."""
    documents: list[dict[str, object]] = []
    worst = ExitStatus.DONE
    for request in requests:
        error: StationError | None = None
        what = {"folder": str(request.folder)} if request.folder else {"record": request.record}
        try:
            added = carry_out(office, "add_job", add_job, request, AddedJob)
        except StationError as failure:
            error = failure
            documents.append({**what, "error": ErrorReport.of(failure).model_dump()})
        else:
            documents.append({**what, **added.model_dump(mode="json")})
            error = rebuilt(added.refusal) if added.refusal else None
            _say_added(context, added)
        if error is not None:
            worst = max(worst, error.exit_status)
            context.output.explain(error)
    context.output.document(documents)
    return worst


def _say_added(context: Context, added: AddedJob) -> None:
    context.output.say(
        marked("Job {job}: record {record}, {state}."),
        job=added.job,
        record=added.record,
        state=context.output.job_word(added.state.value),
    )
    for warning in added.warnings:
        context.output.say(marked("  Note: {warning}"), warning=context.output.word(warning))
