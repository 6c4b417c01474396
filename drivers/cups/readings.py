"""What cupsd says of a job and of a queue (RFC 8011 sections 5.3 and 5.4)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from drivers.cups.errors import MessageMalformed
from drivers.cups.values import Attributes

State = TypeVar("State", bound=IntEnum)


class JobState(IntEnum):
    """RFC 8011 section 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class QueueState(IntEnum):
    """RFC 8011 section 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True)
class JobReading:
    """One look at a job.

    Attributes:
        number: its job-id.
        title: its job-name; empty where the server keeps it from us.
        reasons: job-state-reasons, such as `job-incoming` or `printer-stopped`.
        has_begun: whether it was ever given to the printer (time-at-processing has a value).
    """

    number: int
    title: str
    state: JobState
    reasons: tuple[str, ...]
    has_begun: bool


@dataclass(frozen=True)
class QueueReading:
    """One look at a queue.

    Attributes:
        accepts: whether it takes jobs.
        reasons: printer-state-reasons without `none`, such as `media-empty-error`.
        message: what the printer says of its state, in its own words.
        media: media-supported, as the server names them (PWG 5101.1).
        formats: document-format-supported.
        operations: operations-supported, by number.
    """

    state: QueueState
    accepts: bool
    reasons: tuple[str, ...]
    message: str
    media: tuple[str, ...]
    formats: tuple[str, ...]
    operations: frozenset[int]


JOB_ATTRIBUTES = ("job-id", "job-name", "job-state", "job-state-reasons", "time-at-processing")
QUEUE_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-is-accepting-jobs",
    "media-supported",
    "document-format-supported",
    "operations-supported",
)


def read_job(attributes: Attributes) -> JobReading:
    """Read a job's attributes.

    Raises:
        MessageMalformed: it has no number, or a state that RFC 8011 does not know.
    """
    return JobReading(
        number=attributes.required_number("job-id"),
        title=attributes.text("job-name"),
        state=_state(JobState, attributes.required_number("job-state")),
        reasons=_reasons(attributes, "job-state-reasons"),
        has_begun=attributes.number("time-at-processing") is not None,
    )


def read_queue(attributes: Attributes) -> QueueReading:
    """Read a queue's attributes.

    Raises:
        MessageMalformed: it has no state, or one that RFC 8011 does not know.
    """
    return QueueReading(
        state=_state(QueueState, attributes.required_number("printer-state")),
        accepts=attributes.truth("printer-is-accepting-jobs", default=False),
        reasons=_reasons(attributes, "printer-state-reasons"),
        message=attributes.text("printer-state-message"),
        media=attributes.texts("media-supported"),
        formats=attributes.texts("document-format-supported"),
        operations=frozenset(attributes.numbers("operations-supported")),
    )


def _reasons(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(reason for reason in attributes.texts(name) if reason != "none")


def _state(kind: type[State], number: int) -> State:
    try:
        return kind(number)
    except ValueError:
        raise MessageMalformed(f"{number} is the number of no {kind.__name__}") from None
