"""`station handover find|list|show`: which cards wait, which are gone, and how a check went."""

from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context
from station.commands.handover_finding import add_person, find_cards
from station.commands.parsing import Noun, number
from station.errors import ExitStatus, Refused
from station.language import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.commands.context import Output
    from station.handover.finding import WaitingCard
    from station.handover.store import Handover

MOST_LISTED = 50


def add_to(noun: Noun) -> None:
    """Add the commands."""
    add_person(
        noun.verb(
            "find", marked("the card that is ready for a person, or whose card lies on the reader"), _find
        )
    )
    (
        noun.verb(
            "list", marked("the cards that wait for their holders, and the old cards that are kept"), _list
        )
        .flag("--done", marked("the latest checks and handovers instead"))
        .option("--most", marked("how many lines at most"), kind=number, default=MOST_LISTED)
    )
    (
        noun.verb("show", marked("every check of a job's card"), _show).argument(
            "job", marked("number of the job"), kind=number
        )
    )


def _find(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of

    with office_of(context) as office:
        found = find_cards(context, office, arguments)
    if not found:
        raise Refused("HANDOVER_NO_CARD")
    say_cards(context.output, found)
    context.output.document([card_document(one) for one in found])
    return ExitStatus.DONE


def say_cards(output: "Output", found: "Sequence[WaitingCard]") -> None:
    """Say which cards there are, without a name: that stands on the card."""
    output.table(
        (marked("job"), marked("card"), marked("issue"), marked("handover"), marked("letter to take back")),
        [
            (
                one.ready.job,
                one.ready.card,
                one.ready.issue,
                output.word(_standing(one)),
                one.letter or "-",
            )
            for one in found
        ],
    )


def card_document(one: "WaitingCard") -> dict[str, object]:
    """A finished card as JSON."""
    return {
        "job": one.ready.job,
        "card": one.ready.card,
        "issue": one.ready.issue,
        "handed_over": one.handed_over,
        "last_check": one.conclusion.value if one.conclusion else None,
        "letter": one.letter,
    }


def _standing(one: "WaitingCard") -> str:
    if one.handed_over:
        return "handover_done"
    return f"handover_{one.conclusion.value}" if one.conclusion else "handover_waits"


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.handover import store
    from station.handover.finding import describe

    output, most = context.output, arguments.number("most")
    with office_of(context) as office, office.database.reading() as transaction:
        old = store.kept_old_cards(transaction)
        if arguments.flag("done"):
            checks = store.latest(transaction, most)
            say_checks(output, checks)
            output.document({"checks": [check.model_dump(mode="json") for check in checks]})
            return ExitStatus.DONE
        waiting = [describe(transaction, ready) for ready in store.waiting_cards(transaction)]
    say_cards(output, waiting[:most])
    output.say(marked("{count} cards wait for their holders."), count=len(waiting))
    output.say(marked("Old cards that are kept: {count}."), count=sum(old.values()))
    for kind, count in old.items():
        output.say(marked("  {kind}: {count}"), kind=output.word(f"old_card_{kind.value}"), count=count)
    output.document(
        {
            "waiting": [card_document(one) for one in waiting[:most]],
            "count": len(waiting),
            "old_cards": {kind.value: count for kind, count in old.items()},
        }
    )
    return ExitStatus.DONE


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.handover import store
    from station.handover.book import require_job_of_card

    output, job = context.output, arguments.number("job")
    with office_of(context) as office, office.database.reading() as transaction:
        require_job_of_card(transaction, job)
        checks, old = store.of_job(transaction, job), store.old_cards_of_job(transaction, job)
    say_checks(output, checks)
    for kind in old:
        output.say(marked("  old card taken in: {kind}"), kind=output.word(f"old_card_{kind.value}"))
    output.document(
        {
            "job": job,
            "checks": [check.model_dump(mode="json") for check in checks],
            "old_cards": [kind.value for kind in old],
        }
    )
    return ExitStatus.DONE


def say_checks(output: "Output", checks: "Sequence[Handover]") -> None:
    """Say how checks went."""
    output.table(
        (
            marked("row"),
            marked("job"),
            marked("result"),
            marked("compared with"),
            marked("finger"),
            marked("score"),
            marked("quality"),
            marked("touches"),
            marked("by"),
        ),
        [
            (
                check.journal,
                check.job,
                output.word(f"handover_{check.conclusion.value}") if check.conclusion else "-",
                output.word(f"handover_source_{check.source.value}"),
                output.word(f"finger_{check.finger}") if check.finger is not None else "-",
                "-" if check.score is None else f"{check.score:.2f}",
                "-" if check.quality is None else check.quality,
                check.touches,
                " + ".join(filter(None, (check.begun_by, check.second_signer))),
            )
            for check in checks
        ],
    )
