"""`station lanes`: how each printer with its reader is."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "lanes", marked("printers with their readers"))
    noun.verb("show", marked("how each lane is"), _show)
    (
        noun.verb("clear", marked("clear a broken lane after looking at it"), _clear)
        .argument("lane", marked("name of the lane"))
        .option("--by", marked("who clears it"), required=True)
        .option("--reason", marked("what was found and done"), required=True)
    )


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.blanks.ledger import Account
    from station.blanks.store import balance
    from station.cards.store import open_attempt_of_lane
    from station.commands.office import office_of
    from station.lanes.store import status
    from station.local_time import shown

    rows = []
    with office_of(context) as office, office.database.reading() as transaction:
        zone = office.settings.office.time_zone
        for lane in office.settings.lanes:
            attempt = open_attempt_of_lane(transaction, lane.name)
            rows.append(
                (
                    status(transaction, lane.name),
                    balance(transaction, Account.IN_MACHINE, lane.name),
                    attempt.job if attempt else None,
                    lane,
                )
            )
    word = context.output.word
    context.output.table(
        (
            marked("lane"),
            marked("state"),
            marked("since"),
            marked("cause"),
            marked("blanks inside"),
            marked("job"),
        ),
        [
            (
                status.name,
                word(status.state.value),
                shown(status.since, zone) if status.since else "-",
                ", ".join(word(cause) for cause in (status.cause or "-").split(", ")),
                blanks,
                job or "-",
            )
            for status, blanks, job, _ in rows
        ],
    )
    context.output.document(
        [
            {
                "lane": status.name,
                "state": status.state.value,
                "since": status.since or None,
                "cause": status.cause,
                "blanks": blanks,
                "job": job,
                "printer": lane.printer,
                "reader": lane.reader,
            }
            for status, blanks, job, lane in rows
        ]
    )
    return ExitStatus.DONE


def _clear(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.control import carry_out
    from station.service.operations import ClearLane, Done, clear_lane

    request = ClearLane(lane=arguments.text("lane"), by=arguments.text("by"), reason=arguments.text("reason"))
    with office_of(context) as office:
        carry_out(office, "clear_lane", clear_lane, request, Done)
    context.output.say(marked("Lane {lane} is ready again."), lane=request.lane)
    context.output.document({"lane": request.lane, "state": "ready"})
    return ExitStatus.DONE
