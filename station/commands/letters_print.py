"""`station letters print|paper`: a letter on paper, its job followed to the end, and what was in the tray."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output, error_document
from station.commands.parsing import Noun, number
from station.errors import ExitStatus
from station.language import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.errors import StationError
    from station.letters.printing.printing import Printed
    from station.letters.printing.store import PrintAttempt
    from station.office import Office

PATIENCE = 120  # seconds
VERDICTS = ("good", "spoiled", "nothing")


def add_to(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("print", marked("print a letter, or ask what has become of its printing"), _print)
        .argument("number", marked("number of the letter"))
        .flag("--again", marked("another copy of a letter that is on paper already"))
        .option("--reason", marked("why another copy is needed"))
        .option("--by", marked("who asks for it"))
        .option("--wait", marked("seconds that the letter may stand still at the printer"), kind=number)
        .flag("--cancel", marked("take the letter out of the printer's queue"))
    )
    (
        noun.verb("paper", marked("say what you found in the printer's tray"), _paper)
        .argument("number", marked("number of the letter"))
        .option("--verdict", marked("what you found"), required=True, choices=VERDICTS)
        .option("--by", marked("who has looked"), required=True)
        .option("--note", marked("anything else"))
    )


def _print(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.letter_printing import printing_turn

    letter = arguments.text("number")
    with office_of(context) as office, printing_turn(office):
        printed = _settled(context.output, office, arguments, letter)
        if printed is None:
            printed = _printed(context.output, office, arguments, letter)
    return _tell(context.output, printed)


def _settled(output: Output, office: "Office", arguments: Arguments, letter: str) -> "Printed | None":
    """What became of the letter's open attempt; None where it may be printed afresh.

    Raises:
        Refused: LETTER_UNKNOWN; PAPER_NOTHING_TO_CANCEL.
    """
    from station.errors import Refused
    from station.journal import Outcome
    from station.service.letter_print_operations import print_book
    from station.service.letter_printing import letter_printing, paper_printer

    attempt = print_book(office).open_attempt(letter)
    if attempt is None:
        if arguments.flag("cancel"):
            raise Refused("PAPER_NOTHING_TO_CANCEL", number=letter)
        return None
    output.say(marked("The letter was sent before: asking the printer what has become of it."))
    printer = paper_printer(office, attempt.printer)
    printing = letter_printing(office, printer, _patience(arguments), reporter(output))
    if arguments.flag("cancel"):
        return printing.cancel(letter)
    printed = printing.settle(letter)
    return None if printed is None or printed.attempt.outcome is Outcome.NOT_DONE else printed


def _printed(output: Output, office: "Office", arguments: Arguments, letter: str) -> "Printed":
    from hashlib import sha256

    from station.letters.printing.book import PrintWish
    from station.letters.printing.rows import CopyKind
    from station.service.letter_printing import letter_printing, paper_printer, printer_url
    from station.service.letter_reading import letter_pdf

    printer, pdf = paper_printer(office), letter_pdf(office, letter)
    wish = PrintWish(
        number=letter,
        printer=printer_url(office),
        sha256=sha256(pdf).hexdigest(),
        size=len(pdf),
        copy_kind=CopyKind.REPRINT if arguments.flag("again") else CopyKind.FIRST,
        reason=arguments.optional_text("reason") or "",
        by=arguments.optional_text("by"),
    )
    printing = letter_printing(office, printer, _patience(arguments), reporter(output))
    return printing.print(wish, pdf)


def _patience(arguments: Arguments) -> float:
    given = arguments.optional_number("wait")
    return float(PATIENCE if given is None else max(given, 0))


def reporter(output: Output) -> "Callable[[StationError | None], None]":
    """Tells why the letter does not go on, when that changes."""

    def report(error: "StationError | None") -> None:
        if error is None:
            output.say(marked("The letter goes on."))
        else:
            output.explain(error)
            output.say(marked("Waiting; Ctrl-C ends the waiting, and the letter stays at the printer."))

    return report


def _tell(output: Output, printed: "Printed") -> ExitStatus:
    """Say where the letter stands."""
    from station.errors import Refused

    attempt, error = printed.attempt, printed.error
    if error is None:
        output.say(
            marked("The letter {number} was handed to the printer {printer}."),
            number=attempt.number,
            printer=attempt.printer,
        )
        output.say(
            marked("Look at the sheet, then: station letters paper {number} --verdict good --by NAME"),
            number=attempt.number,
        )
    else:
        output.explain(error)
    output.document(_document(attempt) | {"error": error and error_document(error, output.language)})
    if error is None:
        return ExitStatus.DONE
    return ExitStatus.REFUSED if isinstance(error, Refused) else ExitStatus.WAITS_FOR_PERSON


def _document(attempt: "PrintAttempt") -> dict[str, object]:
    return attempt.model_dump(mode="json", exclude={"journal", "sha256"})


def _paper(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.letters.printing.rows import PaperVerdict
    from station.letters.printing.store import PrintAttempt
    from station.service.control import carry_out
    from station.service.letter_print_operations import CheckPaper, check_paper

    request = CheckPaper(
        number=arguments.text("number"),
        verdict=PaperVerdict(arguments.text("verdict")),
        by=arguments.text("by"),
        note=arguments.optional_text("note") or "",
    )
    with office_of(context) as office:
        attempt = carry_out(office, "check_paper", check_paper, request, PrintAttempt)
    output = context.output
    output.say(
        marked("Kept: letter {number}, try {attempt}: {state}."),
        number=attempt.number,
        attempt=attempt.attempt,
        state=output.word(f"paper_{request.verdict.value}"),
    )
    output.document(_document(attempt))
    return ExitStatus.DONE
