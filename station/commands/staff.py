"""`station staff`: the people who work here, and their PINs."""

import argparse
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, Verb
from station.errors import ExitStatus
from station.language import Language, marked

if TYPE_CHECKING:
    from station.commands.pins import PinSource
    from station.staff.signatures import Signature


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "staff", marked("the people who work at the station"))
    noun.verb("list", marked("everybody"), _list)
    _pins_from(
        noun.verb("add", marked("add somebody; without a PIN a person cannot sign"), _add)
        .argument("name", marked("name"))
        .option(
            "--role",
            marked("what the person may do"),
            required=True,
            choices=("operator", "supervisor", "technician"),
        )
        .option("--by", marked("the supervisor who adds somebody that can sign"))
        .flag("--no-pin", marked("ask for no PIN"))
    )
    _pins_from(
        noun.verb("pin", marked("change a PIN, with the old one or by a supervisor"), _pin)
        .argument("name", marked("name"))
        .option("--by", marked("the supervisor; without it the person gives the old PIN"))
    )
    _pins_from(
        noun.verb("unlock", marked("unlock a PIN after too many wrong tries"), _unlock)
        .argument("name", marked("name"))
        .option("--by", marked("the supervisor"), required=True)
    )


def _pins_from(verb: Verb) -> None:
    verb.option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))


def _source(context: Context, arguments: Arguments) -> "PinSource":
    from station.commands.pins import PinSource

    return PinSource(context, arguments.optional_text("pins_from"))


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.staff.store import pin_states

    with office_of(context) as office, office.database.reading() as transaction:
        people = pin_states(transaction)
    word, text = context.output.word, context.output.language.text
    standings = {
        True: text(marked("locked")),
        False: text(marked("can sign")),
        None: text(marked("none")),
    }
    context.output.table(
        (marked("name"), marked("role"), marked("PIN")),
        [
            (one.member.name, word(one.member.role.value), standings[one.is_locked if one.pin_hash else None])
            for one in people
        ],
    )
    context.output.document(
        [
            {
                **one.member.model_dump(mode="json"),
                "pin": one.pin_hash is not None,
                "locked": one.is_locked,
            }
            for one in people
        ]
    )
    return ExitStatus.DONE


def _add(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.staff_operations import AddStaff, add_staff
    from station.staff.store import Role, StaffMember

    member = StaffMember(name=arguments.text("name"), role=Role(arguments.text("role")))
    source = _source(context, arguments)
    with_pin = source.can_ask and not arguments.flag("no_pin")
    pin = source.ask_new(member.name) if with_pin else None
    authority = _authority(source, arguments.optional_text("by"))
    with office_of(context) as office:
        request = AddStaff(member=member, pin=pin, authority=authority)
        carry_out(office, "add_staff", add_staff, request, Done)
    context.output.say(marked("{name} is added."), name=member.name)
    context.output.document(member.model_dump(mode="json"))
    return ExitStatus.DONE


def _pin(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.staff_operations import SetPin, set_pin
    from station.staff.store import pin_state

    name, by = arguments.text("name"), arguments.optional_text("by")
    source = _source(context, arguments)
    with office_of(context) as office:
        with office.database.reading() as transaction:
            has_pin = pin_state(transaction, name).pin_hash is not None
        authority = _authority(source, by or (name if has_pin else None))
        request = SetPin(name=name, pin=source.ask_new(name), authority=authority)
        carry_out(office, "set_pin", set_pin, request, Done)
    context.output.say(marked("{name} has a new PIN."), name=name)
    context.output.document({"name": name})
    return ExitStatus.DONE


def _unlock(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.staff_operations import UnlockPin, unlock_pin

    name = arguments.text("name")
    (authority,) = _source(context, arguments).sign((arguments.text("by"),))
    with office_of(context) as office:
        carry_out(office, "unlock_pin", unlock_pin, UnlockPin(name=name, authority=authority), Done)
    context.output.say(marked("{name} may try again."), name=name)
    context.output.document({"name": name})
    return ExitStatus.DONE


def _authority(source: "PinSource", name: str | None) -> "Signature | None":
    return source.sign((name,))[0] if name else None
