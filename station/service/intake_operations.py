"""Operations on records that come in and go out."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from station.bundles.senders import Recipients
from station.errors import Refused
from station.intake.aside import Aside
from station.intake.exporting import Exporting
from station.intake.importing import PORTION, FileResult
from station.office import Office
from station.records.nik import masked, require_no_nik
from station.records.parts import record_of
from station.service.erasure_operations import erasing_of
from station.service.operations import ErrorReport
from station.staff import store as staff
from station.staff.signatures import Signature, confirm

MOST_FILES = 256


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # a PIN may be in it


class TakeIn(_Model):
    """Take bundles in, at most so many records of them; what is left over is asked for again.

    `start` is the position in the first file to begin at: the `reached` of the file that was not finished.
    """

    files: Annotated[tuple[Path, ...], Field(min_length=1, max_length=MOST_FILES)]
    start: int = Field(default=0, ge=0)
    most: int = Field(default=PORTION, ge=1, le=PORTION)


class AsideReport(_Model):
    """A record that was set aside, and why."""

    record: str
    error: ErrorReport
    kept: bool


class WarnedReport(_Model):
    """A record that was accepted although something looks odd about it."""

    record: str
    warnings: tuple[str, ...]


class FileReport(_Model):
    """What became of one file; `fault` when all of it was refused."""

    file: Path
    bundle: str
    sender: str
    records: int
    reached: int
    accepted: int
    duplicates: int
    before: int
    set_aside: tuple[AsideReport, ...]
    warned: tuple[WarnedReport, ...]
    fault: ErrorReport | None
    finished: bool

    @classmethod
    def of(cls, result: FileResult) -> "FileReport":
        """Describe what became of a file."""
        return cls(
            file=result.path,
            bundle=result.bundle,
            sender=result.sender,
            records=result.records,
            reached=result.reached,
            accepted=result.accepted,
            duplicates=result.duplicates,
            before=result.before,
            set_aside=tuple(
                AsideReport(record=one.record, error=ErrorReport.of(one.trouble), kept=one.kept)
                for one in result.set_aside
            ),
            warned=tuple(WarnedReport(record=record, warnings=codes) for record, codes in result.warned),
            fault=ErrorReport.of(result.fault) if result.fault else None,
            finished=result.finished,
        )


class TakenIn(_Model):
    """What became of the files that were reached, in their order."""

    files: tuple[FileReport, ...]


class RetryRecord(_Model):
    """Judge a record again that is set aside."""

    number: int
    by: str


class DiscardRecord(_Model):
    """Destroy a record that is set aside."""

    number: int
    signature: Signature
    reason: str


class DecidedRecord(_Model):
    """The record that was decided about."""

    record: str


class ReadRecord(_Model):
    """Look at the biodata of a held record; the journal says who and why before anything is shown."""

    record: str
    by: str
    reason: str


class Biodata(_Model):
    """The fields of a record by name; for the screen only."""

    fields: dict[str, str] = Field(repr=False)


class ExportRecord(_Model):
    """Give a record out: to a recipient as a bundle, or in plain files with a PIN."""

    record: str
    out: Path
    recipient: str | None
    by: str
    reason: str
    signature: Signature | None = None


class ExportedRecord(_Model):
    """What was written: a bundle with this id, or these files."""

    bundle: str | None
    files: tuple[str, ...]


def take_in(office: Office, request: TakeIn) -> TakenIn:
    """Take bundles in."""
    results = office.bundle_import().take_in(request.files, request.most, request.start)
    return TakenIn(files=tuple(FileReport.of(one) for one in results))


def retry_record(office: Office, request: RetryRecord) -> DecidedRecord:
    """Judge a record again that is set aside."""
    return DecidedRecord(record=aside_of(office).retry(request.number, request.by).record)


def discard_record(office: Office, request: DiscardRecord) -> DecidedRecord:
    """Destroy a record that is set aside."""
    by = confirm(office.database, office.journal, request.signature).name
    return DecidedRecord(record=aside_of(office).discard(request.number, by, request.reason).record)


def read_record(office: Office, request: ReadRecord) -> Biodata:
    """Read the biodata of a held record for a person; the NIK is masked."""
    reason = _named(office, request.by, request.reason)
    parts = office.holding.read_for(request.record, request.by, "show", reason)
    data = record_of(parts).data
    fields = {name: str(value) for name, value in data.model_dump(mode="json").items()}
    return Biodata(fields={**fields, "nik": masked(data.nik)})


def export_record(office: Office, request: ExportRecord) -> ExportedRecord:
    """Give a record out."""
    reason = _named(office, request.by, request.reason)
    exporting = Exporting(office.database, office.journal, office.clock, office.holding)
    if request.recipient is not None:
        recipient = Recipients(office.settings.intake.recipients).require(request.recipient)
        bundle = exporting.to_recipient(
            request.record, request.out, recipient, office.keys.bundles, request.by, reason
        )
        return ExportedRecord(bundle=bundle, files=(str(request.out),))
    if request.signature is None or request.signature.name != request.by:
        raise Refused("SIGNATURES_NEEDED")
    confirm(office.database, office.journal, request.signature)
    files = exporting.in_plain(request.record, request.out, request.by, reason)
    return ExportedRecord(bundle=None, files=tuple(files))


def _named(office: Office, by: str, reason: str) -> str:
    """See that somebody is named who gives a reason; return it as it is journalled."""
    if not reason.strip():
        raise Refused("REASON_MISSING")
    require_no_nik(reason)
    with office.database.reading() as transaction:
        staff.require(transaction, by)
    return reason.strip()


def aside_of(office: Office) -> Aside:
    """Decides about an office's records that are set aside."""
    parts = (office.database, office.journal, office.clock, office.holding)
    return Aside(*parts, office.aside, erasing_of(office).scrub)
