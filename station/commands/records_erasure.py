"""`station records shred` and `station records retain`: erasing held records for good."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, Verb
from station.errors import ExitStatus, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.commands.pins import PinSource
    from station.service.erasure_operations import DueReport
    from station.settings import Settings


def add_to(noun: Noun) -> None:
    """Add the commands to `station records`."""
    _pins_from(
        noun.verb("shred", marked("erase one record for good, with a supervisor's PIN"), _shred)
        .argument("record", marked("a record that the station holds"))
        .option("--by", marked("the supervisor"), required=True)
        .option("--reason", marked("why, without names and numbers of people"), required=True)
    )
    _pins_from(
        noun.verb("retain", marked("what is due for erasure; with --erase it is erased"), _retain)
        .flag("--erase", marked("erase what is due and not needed, with a supervisor's PIN"))
        .option("--by", marked("the supervisor"))
    )


def _pins_from(verb: Verb) -> None:
    verb.option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))


def _source(context: Context, arguments: Arguments) -> "PinSource":
    from station.commands.pins import PinSource

    return PinSource(context, arguments.optional_text("pins_from"))


def _shred(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.erasure_operations import EraseRecord, erase_record
    from station.service.operations import Done

    record = arguments.text("record")
    (signature,) = _source(context, arguments).sign([arguments.text("by")])
    request = EraseRecord(record=record, signature=signature, reason=arguments.text("reason"))
    with office_of(context) as office:
        carry_out(office, "erase_record", erase_record, request, Done)
    context.output.say(
        marked("Record {record} is erased. Nobody can read it again; the proof is in the journal."),
        record=record,
    )
    context.output.document({"record": record, "erased": True})
    return ExitStatus.DONE


def _retain(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.erasure_operations import DueReports, EraseDue, due_now, erase_due

    by, erase = arguments.optional_text("by"), arguments.flag("erase")
    if erase and by is None:
        raise UsageError("SIGNER_MISSING")
    signatures = _source(context, arguments).sign([by]) if erase and by else ()
    with office_of(context) as office:
        if signatures:
            request = EraseDue(signature=signatures[0])
            found = carry_out(office, "erase_due", erase_due, request, DueReports).due
        else:
            found = due_now(office).due
        settings = office.settings
    _show(context, settings, found, erased=erase)
    return ExitStatus.DONE


def _show(context: Context, settings: "Settings", due: "tuple[DueReport, ...]", *, erased: bool) -> None:
    from station.local_time import shown

    output, zone, policy = context.output, settings.office.time_zone, settings.retention
    if policy.days_after_handover is None and policy.days_after_rejection is None:
        output.say(marked("The office has set no time after which records are erased ([retention])."))
    done = output.language.text(marked("erased") if erased else marked("can be erased"))
    output.table(
        (marked("record"), marked("since"), marked("cause"), marked("state")),
        [
            (
                one.record,
                shown(one.since, zone),
                output.word(one.cause),
                output.word(one.needed) if one.needed else done,
            )
            for one in due
        ],
    )
    count = sum(one.needed is None for one in due)
    message = marked("{count} records erased.") if erased else marked("{count} records can be erased.")
    output.say(message, count=count)
    output.document(
        {
            "days_after_handover": policy.days_after_handover,
            "days_after_rejection": policy.days_after_rejection,
            "erased": erased,
            "due": [one.model_dump() for one in due],
        }
    )
