"""The requests that we make, as messages (RFC 8011 section 4)."""

from collections.abc import Mapping, Sequence

from drivers.cups.message import Attribute, Group, Message
from drivers.cups.readings import JOB_ATTRIBUTES, QUEUE_ATTRIBUTES
from drivers.cups.tags import GroupTag, Operation, ValueTag
from drivers.cups.values import boolean, integer, text

VERSION = (2, 0)  # RFC 8011 section 4.1.8; cupsd has spoken it since 1.4
PDF = "application/pdf"
_COPIES = 1


def create_job(title: str, options: Mapping[str, str]) -> Sequence[Group]:
    """Create-Job (4.2.4): a job without a document, which prints nothing.

    Args:
        title: its job-name, which lists and logs of the server show.
        options: job template attributes whose value is a keyword.
    """
    template = [text(name, ValueTag.KEYWORD, value) for name, value in options.items()]
    return (
        Group(GroupTag.OPERATION, (text("job-name", ValueTag.NAME, title),)),
        Group(GroupTag.JOB, (integer("copies", _COPIES), *template)),
    )


def send_document(job: int) -> Sequence[Group]:
    """Send-Document (4.3.1): the only document of a job."""
    described = (
        integer("job-id", job),
        text("document-format", ValueTag.MEDIA_TYPE, PDF),
        boolean("last-document", value=True),
    )
    return (Group(GroupTag.OPERATION, described),)


def cancel_job(job: int) -> Sequence[Group]:
    """Cancel-Job (4.3.3)."""
    return (Group(GroupTag.OPERATION, (integer("job-id", job),)),)


def get_job(job: int) -> Sequence[Group]:
    """Get-Job-Attributes (4.3.4)."""
    wanted = text("requested-attributes", ValueTag.KEYWORD, *JOB_ATTRIBUTES)
    return (Group(GroupTag.OPERATION, (integer("job-id", job), wanted)),)


def get_jobs() -> Sequence[Group]:
    """Get-Jobs (4.2.6) of ours, whatever became of them; `all` is of PWG 5100.11, and cupsd has it."""
    which = text("which-jobs", ValueTag.KEYWORD, "all")
    wanted = text("requested-attributes", ValueTag.KEYWORD, *JOB_ATTRIBUTES)
    return (Group(GroupTag.OPERATION, (which, boolean("my-jobs", value=True), wanted)),)


def get_queue() -> Sequence[Group]:
    """Get-Printer-Attributes (4.2.5)."""
    wanted = text("requested-attributes", ValueTag.KEYWORD, *QUEUE_ATTRIBUTES)
    return (Group(GroupTag.OPERATION, (wanted,)),)


def addressed(
    operation: Operation, number: int, queue: str, user: str, groups: Sequence[Group], data: bytes = b""
) -> Message:
    """Put what every request begins with (4.1.4, 4.1.5, 4.1.6) before its own operation attributes."""
    first, *others = groups
    own = {attribute.name: attribute for attribute in first.attributes}
    begin: list[Attribute] = [
        text("attributes-charset", ValueTag.CHARSET, "utf-8"),
        text("attributes-natural-language", ValueTag.LANGUAGE, "en"),
        text("printer-uri", ValueTag.URI, queue),
    ]
    if "job-id" in own:  # the target is printer-uri and job-id, and stands before all else (4.1.5)
        begin.append(own.pop("job-id"))
    begin.append(text("requesting-user-name", ValueTag.NAME, user))
    operation_group = Group(GroupTag.OPERATION, (*begin, *own.values()))
    return Message(VERSION, operation, number, (operation_group, *others), data)
