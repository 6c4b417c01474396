"""`station doctor`: every device, daemon, key, font and permission, one line each."""

import argparse

from station.commands.context import Arguments, Context, error_document
from station.commands.parsing import Verb
from station.errors import DeviceAbsent, ExitStatus
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the command."""
    text = language.text(marked("check every device, daemon, key, font and permission"))
    verb = Verb(subparsers.add_parser("doctor", help=text, description=text), language, _doctor)
    verb.flag("--specimen", marked("also make one specimen card: it uses up a blank"))
    verb.option("--lane", marked("lane for the specimen"))
    verb.option("--by", marked("who asks for the specimen"))


def _doctor(context: Context, arguments: Arguments) -> ExitStatus:
    from station.checkup.checks import examine
    from station.checkup.specimen import make_specimen
    from station.commands.office import office_of

    output, text = context.output, context.output.language.text
    with office_of(context) as office:
        findings = examine(office)
        specimen = None
        for finding in findings:
            mark = "!! " if finding.error is not None else "?? " if finding.worries else "OK "
            output.say(
                "{mark}{part}: {result}", mark=mark, part=text(finding.part), result=text(finding.result)
            )
            for error in (finding.error, *finding.worries):
                if error is not None:
                    output.explain(error)
        errors = [finding.error for finding in findings if finding.error is not None]
        if arguments.flag("specimen") and not errors:
            specimen = make_specimen(office, arguments.optional_text("lane"), arguments.optional_text("by"))
            output.say(
                marked("Specimen card {card}: chip written, verified and locked; face printed."),
                card=specimen,
            )
    output.document(
        {
            "healthy": not errors,
            "specimen": specimen,
            "checks": [
                {
                    "part": finding.part,
                    "result": finding.result,
                    "error": error_document(finding.error, output.language) if finding.error else None,
                    "worries": [error_document(worry, output.language) for worry in finding.worries],
                }
                for finding in findings
            ],
        }
    )
    if any(isinstance(error, DeviceAbsent) for error in errors):
        return ExitStatus.DEVICE_ABSENT
    return ExitStatus.REFUSED if errors else ExitStatus.DONE
