"""`station staff`: the people who work here."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "staff", marked("the people who work at the station"))
    noun.verb("list", marked("everybody"), _list)
    (
        noun.verb("add", marked("add somebody"), _add)
        .argument("name", marked("name"))
        .option(
            "--role",
            marked("what the person may do"),
            required=True,
            choices=("operator", "supervisor", "technician"),
        )
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.staff.store import everybody

    with office_of(context) as office, office.database.reading() as transaction:
        people = everybody(transaction)
    word = context.output.word
    context.output.table(
        (marked("name"), marked("role")), [(one.name, word(one.role.value)) for one in people]
    )
    context.output.document([one.model_dump(mode="json") for one in people])
    return ExitStatus.DONE


def _add(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.staff_operations import AddStaff, add_staff
    from station.staff.store import Role, StaffMember

    member = StaffMember(name=arguments.text("name"), role=Role(arguments.text("role")))
    with office_of(context) as office:
        carry_out(office, "add_staff", add_staff, AddStaff(member=member), Done)
    context.output.say(marked("{name} is added."), name=member.name)
    context.output.document(member.model_dump(mode="json"))
    return ExitStatus.DONE
