"""`station centre`: what goes to the data centre and what comes from it."""

import argparse
from contextlib import ExitStack
from typing import TYPE_CHECKING

from station.commands import centre_carrying, centre_outage, centre_view
from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus, StationError
from station.language import Language, marked

if TYPE_CHECKING:
    from station.office import Office

TRIES = 6  # failures in a row after which a single sync gives up; the running station never does
LOOK = 0.2
LONGEST_PATIENCE = 60.0  # seconds that a single sync waits for things whose next try is due later


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "centre", marked("what goes to the data centre and comes from it"))
    noun.verb("status", marked("link, backlog, and what is set aside"), _status)
    noun.verb("sync", marked("send and hear at once, as far as the centre answers"), _sync)
    (
        noun.verb("pause", marked("stop sending and hearing"), _pause)
        .option("--by", marked("who decides"), required=True)
        .option("--reason", marked("why"), required=True)
    )
    noun.verb("resume", marked("let sending and hearing go on"), _resume).option(
        "--by", marked("who decides"), required=True
    )
    (
        noun.verb("retry", marked("send again what was set aside"), _retry)
        .option("--record", marked("only this record, by its id or content hash"))
        .option("--by", marked("who decides"), required=True)
        .option("--reason", marked("why"), required=True)
    )
    noun.verb("key", marked("the public keys that the centre must know, and those of the centre"), _key)
    centre_carrying.add_to(noun)
    centre_outage.add(noun)


def _status(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of

    with office_of(context) as office:
        centre_view.show_status(context, office)
    return ExitStatus.DONE


def _sync(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.exchange.assembling import require_settings
    from station.service.centre_operations import RingCentre, ring_centre
    from station.service.control import carry_out, is_ours
    from station.service.operations import Done

    with office_of(context) as office:
        require_settings(office.settings)
        with ExitStack() as stack:
            if is_ours(office, stack):
                return _sync_here(context, office)
        before = _last_round(office)
        carry_out(office, "ring_centre", ring_centre, RingCentre(), Done)
        return _wait_for_round(context, office, before)


def _last_round(office: "Office") -> str:
    from station.centre.store import mark
    from station.exchange.rounds import ROUND

    with office.database.reading() as transaction:
        return mark(transaction, ROUND)


def _wait_for_round(context: Context, office: "Office", before: str) -> ExitStatus:
    """Wait for the running station's next round, and say how it ended."""
    ends = office.clock.monotonic() + LONGEST_PATIENCE
    while (ended := _last_round(office)) == before and office.clock.monotonic() < ends:
        office.clock.sleep(LOOK)
    code = ended.partition(" ")[2] if ended != before else ""
    messages = {
        "": marked("The running station is still at it: station centre status."),
        "well": marked("The running station has just sent and heard everything."),
    }
    context.output.say(messages.get(code, marked("The running station has tried: {code}.")), code=code)
    context.output.document({"asked": True, "ended": code or None})
    return ExitStatus.DONE if code == "well" else ExitStatus.WAITS_FOR_PERSON


def _sync_here(context: Context, office: "Office") -> ExitStatus:
    """Make rounds until nothing is left or the centre fails again and again."""
    from station.centre.store import backlog
    from station.exchange.assembling import make_exchange
    from station.exchange.rounds import until_done

    exchange = make_exchange(office, office.clock.sleep)
    trouble: StationError | None = None
    try:
        done = until_done(exchange, office.database, office.clock, TRIES, LONGEST_PATIENCE)
        trouble = done.tally.trouble
    finally:
        exchange.close()
    with office.database.reading() as transaction:
        left = backlog(transaction).left
    context.output.say(
        marked("{received} sent with a receipt, {refused} set aside, {left} still to send."),
        received=done.tally.received,
        refused=done.tally.refused,
        left=left,
    )
    context.output.say(
        marked("{statuses} statuses heard, {records} print-ready records came in."),
        statuses=done.heard.statuses,
        records=done.heard.records,
    )
    context.output.document(
        {
            "received": done.tally.received,
            "refused": done.tally.refused,
            "left": left,
            "statuses": done.heard.statuses,
            "records": done.heard.records,
            "trouble": trouble.code if trouble else None,
        }
    )
    if trouble is not None:
        context.output.explain(trouble)
        return trouble.exit_status
    return ExitStatus.WAITS_FOR_PERSON if done.tally.refused else ExitStatus.DONE


def _pause(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.centre_operations import PauseCentre, pause_centre
    from station.service.control import carry_out
    from station.service.operations import Done

    request = PauseCentre(by=arguments.text("by"), reason=arguments.text("reason"))
    with office_of(context) as office:
        carry_out(office, "pause_centre", pause_centre, request, Done)
    context.output.say(marked("Sending to the centre is paused. Recording and printing go on."))
    context.output.document({"paused": True})
    return ExitStatus.DONE


def _resume(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.centre_operations import ResumeCentre, resume_centre
    from station.service.control import carry_out
    from station.service.operations import Done

    with office_of(context) as office:
        carry_out(office, "resume_centre", resume_centre, ResumeCentre(by=arguments.text("by")), Done)
    context.output.say(marked("Sending to the centre goes on."))
    context.output.document({"paused": False})
    return ExitStatus.DONE


def _retry(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.centre_operations import Retried, RetryDeliveries, retry_deliveries
    from station.service.control import carry_out

    request = RetryDeliveries(
        name=arguments.optional_text("record"), by=arguments.text("by"), reason=arguments.text("reason")
    )
    with office_of(context) as office:
        retried = carry_out(office, "retry_deliveries", retry_deliveries, request, Retried)
    context.output.say(marked("{count} go out again."), count=retried.count)
    context.output.document({"count": retried.count})
    return ExitStatus.DONE


def _key(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of

    with office_of(context) as office:
        centre_view.show_keys(context, office)
    return ExitStatus.DONE
