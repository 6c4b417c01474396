"""`station cards`: where is this card, and how do we know."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import Language, marked

PLACES = {
    "open": marked("Card {card} is in lane {lane}, in the making for job {job}; last proof: {proof}, {at}."),
    "checking": marked(
        "Card {card} of job {job} lies in the good tray of lane {lane} and waits for its quality "
        "check; last proof: {proof}, {at}."
    ),
    "ready": marked(
        "Card {card} is the finished card of job {job}, out of lane {lane}; last proof: {proof}, {at}."
    ),
    "handed_over": marked(
        "Card {card} of job {job} was handed over to its holder; last proof: {proof}, {at}."
    ),
    "spoiled": marked(
        "Card {card} was spoiled for job {job} in lane {lane} ({cause}) and is kept for destruction; "
        "last proof: {proof}, {at}."
    ),
    "not_done": marked("Card {card} was not used for job {job} in lane {lane}; last proof: {proof}, {at}."),
}


SAFE_ACTIONS = {
    "unused_blank": marked("Put it back into the hopper or the stock; it is still counted there."),
    "foreign_card": marked("Do not use it. Give it to the supervisor."),
    "in_the_making": marked("Put it back where it was and let lane {lane} go on; print nothing by hand."),
    "waits_for_answer": marked("Look at its face, then answer question {question}: station questions list."),
    "waits_for_check": marked("Look at its face, then answer question {question}: station questions list."),
    "finished": marked("Keep it for the holder; it may be handed over: station handover start."),
    "handed_over_card": marked("It was handed over: give it back to its holder, or to the supervisor."),
    "spoiled": marked("Keep it for destruction. It must not leave the office."),
    "spoiled_alive": marked(
        "Lock it away for destruction at once: its chip still carries a working identity."
    ),
    "contradiction": marked("Lock it away and call the supervisor: chip and journal do not agree."),
}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "cards", marked("single cards by their chip's number"))
    (
        noun.verb("show", marked("where a card is, and the last proof of it"), _show).argument(
            "uid", marked("chip number of the card, 16 hexadecimal digits")
        )
    )

    (
        noun.verb(
            "identify", marked("read a found card on a reader: whose it is and what is safe"), _identify
        )
        .option("--lane", marked("lane whose reader the card lies on"))
        .option("--reader", marked("URL of another reader"))
        .option("--by", marked("who asks"), required=True)
    )


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.cards.whereabouts import find_card
    from station.commands.office import office_of
    from station.local_time import shown

    with office_of(context) as office, office.database.reading() as transaction:
        found = find_card(transaction, arguments.text("uid"))
        zone = office.settings.office.time_zone
    output, text, word = context.output, context.output.language.text, context.output.word
    sentence = text(
        PLACES["handed_over" if found.is_handed_over else found.attempt.state.value],
        card=found.card,
        lane=found.attempt.lane,
        job=found.attempt.job,
        cause=word(found.attempt.cause or "-"),
        proof=word(found.proof.name),
        at=shown(found.proof.at, zone),
    )
    output.say("{sentence}", sentence=sentence)
    output.document(
        {
            "card": found.card,
            "state": found.attempt.state.value,
            "job": found.attempt.job,
            "lane": found.attempt.lane,
            "cause": found.attempt.cause,
            "account": found.account,
            "handed_over": found.is_handed_over,
            "proof": {
                "row": found.proof.sequence,
                "name": found.proof.name,
                "at": found.proof.at,
                "outcome": found.proof.outcome.value if found.proof.outcome else None,
            },
            "sentence": sentence,
        }
    )
    return ExitStatus.DONE


def _identify(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.service.card_operations import IdentifiedCard, IdentifyCard, identify_card
    from station.service.control import carry_out

    request = IdentifyCard(
        lane=arguments.optional_text("lane"),
        reader=arguments.optional_text("reader"),
        by=arguments.text("by"),
    )
    with office_of(context) as office:
        found = carry_out(office, "identify_card", identify_card, request, IdentifiedCard)
        lane = request.lane or office.settings.lanes[0].name
    output, text, word = context.output, context.output.language.text, context.output.word
    output.say(
        marked("Card {card}: {finding}; chip {chip}."),
        card=found.card,
        finding=word(found.finding.value),
        chip=word(found.chip.value),
    )
    if found.name:
        output.say(
            marked("  On the chip: {name}, NIK {nik}, issue {issue}."),
            name=found.name,
            nik=found.nik_masked,
            issue=found.issue,
        )
    if found.job is not None:
        output.say(
            marked("  In the journal: job {job}, {state}."),
            job=found.job,
            state=word(found.attempt_state or "-"),
        )
    action = text(SAFE_ACTIONS[found.finding.value], lane=lane, question=found.question)
    output.say(marked("  Safe: {action}"), action=action)
    output.document({**found.model_dump(mode="json", exclude={"name"}), "safe": action})
    return ExitStatus.DONE
