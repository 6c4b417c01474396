"""`station blanks`: every blank is in exactly one account."""

import argparse
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus
from station.language import Language, marked

if TYPE_CHECKING:
    from station.service.operations import MoveBlanks


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "blanks", marked("the ledger of empty cards"))
    noun.verb("show", marked("all accounts and the spoiled blanks by cause"), _show)
    (
        noun.verb("receive", marked("book a carton that has come in"), _receive)
        .option("--carton", marked("number of the carton"), required=True)
        .option("--count", marked("how many blanks"), kind=number, required=True)
        .option("--by", marked("who counted"), required=True)
    )
    for name, help_text, handler in (
        ("load", marked("book blanks put into a hopper"), _load),
        ("unload", marked("book blanks taken out of a hopper"), _unload),
    ):
        (
            noun.verb(name, help_text, handler)
            .option("--lane", marked("name of the lane"), required=True)
            .option("--count", marked("how many blanks"), kind=number, required=True)
            .option("--by", marked("who counted"), required=True)
        )


def _receive(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.operations import receive_blanks

    return _book(
        context, receive_blanks(arguments.text("carton"), arguments.number("count"), arguments.text("by"))
    )


def _load(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.operations import load_blanks

    return _book(
        context, load_blanks(arguments.text("lane"), arguments.number("count"), arguments.text("by"))
    )


def _unload(context: Context, arguments: Arguments) -> ExitStatus:
    from station.service.operations import unload_blanks

    return _book(
        context, unload_blanks(arguments.text("lane"), arguments.number("count"), arguments.text("by"))
    )


def _book(context: Context, request: "MoveBlanks") -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done, move_blanks

    with office_of(context) as office:
        carry_out(office, "move_blanks", move_blanks, request, Done)
    word = context.output.word
    context.output.say(
        marked("Booked: {count} blanks from {source} to {target}."),
        count=request.move.quantity,
        source=word(request.move.source.value),
        target=word(request.move.target.value),
    )
    context.output.document(request.move.model_dump(mode="json"))
    return ExitStatus.DONE


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.blanks.store import balances, spoiled_by_cause
    from station.commands.office import office_of

    with office_of(context) as office, office.database.reading() as transaction:
        found, causes = balances(transaction), spoiled_by_cause(transaction)
    output, word = context.output, context.output.word
    output.table(
        (marked("account"), marked("blanks")),
        [(word(account.value), amount) for account, amount in found.totals.items()],
    )
    for lane, amount in found.in_machine.items():
        output.say(marked("  in lane {lane}: {amount}"), lane=lane, amount=amount)
    for cause, amount in causes.items():
        output.say(marked("  spoiled, {cause}: {amount}"), cause=word(cause), amount=amount)
    output.say(
        marked("The equation holds.")
        if not found.difference
        else marked("THE EQUATION DOES NOT HOLD: difference {difference}."),
        difference=found.difference,
    )
    output.document(
        {
            **{account.value: amount for account, amount in found.totals.items()},
            "lanes": dict(found.in_machine),
            "spoiled_by_cause": causes,
            "difference": found.difference,
        }
    )
    return ExitStatus.DONE if not found.difference else ExitStatus.REFUSED
