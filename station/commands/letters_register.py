"""`station letters list|show|register|policy|withdrawals`: what the register says, and what leaves it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.letters_issuing import shown_day
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, InputFault
from station.language import marked

if TYPE_CHECKING:
    from station.commands.context import Output
    from station.letters.rules import OfficeRules
    from station.letters.store import Letter
    from station.office import Office

STATES = ("taken", "issued", "withdrawn", "void")


def add_to(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("list", marked("the register of a year, without names"), _list)
        .option("--year", marked("the year; without it this one"), kind=number)
        .option("--state", marked("only letters in this state"), choices=STATES)
        .option("--record", marked("only letters of this record"))
    )
    noun.verb("show", marked("everything about one letter"), _show).argument(
        "number", marked("number of the letter")
    )
    (
        noun.verb("register", marked("write the register of a year with names, for SIAK"), _register)
        .option("--year", marked("the year; without it this one"), kind=number)
        .option("--out", marked("CSV file to write"), required=True)
        .option("--reason", marked("what it is for"), required=True)
        .option("--by", marked("who asks for it"), required=True)
    )
    noun.verb("policy", marked("who gets a letter, and by which rule"), _policy).option(
        "--on", marked("another day, YYYY-MM-DD")
    )
    (
        noun.verb("withdrawals", marked("sign the list of letters that no longer count"), _withdrawals)
        .option("--year", marked("year of the letters; without it this one"), kind=number)
        .option("--out", marked("file to write"), required=True)
    )


def _year(office: "Office", arguments: Arguments) -> int:
    from station.local_time import local

    return (
        arguments.optional_number("year") or local(office.clock.now(), office.settings.office.time_zone).year
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of

    wanted, record = arguments.optional_text("state"), arguments.optional_text("record")
    with office_of(context) as office:
        year, today = _year(office, arguments), _today(office)
        found = [
            letter
            for letter in _letters_of_year(office, year)
            if wanted in (None, letter.state.value) and record in (None, letter.record)
        ]
    word = context.output.word
    context.output.table(
        (
            marked("number"),
            marked("record"),
            marked("reason"),
            marked("issued"),
            marked("valid until"),
            marked("state"),
        ),
        [
            (
                letter.number,
                letter.record or "-",
                word(f"letter_for_{letter.reason}"),
                shown_day(letter.issued_on),
                shown_day(letter.valid_until),
                state_words(context.output, letter, today),
            )
            for letter in found
        ],
    )
    context.output.say(marked("{count} letters and numbers of {year}."), count=len(found), year=year)
    context.output.document({"year": year, "letters": [letter_document(letter) for letter in found]})
    return ExitStatus.DONE


def _letters_of_year(office: "Office", year: int) -> "Iterator[Letter]":
    from station.letters import store

    with office.database.reading() as transaction:
        after = 0
        while page := store.of_year(transaction, year, after):
            yield from page
            after = page[-1].place


def _today(office: "Office") -> str:
    from station.local_time import local

    return local(office.clock.now(), office.settings.office.time_zone).date().isoformat()


def state_words(output: "Output", letter: "Letter", today: str) -> str:
    """The state of a letter in words: one that is past its last day is expired."""
    is_over = letter.state == "issued" and letter.valid_until < today
    state = output.word("letter_is_expired" if is_over else f"letter_is_{letter.state.value}")
    return f"{state}: {output.word(f'letter_cause_{letter.cause}')}" if letter.cause else state


def letter_words(letter: "Letter") -> str:
    """A letter in one line: its number and its days."""
    return f"{letter.number} ({shown_day(letter.issued_on)} - {shown_day(letter.valid_until)})"


def letter_document(letter: "Letter") -> dict[str, object]:
    """What the register knows of a letter, as JSON; no name is in it."""
    return {
        "number": letter.number,
        "year": letter.year,
        "place": letter.place,
        "record": letter.record,
        "reason": letter.reason,
        "signer": letter.signer,
        "issued_on": letter.issued_on,
        "valid_until": letter.valid_until,
        "renews": letter.renews,
        "state": letter.state.value,
        "cause": letter.cause,
        "has_file": letter.wrapped_key is not None,
        "erased_at": letter.erased_at,
    }


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.journal.store import row_at
    from station.letters.withdrawing import require_letter
    from station.local_time import shown

    with office_of(context) as office, office.database.reading() as transaction:
        letter = require_letter(transaction, arguments.text("number"))
        begun = row_at(transaction, letter.journal)
        settled = row_at(transaction, letter.settled) if letter.settled else None
        today, zone = _today(office), office.settings.office.time_zone
    output, text = context.output, context.output.language.text
    rows = [
        (text(marked("number")), letter.number),
        (text(marked("state")), state_words(output, letter, today)),
        (text(marked("record")), letter.record or "-"),
        (text(marked("reason")), output.word(f"letter_for_{letter.reason}")),
        (text(marked("signer")), letter.signer or "-"),
        (text(marked("issued")), shown_day(letter.issued_on)),
        (text(marked("valid until")), shown_day(letter.valid_until)),
        (text(marked("follows letter")), letter.renews or "-"),
    ]
    for row in (begun, settled):
        if row is not None:
            rows.append((output.word(row.name), f"{shown(row.at, zone)}, {row.signed_by or '-'}"))
    output.table((marked("field"), marked("value")), rows)
    output.document(letter_document(letter))
    return ExitStatus.DONE


def _register(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.papers import require_free, write_pieces
    from station.letters.register import lines
    from station.service.control import carry_out
    from station.service.letter_operations import NoteRegister, note_register
    from station.service.operations import Done

    target = Path(arguments.text("out"))
    require_free(target)
    with office_of(context) as office:
        year = _year(office, arguments)
        request = NoteRegister(year=year, reason=arguments.text("reason"), by=arguments.text("by"))
        carry_out(office, "note_register", note_register, request, Done)
        content = (line.encode() for line in lines(office.database, office.letter_files, year))
        written = write_pieces(target, content, private=True) - 1
    context.output.say(
        marked("{count} lines written: {file}. It holds names and NIK: keep it as you keep records."),
        count=written,
        file=target,
    )
    context.output.document({"year": year, "letters": written, "file": str(target)})
    return ExitStatus.DONE


def _withdrawals(context: Context, arguments: Arguments) -> ExitStatus:
    import base64

    from station.commands.office import office_of
    from station.commands.papers import require_free, write_new
    from station.service.control import carry_out
    from station.service.letter_operations import SignedList, SignWithdrawals, sign_withdrawals

    target = Path(arguments.text("out"))
    require_free(target)
    with office_of(context) as office:
        request = SignWithdrawals(year=_year(office, arguments))
        signed = carry_out(office, "sign_withdrawals", sign_withdrawals, request, SignedList)
        days = office.letter_settings.list_days
    write_new(target, base64.b64decode(signed.content))
    context.output.say(
        marked("List of {year}: {withdrawn} of {letters} letters withdrawn; it counts {days} days: {file}."),
        year=request.year,
        withdrawn=signed.list.withdrawn,
        letters=signed.list.letters,
        days=days,
        file=target,
    )
    context.output.document({**signed.list.model_dump(), "file": str(target)})
    return ExitStatus.DONE


def _policy(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.letters.policy import read_policies
    from station.letters.rules import LetterRules
    from station.local_time import local
    from station.records.record import read_day

    with office_of(context) as office, office.database.reading() as transaction:
        now = office.clock.now()
        wanted = arguments.optional_text("on")
        try:
            day = read_day(wanted) if wanted else local(now, office.settings.office.time_zone).date()
        except ValueError as error:
            raise InputFault("DATE_WRONG", date=wanted) from error
        rules = LetterRules(office.letter_settings, office.gate, read_policies())
        found = rules.of_office(transaction, now, day)
    _show_policy(context, found, day)
    return ExitStatus.DONE


def _show_policy(context: Context, found: "OfficeRules", day: date) -> None:
    output, policy = context.output, found.policy
    text, word = output.language.text, output.word
    yes, no = text(marked("yes")), text(marked("no"))
    output.say(marked("Who gets a substitute letter on {day}:"), day=f"{day:%d-%m-%Y}")
    rows = [
        (marked("letters are issued"), yes if policy.allowed else no, "allowed"),
        (
            marked("for these reasons"),
            ", ".join(word(f"letter_for_{reason}") for reason in sorted(policy.reasons)) or "-",
            "reasons",
        ),
        (marked("print-ready record"), word(f"letter_rule_{policy.print_ready.value}"), "print_ready"),
        (
            marked("only while there is no blank"),
            yes if policy.needs_blank_stock_out else no,
            "needs_blank_stock_out",
        ),
        (
            marked("only who is known to the centre"),
            yes if policy.needs_central_record else no,
            "needs_central_record",
        ),
        (marked("paper"), ", ".join(sorted(policy.papers)) or "-", "papers"),
    ]
    output.table(
        (marked("rule"), marked("value"), marked("source")),
        [(text(rule), value, policy.source_of(name) or "-") for rule, value, name in rows],
    )
    output.say(
        marked(
            "Meanwhile: {blanks} blanks here; outage: {situation}; the centre must know the person: {asks}."
        ),
        blanks=found.blanks,
        situation=word(f"letter_outage_{found.outage.policy.situation.value}"),
        asks=yes if found.outage.policy.needs_central_record else no,
    )
    output.document(
        {
            "day": day.isoformat(),
            "allowed": policy.allowed,
            "reasons": sorted(policy.reasons),
            "print_ready": policy.print_ready.value,
            "needs_blank_stock_out": policy.needs_blank_stock_out,
            "needs_central_record": policy.needs_central_record,
            "papers": sorted(policy.papers),
            "sources": list(found.sources),
            "blanks": found.blanks,
            "outage": found.outage.policy.model_dump(mode="json"),
        }
    )
