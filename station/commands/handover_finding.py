"""Who stands at the counter: by NIK, name, letter, or the card on the reader."""

import sys
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context
from station.commands.parsing import Verb
from station.commands.records_person import NIK, typed_unseen
from station.errors import InputFault, UsageError
from station.language import marked

if TYPE_CHECKING:
    from station.handover.finding import WaitingCard
    from station.office import Office

PERSON_OPTIONS: Final = ("nik", "name", "letter")


def add_person(verb: Verb) -> Verb:
    """Add the options that name a person."""
    return (
        verb.option("--nik", marked("the person's NIK, or - to type it unseen"))
        .option("--name", marked("whole words of the person's name"))
        .option("--letter", marked("number of the person's letter, or - for its code from a code reader"))
    )


def names_person(arguments: Arguments) -> bool:
    """Whether a person was named.

    Raises:
        UsageError: PERSON_UNNAMED when the person was named in more than one way.
    """
    given = [name for name in PERSON_OPTIONS if arguments.optional_text(name) is not None]
    if len(given) > 1:
        raise UsageError("PERSON_UNNAMED")
    return bool(given)


def find_cards(context: Context, office: "Office", arguments: Arguments) -> "list[WaitingCard]":
    """The finished cards of the person who was named, or the one on the reader."""
    from station.handover.finding import card_with_uid, cards_of
    from station.service.handing_over import counter_reader

    if names_person(arguments):
        persons = _persons(context, office, arguments)
        with office.database.reading() as transaction:
            return cards_of(transaction, persons)
    chip = counter_reader(office).read_holder()
    with office.database.reading() as transaction:
        return [card_with_uid(transaction, chip.card)]


def _persons(context: Context, office: "Office", arguments: Arguments) -> tuple[str, ...]:
    """HMACs of the NIK of those who may be meant."""
    from station.handover.finding import person_of_letter

    nik, name = arguments.optional_text("nik"), arguments.optional_text("name")
    if nik is not None:
        nik = typed_unseen(context) if nik == "-" else nik
        if not NIK.fullmatch(nik):
            raise InputFault("NIK_MALFORMED")
        return (office.keys.person_key(nik),)
    if name is not None:
        return tuple(dict.fromkeys(held.person for held in office.holding.search(name=name)))
    number = _letter_number(arguments.text("letter"))
    with office.database.reading() as transaction:
        return (person_of_letter(transaction, number),)


def _letter_number(given: str) -> str:
    """The number of a letter; a code is only read for it, and believed by nobody."""
    from station.letters.claim import cose
    from station.letters.claim.container import unwrap
    from station.letters.claim.errors import ClaimRefused
    from station.letters.claim.statement import read_statement

    text = sys.stdin.readline().strip("\r\n") if given == "-" else given
    try:
        return read_statement(cose.decode(cose.take_apart(unwrap(text)).payload)).number
    except ClaimRefused:
        return text.strip()
