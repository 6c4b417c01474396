"""`station letters issue|renew|reprint|withdraw|void|last`: what changes the register."""

from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, number
from station.errors import ExitStatus
from station.language import marked

if TYPE_CHECKING:
    from station.office import Office
    from station.service.letter_operations import IssuedLetter

REASONS = ("recorded_without_card", "lost", "damaged", "changed")
CAUSES = ("card_handed_over", "mistake", "lost_by_holder", "other")


def add_to(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("issue", marked("issue the letter of a record, or finish the one that was begun"), _issue)
        .argument("record", marked("a record that the station holds"))
        .option("--reason", marked("why the person has no card"), required=True, choices=REASONS)
        .option("--by", marked("who issues it"), required=True)
        .option("--signer", marked("who signs it, by the short name in the settings"))
        .option("--out", marked("PDF file to write the letter to"))
    )
    (
        noun.verb("renew", marked("issue the letter that follows another, and withdraw that one"), _renew)
        .argument("number", marked("number of the letter"))
        .option("--reason", marked("another reason than the letter's"), choices=REASONS)
        .option("--by", marked("who issues it"), required=True)
        .option("--signer", marked("who signs it, by the short name in the settings"))
        .option("--out", marked("PDF file to write the letter to"))
    )
    (
        noun.verb("reprint", marked("write another copy of a letter that is in force"), _reprint)
        .argument("number", marked("number of the letter"))
        .option("--reason", marked("why another copy is needed"), required=True)
        .option("--by", marked("who asks for it"), required=True)
        .option("--out", marked("PDF file to write the letter to"), required=True)
    )
    (
        noun.verb("withdraw", marked("take a letter back; for good"), _withdraw)
        .argument("number", marked("number of the letter"))
        .option("--cause", marked("why it is taken back"), choices=CAUSES, default="other")
        .option("--reason", marked("why, without names and numbers of people"), required=True)
        .option("--by", marked("who decides"), required=True)
    )
    (
        noun.verb("void", marked("make a number void that was begun and carries no letter"), _void)
        .argument("number", marked("number of the letter"))
        .option("--reason", marked("why, without names and numbers of people"), required=True)
        .option("--by", marked("who decides"), required=True)
    )
    (
        noun.verb("last", marked("after a restore: the last number of a year that is on paper"), _last)
        .argument("place", marked("its place in the year; 0 when there is none"), kind=number)
        .option("--year", marked("the year; without it this one"), kind=number)
        .option("--reason", marked("where you have looked"), required=True)
        .option("--by", marked("the supervisor"), required=True)
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
    )


