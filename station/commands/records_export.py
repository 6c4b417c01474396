"""`station records export`, `retry`, `discard` and `key`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.staff.signatures import Signature


def add_to(noun: Noun) -> None:
    """Add the commands to `station records`."""
    reason = marked("why, without names and numbers of people")
    pins = marked("file of PINs, one a line, mode 0600, for programs")
    (
        noun.verb("export", marked("give a record out: as a bundle, or in plain files"), _export)
        .argument("record", marked("a record that the station holds"))
        .option("--out", marked("file of the bundle, or folder of the plain files"), required=True)
        .option("--to", marked("name of the recipient's key"))
        .flag("--plain", marked("plain files that anybody can read; needs a PIN"))
        .option("--by", marked("who gives it out"), required=True)
        .option("--reason", reason, required=True)
        .option("--pins-from", pins)
    )
    (
        noun.verb("retry", marked("judge a record again that was set aside"), _retry)
        .argument("number", marked("its number in the list"), kind=number)
        .option("--by", marked("who asks for it"), required=True)
    )
    (
        noun.verb("discard", marked("destroy a record that was set aside; needs a PIN"), _discard)
        .argument("number", marked("its number in the list"), kind=number)
        .option("--by", marked("who decides"), required=True)
        .option("--reason", reason, required=True)
        .option("--pins-from", pins)
    )
    noun.verb("key", marked("the public key that bundles for this station are encrypted to"), _key).option(
        "--out", marked("file to write it to, instead of the screen")
    )


def _signature(context: Context, arguments: Arguments) -> "Signature":
    from station.commands.pins import PinSource

    source = PinSource(context, arguments.optional_text("pins_from"))
    (signature,) = source.sign([arguments.text("by")])
    return signature


def _export(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.intake_operations import ExportedRecord, ExportRecord, export_record

    recipient, is_plain = arguments.optional_text("to"), arguments.flag("plain")
    if is_plain == (recipient is not None):
        raise UsageError("EXPORT_UNCLEAR")
    request = ExportRecord(
        record=arguments.text("record"),
        out=Path(arguments.text("out")).absolute(),
        recipient=recipient,
        by=arguments.text("by"),
        reason=arguments.text("reason"),
        signature=_signature(context, arguments) if is_plain else None,
    )
    with office_of(context) as office:
        done = carry_out(office, "export_record", export_record, request, ExportedRecord)
    context.output.say(
        marked("Record {record} was written to {out}."), record=request.record, out=request.out
    )
    context.output.document(
        {"record": request.record, "out": str(request.out), **done.model_dump(mode="json")}
    )
    return ExitStatus.DONE


def _retry(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.intake_operations import DecidedRecord, RetryRecord, retry_record

    request = RetryRecord(number=arguments.number("number"), by=arguments.text("by"))
    with office_of(context) as office:
        done = carry_out(office, "retry_record", retry_record, request, DecidedRecord)
    context.output.say(marked("Record {record} is held now."), record=done.record)
    context.output.document({"record": done.record, "verdict": "taken"})
    return ExitStatus.DONE


def _discard(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.intake_operations import DecidedRecord, DiscardRecord, discard_record

    request = DiscardRecord(
        number=arguments.number("number"),
        signature=_signature(context, arguments),
        reason=arguments.text("reason"),
    )
    with office_of(context) as office:
        done = carry_out(office, "discard_record", discard_record, request, DecidedRecord)
    context.output.say(marked("Record {record} was destroyed; nobody can read it again."), record=done.record)
    context.output.document({"record": done.record, "verdict": "discarded"})
    return ExitStatus.DONE


def _key(context: Context, arguments: Arguments) -> ExitStatus:
    from station.bundles.agreement import key_id, pem
    from station.commands.office import office_of
    from station.commands.papers import write_new

    with office_of(context) as office:
        der = office.keys.exchange.public_key()
    text = pem(der) + "\n"
    out = arguments.optional_text("out")
    if out is not None:
        write_new(Path(out), text.encode("ascii"))
        context.output.say(marked("The key {key} was written to {out}."), key=key_id(der), out=out)
    elif not context.output.as_json:
        sys.stdout.write(text)
    context.output.document({"key": key_id(der), "pem": text, "out": out})
    return ExitStatus.DONE
