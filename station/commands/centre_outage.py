"""`station centre outage|declare|notice`: what is down, since when, what follows, what people are told."""

from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import marked

if TYPE_CHECKING:
    from station.journal import JournalRow
    from station.local_time import TimeZone
    from station.outage.backlog import Ages, Backlog
    from station.outage.facts import Facts
    from station.outage.letters import DatedLetterPolicy

MOST_SHOWN = 20
SUBJECTS = {
    "link": marked("link to the centre"),
    "receiving": marked("centre receives and de-duplicates"),
    "printing": marked("print-ready records may be printed"),
}
ANSWERS = {"yes": marked("yes"), "no": marked("no"), "unknown": marked("not known")}
SOURCES = {
    "contact": marked("seen on the wire"),
    "centre": marked("said by the centre"),
    "person": marked("by letter"),
    "assumed": marked("assumed, nobody has said otherwise"),
}
SITUATIONS = {
    "normal": marked("Everything goes on: recordings are sent, print-ready records are printed."),
    "print_only": marked("Go on recording. Print what is print-ready. Letters for those who are not."),
    "receive_only": marked("Go on recording and sending. Print nothing. Letters for all who have recorded."),
    "standstill": marked("Go on recording. Print nothing. Letters for all who have recorded."),
}
LETTERS = {
    "card_only": marked("whoever is print-ready gets the card and no letter"),
    "letter_too": marked("whoever is print-ready gets a letter too: nothing may be printed"),
}


def add(noun: Noun) -> None:
    """Add the commands."""
    noun.verb("outage", marked("what is down since when, the letter policy, the backlog by age"), _outage)
    (
        noun.verb("declare", marked("what a letter says of the centre"), _declare)
        .option("--subject", marked("what it is about"), required=True, choices=("receiving", "printing"))
        .option("--answer", marked("whether it does, or may"), required=True, choices=("yes", "no"))
        .option("--letter", marked("number of the letter"), required=True)
        .option("--by", marked("who decides"), required=True)
    )
    noun.verb("notice", marked("a notice for the counter as PDF"), _notice).option(
        "--out", marked("PDF file that is written; it must not exist"), required=True
    )


def _outage(context: Context, arguments: Arguments) -> ExitStatus:
    from station.clock import timestamp
    from station.commands.office import office_of
    from station.outage.backlog import backlog
    from station.outage.store import facts, history, policy_at

    with office_of(context) as office:
        now, zone = office.clock.now(), office.settings.office.time_zone
        with office.database.reading() as transaction:
            known, policy = facts(transaction), policy_at(transaction, timestamp(now))
            waiting, rows = backlog(transaction, now), history(transaction, MOST_SHOWN)
    _say_facts(context.output, known, zone)
    _say_policy(context.output, policy, zone)
    _say_backlog(context.output, waiting)
    _say_history(context.output, rows, zone)
    context.output.document(
        {
            "outage": known.is_outage,
            "situation": known.situation.value,
            "facts": {fact.subject.value: fact.model_dump(mode="json") for fact in known.all},
            "letter_policy": policy.model_dump(mode="json"),
            "backlog": {
                "unsent": _ages_document(waiting.unsent),
                "without_result": _ages_document(waiting.without_result),
            },
            "history": [{"row": row.sequence, "at": row.at, "name": row.name} for row in rows],
        }
    )
    return ExitStatus.DONE


def _say_facts(output: Output, known: "Facts", zone: "TimeZone") -> None:
    from station.local_time import shown

    text = output.language.text
    output.table(
        (marked("what"), marked("state"), marked("since"), marked("last good"), marked("known how")),
        [
            (
                text(SUBJECTS[fact.subject]),
                text(ANSWERS[fact.answer]),
                shown(fact.since, zone) if fact.since else "-",
                shown(fact.last_good, zone) if fact.last_good else "-",
                text(SOURCES[fact.source]) + (f" ({fact.how})" if fact.how else ""),
            )
            for fact in known.all
        ],
    )
    output.say(SITUATIONS[known.situation])


def _say_policy(output: Output, dated: "DatedLetterPolicy", zone: "TimeZone") -> None:
    from station.local_time import shown

    output.say(
        marked("Letter policy since {since}: {rule}."),
        since=shown(dated.since, zone) if dated.since else "-",
        rule=output.language.text(LETTERS[dated.policy.print_ready]),
    )
    if not dated.policy.needs_central_record:
        output.say(marked("  The centre cannot be asked: go by the family card and the recording."))


def _say_backlog(output: Output, waiting: "Backlog") -> None:
    from station.outage.backlog import CLASSES

    ends = [f"< {end}" for end in CLASSES] + [f">= {CLASSES[-1]}"]
    text = output.language.text
    output.table(
        (marked("days waited"), *ends, marked("all")),
        [
            (text(marked("to be sent")), *waiting.unsent.counts, waiting.unsent.total),
            (text(marked("sent, no result")), *waiting.without_result.counts, waiting.without_result.total),
        ],
    )


def _say_history(output: Output, rows: "list[JournalRow]", zone: "TimeZone") -> None:
    from station.local_time import shown
    from station.outage.facts import OutageChanged

    for row in rows:
        if row.name != "outage_changed":
            continue
        changed = OutageChanged.model_validate_json(row.payload)
        output.say(
            marked("  {at}  {what}: {before} -> {after}"),
            at=shown(row.at, zone),
            what=output.language.text(SUBJECTS[changed.subject]),
            before=output.language.text(ANSWERS[changed.before]),
            after=output.language.text(ANSWERS[changed.after]),
        )


def _ages_document(ages: "Ages") -> dict[str, object]:
    from station.outage.backlog import CLASSES

    names = [f"under_{end}_days" for end in CLASSES] + [f"from_{CLASSES[-1]}_days"]
    return {**dict(zip(names, ages.counts, strict=True)), "oldest_days": ages.oldest}


def _declare(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.outage.facts import Answer, Subject
    from station.service.control import carry_out
    from station.service.operations import Done
    from station.service.outage_operations import DeclareCentre, declare_centre

    request = DeclareCentre(
        subject=Subject(arguments.text("subject")),
        answer=Answer(arguments.text("answer")),
        letter=arguments.text("letter"),
        by=arguments.text("by"),
    )
    with office_of(context) as office:
        carry_out(office, "declare_centre", declare_centre, request, Done)
    text = context.output.language.text
    context.output.say(
        marked("Kept: {what}: {answer}, by letter {letter}."),
        what=text(SUBJECTS[request.subject]),
        answer=text(ANSWERS[request.answer]),
        letter=request.letter,
    )
    context.output.document({"subject": request.subject.value, "answer": request.answer.value})
    return ExitStatus.DONE


def _notice(context: Context, arguments: Arguments) -> ExitStatus:
    from station.clock import timestamp
    from station.commands.office import office_of
    from station.commands.papers import drawing, paper_tools, require_free, write_new
    from station.outage.store import facts, policy_at
    from station.statements.notice import notice_values
    from templates.reports.centre_notice import draw_centre_notice

    target = Path(arguments.text("out"))
    require_free(target)
    with office_of(context) as office:
        words, fonts = paper_tools(office)
        now = office.clock.now()
        with office.database.reading() as transaction:
            known, policy = facts(transaction), policy_at(transaction, timestamp(now)).policy
        with drawing():
            paper = draw_centre_notice(notice_values(known, policy, words, now), fonts, specimen=True)
    write_new(target, paper)
    context.output.say(marked("The notice is written: {file}"), file=target)
    context.output.document({"file": str(target), "situation": known.situation.value})
    return ExitStatus.DONE