def _issue(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.letter_settings import LetterReason
    from station.service.control import carry_out
    from station.service.letter_operations import IssuedLetter, IssueLetter, issue_letter

    target = _target(arguments)
    request = IssueLetter(
        record=arguments.text("record"),
        reason=LetterReason(arguments.text("reason")),
        signer=arguments.optional_text("signer"),
        by=arguments.text("by"),
    )
    with office_of(context) as office:
        letter = carry_out(office, "issue_letter", issue_letter, request, IssuedLetter)
        return _tell(context, office, letter, target, request.by)


def _renew(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.letter_settings import LetterReason
    from station.service.control import carry_out
    from station.service.letter_operations import IssuedLetter, RenewLetter, renew_letter

    target, reason = _target(arguments), arguments.optional_text("reason")
    request = RenewLetter(
        number=arguments.text("number"),
        reason=LetterReason(reason) if reason else None,
        signer=arguments.optional_text("signer"),
        by=arguments.text("by"),
    )
    with office_of(context) as office:
        letter = carry_out(office, "renew_letter", renew_letter, request, IssuedLetter)
        return _tell(context, office, letter, target, request.by)


def _target(arguments: Arguments) -> Path | None:
    """The file to write, which must be free before a number is used."""
    from station.commands.papers import require_free

    out = arguments.optional_text("out")
    if out is None:
        return None
    target = Path(out)
    require_free(target)
    return target


def _tell(
    context: Context, office: "Office", letter: "IssuedLetter", target: Path | None, by: str
) -> ExitStatus:
    """Say what was issued, and write the file if one is wanted."""
    output = context.output
    output.say(
        marked("Letter {number} is issued, valid until {until}."),
        number=letter.number,
        until=shown_day(letter.valid_until),
    )
    if letter.renews:
        output.say(marked("Letter {number} is withdrawn by it: take its paper back."), number=letter.renews)
    if target is not None:
        _write_copy(office, letter.number, target, "", by)
        output.say(marked("Written: {file}."), file=target)
    else:
        output.say(marked("Print it: station letters print."))
    output.document({**letter.model_dump(), "file": str(target) if target else None})
    return ExitStatus.DONE


def _reprint(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of

    target, number = _target(arguments), arguments.text("number")
    if target is None:
        raise LookupError("the parser has required a file")
    with office_of(context) as office:
        _write_copy(office, number, target, arguments.text("reason"), arguments.text("by"), again=True)
    context.output.say(marked("Written: {file}."), file=target)
    context.output.document({"number": number, "file": str(target)})
    return ExitStatus.DONE


def _write_copy(
    office: "Office", letter: str, target: Path, reason: str, by: str, *, again: bool = False
) -> None:
    """Open the file first, then write the journal's row, then the copy."""
    from station.commands.papers import write_pieces
    from station.errors import Refused
    from station.service.control import carry_out
    from station.service.letter_operations import GiveOut, give_out
    from station.service.letter_reading import letter_pdf
    from station.service.operations import Done

    if again and not reason.strip():
        raise Refused("REASON_MISSING")
    pdf = letter_pdf(office, letter)
    carry_out(office, "give_out", give_out, GiveOut(number=letter, reason=reason, by=by), Done)
    write_pieces(target, (pdf,), private=True)


def _withdraw(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.letters.rows import WithdrawalCause
    from station.service.control import carry_out
    from station.service.letter_operations import WithdrawLetter, withdraw_letter
    from station.service.operations import Done

    request = WithdrawLetter(
        number=arguments.text("number"),
        cause=WithdrawalCause(arguments.text("cause")),
        note=arguments.text("reason"),
        by=arguments.text("by"),
    )
    with office_of(context) as office:
        carry_out(office, "withdraw_letter", withdraw_letter, request, Done)
    context.output.say(
        marked("Letter {number} is withdrawn. Whoever checks it learns that from the next signed list."),
        number=request.number,
    )
    context.output.document({"number": request.number, "state": "withdrawn", "cause": request.cause.value})
    return ExitStatus.DONE


def _void(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.letter_operations import VoidNumber, void_number
    from station.service.operations import Done

    request = VoidNumber(
        number=arguments.text("number"), note=arguments.text("reason"), by=arguments.text("by")
    )
    with office_of(context) as office:
        carry_out(office, "void_number", void_number, request, Done)
    context.output.say(marked("Number {number} is void and never used again."), number=request.number)
    context.output.document({"number": request.number, "state": "void"})
    return ExitStatus.DONE


def _last(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.pins import PinSource
    from station.local_time import local
    from station.service.control import carry_out
    from station.service.letter_operations import TellLast, ToldLast, tell_last

    source = PinSource(context, arguments.optional_text("pins_from"))
    (signature,) = source.sign([arguments.text("by")])
    with office_of(context) as office:
        this_year = local(office.clock.now(), office.settings.office.time_zone).year
        request = TellLast(
            year=arguments.optional_number("year") or this_year,
            last=arguments.number("place"),
            reason=arguments.text("reason"),
            signature=signature,
        )
        done = carry_out(office, "tell_last", tell_last, request, ToldLast)
    context.output.say(
        marked("Numbers go on after place {last} of {year}; {count} before it are void here."),
        last=request.last,
        year=request.year,
        count=done.void,
    )
    context.output.document({"year": request.year, "last": request.last, "void": done.void})
    return ExitStatus.DONE


def shown_day(day: str) -> str:
    """A day as people here write it; `-` for none."""
    year, _, rest = day.partition("-")
    month, _, date = rest.partition("-")
    return f"{date}-{month}-{year}" if rest else "-"
