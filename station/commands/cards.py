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
    "spoiled": marked(
        "Card {card} was spoiled for job {job} in lane {lane} ({cause}) and is kept for destruction; "
        "last proof: {proof}, {at}."
    ),
    "not_done": marked("Card {card} was not used for job {job} in lane {lane}; last proof: {proof}, {at}."),
}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "cards", marked("single cards by their chip's number"))
    (
        noun.verb("show", marked("where a card is, and the last proof of it"), _show).argument(
            "uid", marked("chip number of the card, 16 hexadecimal digits")
        )
    )


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    from station.cards.whereabouts import find_card
    from station.commands.office import office_of

    with office_of(context) as office, office.database.reading() as transaction:
        found = find_card(transaction, arguments.text("uid"))
    output, text, word = context.output, context.output.language.text, context.output.word
    sentence = text(
        PLACES[found.attempt.state.value],
        card=found.card,
        lane=found.attempt.lane,
        job=found.attempt.job,
        cause=word(found.attempt.cause or "-"),
        proof=word(found.proof.name),
        at=found.proof.at[:19],
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
