"""Adding record folders to the queue, one by one."""

from collections.abc import Sequence
from pathlib import Path

from station.commands.context import Context
from station.errors import ExitStatus, StationError
from station.language import marked
from station.office import Office
from station.service.control import carry_out, rebuilt
from station.service.operations import AddedJob, AddJob, ErrorReport, add_job


def add_folders(
    context: Context, office: Office, folders: Sequence[Path], priority: int, batch: str | None
) -> ExitStatus:
    """Add record folders one by one; a bad one never stands in the way of the others."""
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


def _say_added(context: Context, added: AddedJob) -> None:
    context.output.say(
        marked("Job {job}: record {record}, {state}."),
        job=added.job,
        record=added.record,
        state=context.output.job_word(added.state.value),
    )
    for warning in added.warnings:
        context.output.say(marked("  Note: {warning}"), warning=context.output.word(warning))
