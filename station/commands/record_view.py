"""`station records show`: everything about one record."""

from typing import TYPE_CHECKING

from station.commands.context import Context
from station.commands.letters_register import letter_document, letter_words
from station.errors import ExitStatus, Refused, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.intake.store import Intake, VerdictRow
    from station.letters.store import Letter
    from station.local_time import TimeZone
    from station.office import Office
    from station.vault.store import HeldRecord


def show_record(context: Context, record: str, by: str | None, reason: str | None) -> ExitStatus:
    """Show a record: where it came from and where it stands; for a person who says why, its biodata too."""
    from station.commands.office import office_of
    from station.intake import store
    from station.letters import store as letters

    if (by is None) != (reason is None):
        raise UsageError("READER_UNNAMED")
    with office_of(context) as office:
        held = office.holding.find(record)
        if held is None:
            raise Refused("RECORD_NOT_HELD", record=record)
        with office.database.reading() as transaction:
            ways = store.came_from(transaction, record)
            letter = letters.issued_of_person(transaction, held.person)
        biodata = _biodata(office, record, by, reason) if by is not None and reason is not None else {}
        zone = office.settings.office.time_zone
    _show_fields(context, held, biodata, zone, letter)
    _show_ways(context, ways, zone)
    context.output.document(
        {
            **held_document(held),
            "letter": letter_document(letter) if letter else None,
            "bundles": [_way_document(way, row) for way, row in ways],
            **({"biodata": biodata} if biodata else {}),
        }
    )
    return ExitStatus.DONE


def held_document(one: "HeldRecord") -> dict[str, object]:
    """What the station knows of a record without opening it, as JSON."""
    return {
        "record": one.record,
        "issue": one.issue,
        "content_hash": one.content_hash,
        "size": one.place.length,
        "received_at": one.received_at,
        "origin": one.origin,
        "local_status": one.local_status,
        "centre_status": one.centre_status,
        "centre_status_at": one.centre_status_at,
        "erased_at": one.erased_at,
    }


def _biodata(office: "Office", record: str, by: str, reason: str) -> dict[str, str]:
    from station.service.control import carry_out
    from station.service.intake_operations import Biodata, ReadRecord, read_record

    request = ReadRecord(record=record, by=by, reason=reason)
    return carry_out(office, "read_record", read_record, request, Biodata).fields


def _show_fields(
    context: Context,
    held: "HeldRecord",
    biodata: dict[str, str],
    zone: "TimeZone",
    letter: "Letter | None",
) -> None:
    from station.local_time import shown

    output, text = context.output, context.output.language.text
    output.table(
        (marked("field"), marked("value")),
        [
            (text(marked("record")), held.record),
            (text(marked("issue")), held.issue),
            (text(marked("taken in")), shown(held.received_at, zone)),
            (text(marked("status here")), held.local_status),
            (text(marked("status at the centre")), held.centre_status or "-"),
            (text(marked("erased")), shown(held.erased_at, zone) if held.erased_at else "-"),
            (text(marked("letter of this person")), letter_words(letter) if letter else "-"),
            *biodata.items(),
        ],
    )


def _show_ways(context: Context, ways: "list[tuple[Intake, VerdictRow]]", zone: "TimeZone") -> None:
    from station.local_time import shown

    word = context.output.word
    context.output.table(
        (marked("bundle"), marked("sender"), marked("recorded"), marked("verdict"), marked("notes")),
        [
            (
                way.bundle,
                way.sender,
                shown(row.captured_at, zone),
                word(row.verdict.value),
                ", ".join([row.code] if row.code else row.warnings) or "-",
            )
            for way, row in ways
        ],
    )


def _way_document(way: "Intake", row: "VerdictRow") -> dict[str, object]:
    return {
        "bundle": way.bundle,
        "sender": way.sender,
        "sender_kind": way.sender_kind,
        "position": row.position,
        "captured_at": row.captured_at,
        "verdict": row.verdict.value,
        "code": row.code,
        "warnings": list(row.warnings),
        "at": row.at,
    }
