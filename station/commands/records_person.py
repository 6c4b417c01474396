"""`station records person`: all that was done with one person's data (UU 27/2022, articles 31 and 32)."""

import getpass
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from station.commands.context import Arguments, Context, Output
from station.commands.parsing import Noun
from station.errors import ExitStatus, InputFault, Refused, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.local_time import TimeZone
    from station.office import Office
    from station.trail.trail import Trail

NIK: Final = re.compile(r"[0-9]{16}")


def add_to(noun: Noun) -> None:
    """Add the command to `station records`."""
    (
        noun.verb("person", marked("write down all that was done with one person's data"), _person)
        .option("--nik", marked("the person's NIK, or - to type it unseen"))
        .option("--record", marked("a record of the person instead of the NIK"))
        .option("--out", marked("files to write: this name with .json and with .txt"), required=True)
        .option("--by", marked("who asks for it"), required=True)
        .option("--reason", marked("why, without names and numbers of people"), required=True)
    )


def _person(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.trail_operations import NoteTrail, make_trail, note_trail

    nik, record = arguments.optional_text("nik"), arguments.optional_text("record")
    if (nik is None) == (record is None):
        raise UsageError("PERSON_UNNAMED")
    nik = typed_unseen(context) if nik == "-" else nik
    targets = [Path(f"{arguments.text('out')}.{ending}") for ending in ("json", "txt")]
    for target in targets:
        if target.exists():
            raise Refused("FILE_EXISTS", file=target)
    with office_of(context) as office:
        person = _person_key(office, nik, record)
        request = NoteTrail(person=person, by=arguments.text("by"), reason=arguments.text("reason"))
        carry_out(office, "note_trail", note_trail, request, Done)
        trail = make_trail(office, person)
        zone = office.settings.office.time_zone
    with _private_file(targets[0]) as file:
        file.write(trail.model_dump_json(indent=2) + "\n")
    with _private_file(targets[1]) as file:
        write_trail(Output(context.output.language, as_json=False, words=file), trail, zone, nik)
    files = [str(target) for target in targets]
    context.output.say(
        marked("{records} records, {jobs} jobs, {rows} rows of the journal written to {files}."),
        records=len(trail.records),
        jobs=len(trail.jobs),
        rows=len(trail.rows),
        files=", ".join(files),
    )
    context.output.document({"files": files, "records": len(trail.records), "rows": len(trail.rows)})
    return ExitStatus.DONE


def typed_unseen(context: Context) -> str:
    """A NIK that the person types, so that it stands in no list of commands."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass(context.output.language.text(marked("NIK: "))).strip()


def _person_key(office: "Office", nik: str | None, record: str | None) -> str:
    if nik is None:
        held = office.holding.find(record or "")
        if held is None:
            raise Refused("RECORD_NOT_HELD", record=record)
        return held.person
    if not NIK.fullmatch(nik):
        raise InputFault("NIK_MALFORMED")
    return office.keys.person_key(nik)


def _private_file(target: Path) -> TextIO:
    """Open a file that only the station's user can read, and that is not there yet."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise Refused("FILE_EXISTS", file=target) from error
    except OSError as error:
        raise InputFault("FILE_UNWRITABLE", file=target, problem=error.strerror) from error
    return os.fdopen(descriptor, "w", encoding="utf-8")


def write_trail(output: Output, trail: "Trail", zone: "TimeZone", nik: str | None) -> None:
    """Write a trail for people. The NIK is masked; names stand nowhere in it."""
    from station.local_time import shown
    from station.records.nik import masked

    output.say(marked("What was done with one person's data at this station"))
    output.say(
        marked("NIK {nik}, key {person}, written {at}"),
        nik=masked(nik) if nik else "-",
        person=trail.person,
        at=shown(trail.made_at, zone),
    )
    output.say("")
    _write_records(output, trail, zone)
    _write_jobs(output, trail, zone)
    _write_letters(output, trail)
    output.say(marked("Every step"))
    output.table(
        (marked("row"), marked("time"), marked("what"), marked("outcome"), marked("job"), marked("by")),
        [
            (
                row.row,
                shown(row.at, zone),
                output.word(row.name),
                row.outcome or "-",
                row.job or "-",
                row.by or "-",
            )
            for row in trail.rows
        ],
    )


def _write_records(output: Output, trail: "Trail", zone: "TimeZone") -> None:
    from station.local_time import shown

    output.say(marked("Records"))
    for one in trail.records:
        output.say(
            marked("  {record}: taken in {at}, issue {issue}, status {status}"),
            record=one.record,
            at=shown(one.received_at, zone),
            issue=one.issue,
            status=one.centre_status or one.local_status,
        )
        for arrival in one.arrivals:
            output.say(
                marked("    carried by bundle {bundle} of {sender}, {at}"),
                bundle=arrival.bundle,
                sender=arrival.sender,
                at=shown(arrival.at, zone),
            )
        if one.centre_receipt_at:
            output.say(marked("    received at the centre {at}"), at=shown(one.centre_receipt_at, zone))
        if one.erased_at:
            output.say(marked("    erased {at}"), at=shown(one.erased_at, zone))
    output.say("")


def _write_jobs(output: Output, trail: "Trail", zone: "TimeZone") -> None:
    from station.local_time import shown

    output.say(marked("Card jobs"))
    for one in trail.jobs:
        output.say(
            marked("  job {job}: record {record}, issue {issue}, added {at}, {state}"),
            job=one.job,
            record=one.record,
            issue=one.issue,
            at=shown(one.added_at, zone),
            state=output.job_word(one.state),
        )
        for tried in one.attempts:
            output.say(
                marked("    try {number} on lane {lane}: card {card}, {state} {cause}"),
                number=tried.number,
                lane=tried.lane,
                card=tried.card or "-",
                state=output.word(tried.state),
                cause=output.word(tried.cause) if tried.cause else "",
            )
    output.say("")


def _write_letters(output: Output, trail: "Trail") -> None:
    output.say(marked("Substitute letters"))
    for one in trail.letters:
        output.say(
            marked("  letter {number}: record {record}, from {issued} to {until}, {state} {cause}"),
            number=one.number,
            record=one.record,
            issued=one.issued_on,
            until=one.valid_until,
            state=output.word(f"letter_is_{one.state}"),
            cause=output.word(f"letter_cause_{one.cause}") if one.cause else "",
        )
    output.say("")
