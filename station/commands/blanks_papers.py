"""`station blanks report|handover|minutes`: the ledger on paper."""

from pathlib import Path

from station.commands.blanks_destruction import read_date
from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, Refused
from station.language import marked


def add(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("report", marked("the daily statement as PDF"), _report)
        .option("--date", marked("the day, YYYY-MM-DD; without it today"))
        .option("--out", marked("PDF file that is written; it must not exist"), required=True)
    )
    (
        noun.verb("handover", marked("hand the stock over, or write the minutes of a loan"), _handover)
        .option("--from", marked("who hands over; both sign with their PINs"), required=True)
        .option("--to", marked("who takes over"), required=True)
        .option(
            "--row", marked("journal row of a receipt, a loan or a return: only its minutes"), kind=number
        )
        .option("--number", marked("number of the minutes; without it the next running number"))
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
        .option("--out", marked("PDF file that is written; it must not exist"), required=True)
    )
    (
        noun.verb("minutes", marked("write minutes again by their number"), _minutes)
        .argument("number", marked("number of the minutes"))
        .option("--out", marked("PDF file that is written; it must not exist"), required=True)
    )


def _report(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.local_time import local
    from station.statements.paper import daily_values
    from station.statements.store import daily_statement
    from templates.reports.daily import draw_daily_statement

    target, given = Path(arguments.text("out")), arguments.optional_text("date")
    require_free(target)
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        now, zone = office.clock.now(), office.settings.office.time_zone
        on = read_date(given) if given else local(now, zone).date()
        if on > local(now, zone).date():
            raise Refused("DATE_WRONG", date=on)
        with drawing(), office.database.reading() as transaction:
            statement = daily_statement(transaction, on, zone, now)
            values = daily_values(statement, words)
            paper = draw_daily_statement(values, fonts, specimen=True)
    write_new(target, paper)
    context.output.say(marked("The statement of {date}: {file}"), date=on, file=target)
    for one in statement.differences:
        context.output.say(
            marked("  open difference: {place}, {difference}"),
            place=context.output.word(one.count.lane or one.count.account.value),
            difference=f"{one.count.difference:+}",
        )
    context.output.document(
        {
            "date": on.isoformat(),
            "file": str(target),
            "opening": {account.value: amount for account, amount in statement.opening.items()},
            "closing": {account.value: amount for account, amount in statement.closing.items()},
            "open_differences": len(statement.differences),
            "open_questions": len(statement.questions),
        }
    )
    return ExitStatus.DONE


def _handover(context: Context, arguments: Arguments) -> ExitStatus:
    target = Path(arguments.text("out"))
    row = arguments.optional_number("row")
    if row is not None:
        return _loan_minutes(context, arguments, target, row)
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.commands.pins import PinSource
    from station.service.act_operations import HandOver, Numbered, compose_handover, hand_over
    from station.service.control import carry_out
    from station.statements.acts import paper_of_act
    from station.statements.minutes import draw_transfer

    require_free(target)
    names = (arguments.text("from"), arguments.text("to"))
    request = HandOver(giver=names[0], receiver=names[1], number=arguments.optional_text("number"))
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        with drawing(), office.database.reading() as transaction:
            draw_transfer(compose_handover(office, transaction, request), words, fonts)
        signatures = PinSource(context, arguments.optional_text("pins_from")).sign(names)
        signed = request.model_copy(update={"signatures": signatures})
        act = carry_out(office, "hand_over", hand_over, signed, Numbered)
        with drawing(), office.database.reading() as transaction:
            paper = paper_of_act(transaction, act.number, words, fonts)
    write_new(target, paper)
    context.output.say(
        marked("The stock is handed over; minutes {number}: {file}"), number=act.number, file=target
    )
    context.output.document({"number": act.number, "file": str(target)})
    return ExitStatus.DONE


def _loan_minutes(context: Context, arguments: Arguments, target: Path, row: int) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.journal.store import row_at
    from station.statements.minutes import loan_values
    from templates.reports.handover import draw_loan_handover

    require_free(target)
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        with office.database.reading() as transaction:
            found = row_at(transaction, row)
        values = loan_values(found, (arguments.text("from"), arguments.text("to")), words, row)
        with drawing():
            paper = draw_loan_handover(values, fonts, specimen=True)
    write_new(target, paper)
    context.output.say(marked("Minutes {number}: {file}"), number=values.number, file=target)
    context.output.document({"number": values.number, "file": str(target)})
    return ExitStatus.DONE


def _minutes(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.statements.acts import paper_of_act

    target = Path(arguments.text("out"))
    require_free(target)
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        with drawing(), office.database.reading() as transaction:
            paper = paper_of_act(transaction, arguments.text("number"), words, fonts)
    write_new(target, paper)
    context.output.say(marked("Minutes {number}: {file}"), number=arguments.text("number"), file=target)
    context.output.document({"number": arguments.text("number"), "file": str(target)})
    return ExitStatus.DONE
