"""`station blanks lend|borrow|return`: blanks between offices."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.service.ledger_operations import BookLoan


def add(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("lend", marked("book blanks lent to another office"), _lend)
        .option("--to", marked("the other office"), required=True)
        .option("--count", marked("how many blanks"), kind=number, required=True)
        .option("--by", marked("who counted"), required=True)
    )
    (
        noun.verb("borrow", marked("book blanks borrowed from another office"), _borrow)
        .option("--from", marked("the other office"), required=True)
        .option("--count", marked("how many blanks"), kind=number, required=True)
        .option("--by", marked("who counted"), required=True)
    )
    (
        noun.verb("return", marked("book blanks given back to, or by, another office"), _return)
        .option("--to", marked("the office that we give back to"))
        .option("--from", marked("the office that gives back what we lent"))
        .option("--count", marked("how many blanks"), kind=number, required=True)
        .option("--by", marked("who counted"), required=True)
        .flag("--surplus", marked("with --to: settles no loan, such as a carton sent back to the province"))
    )


def _lend(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.ledger_operations import BookLoan

    count, by = arguments.number("count"), arguments.text("by")
    return _book(context, BookLoan(kind="lend", office=arguments.text("to"), count=count, by=by))


def _borrow(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.ledger_operations import BookLoan

    count, by = arguments.number("count"), arguments.text("by")
    return _book(context, BookLoan(kind="borrow", office=arguments.text("from"), count=count, by=by))


def _return(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.ledger_operations import BookLoan

    to, from_, surplus = (
        arguments.optional_text("to"),
        arguments.optional_text("from"),
        arguments.flag("surplus"),
    )
    count, by = arguments.number("count"), arguments.text("by")
    if (to is None) == (from_ is None) or (surplus and to is None):
        raise UsageError("RETURN_UNCLEAR")
    if to is not None:
        kind = "give_surplus" if surplus else "give_back"
        return _book(context, BookLoan.model_validate({"kind": kind, "office": to, "count": count, "by": by}))
    return _book(context, BookLoan(kind="take_back", office=from_ or "", count=count, by=by))


def _book(context: Context, request: "BookLoan") -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.ledger_operations import BookedRow, book_loan, loan_move

    with office_of(context) as office:
        booked = carry_out(office, "book_loan", book_loan, request, BookedRow)
    move, word = loan_move(request), context.output.word
    context.output.say(
        marked("Booked: {count} blanks from {source} to {target}."),
        count=move.quantity,
        source=word(move.source.value),
        target=word(move.target.value),
    )
    context.output.say(
        marked("  Its minutes: station blanks handover --row {row} --from NAME --to NAME --out FILE.pdf"),
        row=booked.row,
    )
    context.output.document({"row": booked.row, **move.model_dump(mode="json")})
    return ExitStatus.DONE
