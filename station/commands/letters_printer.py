"""`station letters printer`: the paper printer, its queue, and sheets that nobody has looked at."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output, error_document
from station.commands.parsing import Noun
from station.errors import DeviceAbsent, ExitStatus, StationError
from station.language import marked

if TYPE_CHECKING:
    from station.letters.printing.store import PrintAttempt
    from station.office import Office

STATES = {
    None: marked("at the printer"),
    "DONE": marked("handed over, nobody has looked"),
    "UNKNOWN": marked("not known, nobody has looked"),
}


def add_to(noun: Noun) -> None:
    """Add the command."""
    noun.verb(
        "printer", marked("the paper printer, and the letters that are on their way to paper"), _printer
    )


def _printer(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.journal.store import row_at
    from station.letters.printing import store
    from station.local_time import shown

    output = context.output
    with office_of(context) as office:
        zone = office.settings.office.time_zone
        error = _say_printer(output, office)
        with office.database.reading() as transaction:
            waiting = [*store.open_attempts(transaction), *store.unlooked_at(transaction)]
            rows = [row_at(transaction, attempt.journal) for attempt in waiting]
    begun = [row.at if row else "" for row in rows]
    _say_letters(output, waiting, [shown(at, zone) for at in begun])
    output.document(
        {
            "error": error and error_document(error, output.language),
            "letters": [
                {"number": one.number, "attempt": one.attempt, "outcome": one.outcome, "begun": at}
                for one, at in zip(waiting, begun, strict=True)
            ],
        }
    )
    if isinstance(error, DeviceAbsent):
        return ExitStatus.DEVICE_ABSENT
    return ExitStatus.REFUSED if error else ExitStatus.DONE


def _say_printer(output: Output, office: "Office") -> StationError | None:
    """Say how the printer is; return what makes it unusable."""
    from station.letters.printing.printing import require_working
    from station.service.letter_printing import paper_printer

    try:
        printer = paper_printer(office)
        require_working(printer)
        reading = printer.read()
    except StationError as error:
        output.explain(error)
        return error
    state = ", ".join(output.word(reason) for reason in reading.reasons)
    well = output.language.text(marked("well"))
    output.say(marked("Paper printer {printer}: {state}."), printer=reading.name, state=state or well)
    return None


def _say_letters(output: Output, waiting: "list[PrintAttempt]", begun: list[str]) -> None:
    if not waiting:
        output.say(marked("No letter is on its way to paper."))
        return
    text = output.language.text
    output.table(
        (marked("number"), marked("try"), marked("begun"), marked("state")),
        [
            (one.number, one.attempt, at, text(STATES[one.outcome and one.outcome.value]))
            for one, at in zip(waiting, begun, strict=True)
        ],
    )
