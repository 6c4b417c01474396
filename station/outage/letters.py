"""The letter policy that the outage asks for: who gets a substitute letter (suket) meanwhile.

What the regulations say besides, for example that there is none while blanks are in stock, is the business of
the letters themselves. Here stands only what changes with the centre, dated, so that any letter can be laid
beside the policy of its day.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from station.outage.facts import Answer, Facts, Situation


class PrintReady(StrEnum):
    """What a person with a print-ready record gets."""

    CARD_ONLY = "card_only"
    LETTER_TOO = "letter_too"


class LetterPolicy(BaseModel):
    """What the outage means for letters.

    Attributes:
        situation: which of the four combinations it follows from.
        print_ready: a card and no letter (the rule since January 2020, and 2017 for who could be printed), or
            a letter too, because nothing may be printed.
        needs_central_record: whether the centre must be asked first whether it has the person; False while it
            cannot be asked: offices then issued on the person's papers (Aceh Barat 2017).
    """

    model_config = ConfigDict(frozen=True)

    situation: Situation
    print_ready: PrintReady
    needs_central_record: bool


class DatedLetterPolicy(BaseModel):
    """A policy with the moment from which it is in force and the journal row that says why."""

    model_config = ConfigDict(frozen=True)

    policy: LetterPolicy
    since: str
    journal: int | None


def policy_of(facts: Facts) -> LetterPolicy:
    """Tell which policy the facts ask for."""
    can_ask = facts.link.answer is not Answer.NO and facts.receiving.answer is not Answer.NO
    return LetterPolicy(
        situation=facts.situation,
        print_ready=PrintReady.CARD_ONLY if facts.may_print else PrintReady.LETTER_TOO,
        needs_central_record=can_ask,
    )
