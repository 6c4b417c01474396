"""`station blanks`: every blank is in exactly one account."""

import argparse
from typing import TYPE_CHECKING

from station.commands import blanks_counts, blanks_destruction, blanks_loans, blanks_papers
from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus
from station.language import Language, marked

if TYPE_CHECKING:
    from station.blanks.ledger import Balances, Loans
    from station.commands.context import Output
    from station.counts.counting import BookedCount
    from station.local_time import TimeZone
    from station.service.operations import MoveBlanks


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "blanks", marked("the ledger of empty cards"))
    noun.verb("show", marked("all accounts, loans, open differences, spoiled blanks by cause"), _show)
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
    for module in (blanks_loans, blanks_counts, blanks_destruction, blanks_papers):
        module.add(noun)


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
    from station.blanks.store import balances, loans, spoiled_by_cause
    from station.commands.office import office_of
    from station.counts.store import open_differences
    from station.handover.store import kept_old_cards

    with office_of(context) as office, office.database.reading() as transaction:
        zone = office.settings.office.time_zone
        found, causes = balances(transaction), spoiled_by_cause(transaction)
        owed, differences = loans(transaction), open_differences(transaction)
        old_cards = sum(kept_old_cards(transaction).values())
    _say_balances(context.output, found, causes)
    context.output.say(marked("Old cards taken in, no blanks: {count}"), count=old_cards)
    _say_open(context.output, owed, differences, zone)
    context.output.document(
        {
            **{account.value: amount for account, amount in found.totals.items()},
            "lanes": dict(found.in_machine),
            "spoiled_by_cause": causes,
            "withdrawn_old_cards": old_cards,
            "difference": found.difference,
            "loans": [{"office": one.office, "lent": one.lent, "borrowed": one.borrowed} for one in owed],
            "open_differences": [blanks_counts.difference_document(one) for one in differences],
        }
    )
    return ExitStatus.DONE if not found.difference else ExitStatus.REFUSED


def _say_balances(output: "Output", found: "Balances", causes: dict[str, int]) -> None:
    output.table(
        (marked("account"), marked("blanks")),
        [(output.word(account.value), amount) for account, amount in found.totals.items()],
    )
    for lane, amount in found.in_machine.items():
        output.say(marked("  in lane {lane}: {amount}"), lane=lane, amount=amount)
    for cause, amount in causes.items():
        output.say(marked("  spoiled, {cause}: {amount}"), cause=output.word(cause), amount=amount)
    output.say(
        marked("The equation holds.")
        if not found.difference
        else marked("THE EQUATION DOES NOT HOLD: difference {difference}."),
        difference=found.difference,
    )


def _say_open(
    output: "Output", owed: "list[Loans]", differences: "list[BookedCount]", zone: "TimeZone"
) -> None:
    for one in owed:
        output.say(
            marked("  {office}: lent {lent}, borrowed {borrowed}"),
            office=one.office,
            lent=one.lent,
            borrowed=one.borrowed,
        )
    for count in differences:
        blanks_counts.say_difference(output, count, zone)
