"""`station handover receipt`: the receipt of a card as a file or on paper."""

from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.papers import require_free
from station.commands.parsing import Noun, Verb, number
from station.errors import ExitStatus, StationError, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.office import Office


def add_to(noun: Noun) -> None:
    """Add the command."""
    add_receipt_ways(
        noun.verb("receipt", marked("make the receipt of a card that was handed over"), _receipt)
        .argument("job", marked("number of the job"), kind=number)
        .option("--by", marked("who makes it"), required=True)
    )


def add_receipt_ways(verb: Verb) -> Verb:
    """Add the options that say where the receipt goes."""
    return verb.option("--out", marked("PDF file that the receipt is written to; it must not exist")).flag(
        "--print", marked("send the receipt to the paper printer")
    )


def require_way(arguments: Arguments) -> Path | None:
    """The file of the receipt, which must be free before anything is done.

    Raises:
        UsageError: RECEIPT_TWO_WAYS.
        Refused: FILE_EXISTS. InputFault: FILE_UNWRITABLE.
    """
    out = arguments.optional_text("out")
    if out is not None and arguments.flag("print"):
        raise UsageError("RECEIPT_TWO_WAYS")
    if out is None:
        return None
    require_free(Path(out))
    return Path(out)


def _receipt(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.handover_receipt import require_done

    if require_way(arguments) is None and not arguments.flag("print"):
        raise UsageError("RECEIPT_TWO_WAYS")
    job = arguments.number("job")
    with office_of(context) as office:
        require_done(office, job)
        file = _made(context, office, job, arguments, arguments.text("by"))
    context.output.document({"job": job, "receipt": file})
    return ExitStatus.DONE


def make_receipt(context: Context, office: "Office", job: int, arguments: Arguments, by: str) -> str | None:
    """Make the receipt, if one is wanted. The card is given already: what fails here is only explained."""
    if arguments.optional_text("out") is None and not arguments.flag("print"):
        context.output.say(marked("Its receipt: station handover receipt {job} --print --by NAME"), job=job)
        return None
    try:
        return _made(context, office, job, arguments, by)
    except StationError as error:
        context.output.explain(error)
        context.output.say(marked("The card is handed over all the same; make the receipt again."))
        return None


def _made(context: Context, office: "Office", job: int, arguments: Arguments, by: str) -> str:
    from station.commands.papers import drawing, paper_tools, write_pieces
    from station.service.control import carry_out
    from station.service.handover_operations import NoteReceipt, note_receipt
    from station.service.handover_receipt import print_receipt, receipt_pdf
    from station.service.operations import Done

    words, fonts = paper_tools(office)
    with drawing():
        pdf = receipt_pdf(office, job, words, fonts)
    out = arguments.optional_text("out")
    request = NoteReceipt(job=job, way="file" if out else "paper", by=by)
    carry_out(office, "note_receipt", note_receipt, request, Done)
    if out is None:
        place = print_receipt(office, job, pdf)
        context.output.say(marked("The receipt was sent to {printer}."), printer=place)
        return place
    write_pieces(Path(out), (pdf,), private=True)
    context.output.say(marked("Written: {file}."), file=out)
    return out
