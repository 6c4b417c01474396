"""Operations that erase held records. Each needs the PIN of a supervisor."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from station.errors import Refused
from station.office import Office
from station.retention.erasing import DueVerdict, Erasing
from station.service.operations import Done
from station.staff.signatures import Signature, confirm
from station.staff.store import Role


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # a PIN may be in it


class EraseRecord(_Model):
    """Erase one record for good."""

    record: str
    signature: Signature
    reason: str


class EraseDue(_Model):
    """Erase every record that is due by the office's policy and that nothing needs any more."""

    signature: Signature


class DueReport(_Model):
    """A record that is due; `needed` is what still needs it, and then it was not erased."""

    record: str
    since: str
    cause: str
    needed: str | None


class DueReports(_Model):
    """All that is due, oldest first for each cause."""

    due: tuple[DueReport, ...]


def erase_record(office: Office, request: EraseRecord) -> Done:
    """Erase one record."""
    by = _supervisor(office, request.signature)
    erasing_of(office).erase(request.record, by, request.reason)
    return Done()


def erase_due(office: Office, request: EraseDue) -> DueReports:
    """Erase what is due."""
    by = _supervisor(office, request.signature)
    return _reports(erasing_of(office).erase_due(office.settings.retention, by))


def due_now(office: Office) -> DueReports:
    """Say what is due; nothing is erased."""
    return _reports(erasing_of(office).due(office.settings.retention))


def erasing_of(office: Office) -> Erasing:
    """Erases records of an office."""
    return Erasing(office.database, office.journal, office.clock, office.holding, office.letter_files)


def _reports(verdicts: Sequence[DueVerdict]) -> DueReports:
    return DueReports(
        due=tuple(
            DueReport(record=one.due.record, since=one.due.since, cause=one.due.cause, needed=one.needed)
            for one in verdicts
        )
    )


def _supervisor(office: Office, signature: Signature) -> str:
    member = confirm(office.database, office.journal, signature)
    if member.role is not Role.SUPERVISOR:
        raise Refused("SUPERVISOR_NEEDED")
    return member.name
