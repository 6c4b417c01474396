"""`station blanks destruction-list|destroy`: what is burnt, and the minutes of it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.blanks_counts import counted_lane
from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.destruction.listing import Witness
    from station.service.act_operations import DestroyBlanks


def add(noun: Noun) -> None:
    """Add the commands."""
    noun.verb("destruction-list", marked("what waits for destruction, void chips first"), _list)
    (
        noun.verb("destroy", marked("book what was burnt, and write its minutes; two people sign"), _destroy)
        .option("--card", marked("chip number of a card; once for each"), many=True)
        .option("--without-uid", marked("blanks whose chip number is not known: CAUSE=N"), many=True)
        .flag("--all", marked("everything on the list that is there"))
        .flag("--old-cards", marked("all old cards that were taken in at handovers"))
        .option("--place", marked("where it was burnt"), required=True)
        .option("--date", marked("when, YYYY-MM-DD; without it today"))
        .option("--burnt-by", marked("who burnt it"), required=True)
        .option("--witness", marked("a witness: NAME, OFFICE; once for each"), many=True)
        .option("--number", marked("number of the minutes; without it the next running number"))
        .option("--sign", marked("who signs; give it twice, one is a supervisor"), many=True)
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
        .option("--out", marked("PDF file that is written; it must not exist"), required=True)
    )


def read_date(text: str) -> date:
    """Read YYYY-MM-DD.

    Raises:
        UsageError: DATE_WRONG.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("DATE_WRONG", date=text) from error


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.destruction.store import destruction_list
    from station.handover.store import kept_old_cards

    with office_of(context) as office, office.database.reading() as transaction:
        items, old = destruction_list(transaction), sum(kept_old_cards(transaction).values())
    output = context.output
    yes, no = output.language.text(marked("YES")), output.language.text(marked("no"))
    output.table(
        (marked("chip number"), marked("blanks"), marked("job"), marked("cause"), marked("void")),
        [
            (
                item.card or "-",
                item.count,
                item.job or "-",
                output.word(item.cause),
                yes if item.is_void else no,
            )
            for item in items
        ],
    )
    missing = sum(item.count for item in items if not item.is_here)
    if missing:
        output.say(marked("{missing} of them are missing and cannot be burnt."), missing=missing)
    if old:
        output.say(marked("Besides {count} old cards from handovers: --old-cards"), count=old)
    output.document([{**item.model_dump(mode="json"), "here": item.is_here} for item in items])
    return ExitStatus.DONE


def _witness(text: str) -> "Witness":
    from station.destruction.listing import Witness

    name, _, office = text.partition(",")
    return Witness(name=name.strip(), office=office.strip())


def _request(arguments: Arguments) -> "DestroyBlanks":
    from station.service.act_operations import DestroyBlanks

    given = arguments.optional_text("date")
    return DestroyBlanks(
        cards=tuple(arguments.texts("card")),
        nameless=dict(map(counted_lane, arguments.texts("without_uid"))),
        everything=arguments.flag("all"),
        old_cards=arguments.flag("old_cards"),
        number=arguments.optional_text("number"),
        on=read_date(given) if given else None,
        place=arguments.text("place"),
        burnt_by=arguments.text("burnt_by"),
        witnesses=tuple(map(_witness, arguments.texts("witness"))),
    )


def _destroy(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.commands.pins import PinSource
    from station.service.act_operations import Numbered, compose_destruction, destroy_blanks
    from station.service.control import carry_out
    from station.statements.acts import paper_of_act
    from station.statements.minutes import draw_destruction

    target = Path(arguments.text("out"))
    require_free(target)
    request, names = _request(arguments), arguments.texts("sign")
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        signers = two_signers(names)
        with office.database.reading() as transaction:
            draft = compose_destruction(office, transaction, request, signers)
        with drawing():  # the paper is drawn before anything is booked: what cannot be drawn is not burnt
            draw_destruction(draft, words, fonts)
        signatures = PinSource(context, arguments.optional_text("pins_from")).sign(names)
        signed = request.model_copy(update={"signatures": signatures})
        act = carry_out(office, "destroy_blanks", destroy_blanks, signed, Numbered)
        with drawing(), office.database.reading() as transaction:
            paper = paper_of_act(transaction, act.number, words, fonts)
    write_new(target, paper)
    context.output.say(
        marked("{count} blanks are booked as destroyed; minutes {number}: {file}"),
        count=draft.count,
        number=act.number,
        file=target,
    )
    if draft.old_cards:
        context.output.say(marked("  and {count} old cards"), count=draft.old_cards)
    context.output.document(
        {"number": act.number, "count": draft.count, "old_cards": draft.old_cards, "file": str(target)}
    )
    return ExitStatus.DONE


def two_signers(names: list[str]) -> tuple[str, str]:
    """The two who sign.

    Raises:
        UsageError: SIGNATURES_NEEDED.
    """
    if len(names) != 2:
        raise UsageError("SIGNATURES_NEEDED")
    return names[0], names[1]
