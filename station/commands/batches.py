"""`station batches`: many records at once, by priority class, with a forecast and a verdict for each card."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import Language, marked

CLASSES = ("first_time", "disaster", "letter_holder", "data_change", "lost_or_damaged")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "batches", marked("many records at once"))
    (
        noun.verb("add", marked("add record folders as a batch"), _add)
        .argument("name", marked("name of the batch"))
        .argument("folders", marked("record folders"), many=True)
        .option("--class", marked("priority class"), required=True, choices=CLASSES)
    )
    noun.verb("list", marked("all batches"), _list)
    noun.verb("show", marked("the verdict of every card of a batch"), _show).argument(
        "name", marked("name of the batch")
    )
    for verb, text, handler in (
        ("pause", marked("hold a batch back; a card that is begun is finished"), _pause),
        ("resume", marked("let a paused batch go on"), _resume),
    ):
        (
            noun.verb(verb, text, handler)
            .argument("name", marked("name of the batch"))
            .option("--by", marked("who decides"), required=True)
        )
    noun.verb("forecast", marked("what the queue will need and what will run out first"), _forecast)


def _add(context: Context, arguments: Arguments) -> ExitStatus:
    from station.batches.priorities import priority_of
    from station.commands.adding import add_jobs, requests_of_folders
    from station.commands.office import office_of
    from station.service.batch_operations import MakeBatch, make_batch
    from station.service.control import carry_out
    from station.service.operations import Done

    request = MakeBatch(name=arguments.text("name"), priority_class=arguments.text("class"))
    with office_of(context) as office:
        carry_out(office, "make_batch", make_batch, request, Done)
        priority = priority_of(request.priority_class)
        return add_jobs(
            context, office, requests_of_folders(arguments.paths("folders"), priority, request.name)
        )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.batches.priorities import PRIORITY_CLASSES
    from station.batches.store import everything, verdicts
    from station.cards.store import JobState
    from station.commands.office import office_of

    with office_of(context) as office, office.database.reading() as transaction:
        rows = [(batch, verdicts(transaction, batch.name)) for batch in everything(transaction)]
    text = context.output.language.text
    documents = [
        {
            "batch": batch.name,
            "class": batch.priority_class,
            "paused": batch.paused,
            "jobs": {state.value: sum(job.state is state for job, _ in jobs) for state in JobState},
        }
        for batch, jobs in rows
    ]
    context.output.table(
        (marked("batch"), marked("class"), marked("cards"), marked("ready"), marked("state")),
        [
            (
                batch.name,
                text(PRIORITY_CLASSES[batch.priority_class][1]),
                len(jobs),
                sum(job.state is JobState.READY for job, _ in jobs),
                text(marked("paused")) if batch.paused else "-",
            )
            for batch, jobs in rows
        ],
    )
    context.output.document(documents)
    return ExitStatus.DONE


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.batches.store import require, verdicts
    from station.commands.office import office_of

    with office_of(context) as office, office.database.reading() as transaction:
        batch = require(transaction, arguments.text("name"))
        rows = verdicts(transaction, batch.name)
    word = context.output.word
    context.output.table(
        (marked("job"), marked("record"), marked("state"), marked("card"), marked("cause")),
        [
            (
                job.id,
                job.record,
                context.output.job_word(job.state.value),
                attempt.card if attempt and attempt.card else "-",
                word(attempt.cause) if attempt and attempt.cause else "-",
            )
            for job, attempt in rows
        ],
    )
    context.output.document(
        {
            "batch": batch.name,
            "class": batch.priority_class,
            "paused": batch.paused,
            "cards": [
                {
                    "job": job.id,
                    "record": job.record,
                    "state": job.state.value,
                    "card": attempt.card if attempt else None,
                    "cause": attempt.cause if attempt else None,
                }
                for job, attempt in rows
            ],
        }
    )
    return ExitStatus.DONE


def _pause(context: Context, arguments: Arguments) -> ExitStatus:
    return _set_paused(context, arguments, paused=True)


def _resume(context: Context, arguments: Arguments) -> ExitStatus:
    return _set_paused(context, arguments, paused=False)


def _set_paused(context: Context, arguments: Arguments, *, paused: bool) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.batch_operations import PauseBatch, pause_batch
    from station.service.control import carry_out
    from station.service.operations import Done

    request = PauseBatch(name=arguments.text("name"), paused=paused, by=arguments.text("by"))
    with office_of(context) as office:
        carry_out(office, "pause_batch", pause_batch, request, Done)
    message = marked("Batch {batch} is paused.") if paused else marked("Batch {batch} goes on.")
    context.output.say(message, batch=request.name)
    context.output.document({"batch": request.name, "paused": paused})
    return ExitStatus.DONE


def _forecast(context: Context, arguments: Arguments) -> ExitStatus:
    from station.batches.forecast import forecast, stock_of
    from station.cards.store import count_runnable
    from station.commands.forecast_view import show_forecast
    from station.commands.office import office_of
    from station.devices.printer import EvolisCardPrinter

    with office_of(context) as office:
        stocks = []
        for lane in office.settings.lanes:
            printer = EvolisCardPrinter(lane.printer, lane.chip_station)
            try:
                stocks.append(stock_of(office.database, lane.name, printer))
            finally:
                printer.close()
        with office.database.reading() as transaction:
            cards = count_runnable(transaction)
        expected = forecast(office.database, cards, stocks)
    show_forecast(context, expected)
    context.output.document(
        {
            "cards": expected.cards,
            "blanks": expected.blanks,
            "panels": expected.panels,
            "minutes": round(expected.minutes, 1),
            "spoil_rate": round(expected.spoil_rate, 4),
            "spoil_source": expected.spoil_source,
            "first_out": dict(zip(("what", "lane", "after_cards"), expected.first_out, strict=True))
            if expected.first_out
            else None,
        }
    )
    return ExitStatus.DONE
