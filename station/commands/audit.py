"""`station audit`: has anybody touched the journal?"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus, UsageError
from station.language import Language, marked

if TYPE_CHECKING:
    from station.audit.verify import AuditReport


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "audit", marked("verify and export the journal"))
    (
        noun.verb("verify", marked("check every row, signature and booking"), _verify)
        .option("--head", marked("row and hash noted elsewhere, such as 120:9f3c…"))
        .option("--file", marked("an exported journal instead of this station's"))
    )
    noun.verb("export", marked("write the journal to a file"), _export).option(
        "--out", marked("the file; it must not exist"), required=True
    )
    noun.verb("sign", marked("sign the journal's last row now"), _sign)


def _verify(context: Context, arguments: Arguments) -> ExitStatus:
    from station.audit.export import verify_file
    from station.audit.verify import verify
    from station.commands.office import office_of

    file, noted = arguments.optional_text("file"), _noted(arguments.optional_text("head"))
    with office_of(context) as office:
        key = office.keys.journal
        if file:
            report = verify_file(Path(file), key)
        else:
            report = verify(office.database, key, office.settings.head_anchor, noted)
    _show(context, report)
    return ExitStatus.REFUSED if report.faults else ExitStatus.DONE


def _noted(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, row_hash = text.partition(":")
    if not number.isdigit() or not row_hash:
        raise UsageError("HEAD_MALFORMED", head=text)
    return int(number), row_hash.lower()


def _show(context: Context, report: "AuditReport") -> None:
    output = context.output
    output.say(
        marked("{rows} rows, {heads} signatures; {unsigned} rows after the last signature."),
        rows=report.rows,
        heads=report.heads,
        unsigned=report.unsigned,
    )
    for fault in report.faults:
        output.say(marked("!! row {row}: {fault}"), row=fault.row or "-", fault=output.word(fault.kind.value))
    if report.faults:
        output.say(marked("THE JOURNAL WAS CHANGED. Keep the disk as it is and call the technician."))
    else:
        output.say(
            marked("Nobody has touched the journal. Last row: {row}:{hash}"),
            row=report.rows,
            hash=report.last_hash,
        )
    output.document(
        {
            "intact": not report.faults,
            "rows": report.rows,
            "heads": report.heads,
            "unsigned": report.unsigned,
            "last_hash": report.last_hash,
            "faults": [{"kind": fault.kind.value, "row": fault.row} for fault in report.faults],
        }
    )


def _export(context: Context, arguments: Arguments) -> ExitStatus:
    from station.audit.export import export
    from station.commands.office import office_of

    target = Path(arguments.text("out"))
    with office_of(context) as office:
        rows = export(office.database, target)
    context.output.say(marked("{rows} rows written to {file}."), rows=rows, file=target)
    context.output.document({"rows": rows, "file": str(target)})
    return ExitStatus.DONE


def _sign(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done, SignHead, sign_head

    with office_of(context) as office:
        carry_out(office, "sign_head", sign_head, SignHead(), Done)
    context.output.say(marked("The journal's last row is signed."))
    context.output.document({"signed": True})
    return ExitStatus.DONE
