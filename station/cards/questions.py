"""Questions to a person: what may be asked, the verdicts, and what each verdict settles."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from station.errors import Refused
from station.journal import JournalRow, Outcome
from station.language import marked


@dataclass(frozen=True)
class Verdict:
    """What one answer means.

    Attributes:
        text: what the person chooses.
        outcome: what it settles of the question's intent; None leaves it unknown for ever.
        condemns: the cause that the card is spoiled with, if it is.
    """

    text: str
    outcome: Outcome | None = None
    condemns: str | None = None


@dataclass(frozen=True)
class QuestionKind:
    """A question and its possible verdicts by code."""

    text: str
    verdicts: dict[str, Verdict]


QUESTIONS: dict[str, QuestionKind] = {
    "print_unknown": QuestionKind(
        marked("Was the card of job {job} printed? Look in the good tray, the path and the reject box."),
        {
            "printed_good": Verdict(marked("printed and good"), outcome=Outcome.DONE),
            "spoiled": Verdict(marked("spoiled, or not to be found"), condemns="print_spoiled"),
        },
    ),
    "load_unknown": QuestionKind(
        marked("A blank left its path before its chip was read (job {job}). What became of it?"),
        {
            "back_in_hopper": Verdict(
                marked("it is undamaged and back in the hopper"), outcome=Outcome.NOT_DONE
            ),
            "spoiled": Verdict(marked("it is damaged, or not to be found"), condemns="load_jam"),
        },
    ),
    "card_missing": QuestionKind(
        marked("The card {card} of job {job} is no longer in the printer. Where is it?"),
        {
            "spoiled": Verdict(
                marked("it was taken out; it is kept for destruction"), condemns="removed_by_hand"
            ),
            "missing": Verdict(marked("it cannot be found"), condemns="missing"),
        },
    ),
    "reject_unknown": QuestionKind(
        marked("Is the spoiled card of job {job} in the reject box?"),
        {
            "in_reject_box": Verdict(marked("yes, or it was put there by hand"), outcome=Outcome.DONE),
            "missing": Verdict(marked("it cannot be found"), condemns="missing"),
        },
    ),
    "quality_check": QuestionKind(
        marked("Quality check of card {card}, job {job}: is the print good?"),
        {
            "good": Verdict(marked("good")),
            "spoiled": Verdict(marked("not good"), condemns="quality"),
        },
    ),
    "made_since_backup": QuestionKind(
        marked("Was the card of job {job} made after the backup? Look among finished cards and on paper."),
        {
            "made": Verdict(marked("yes, the card exists")),
            "not_made": Verdict(marked("no, it was not made")),
        },
    ),
    "print_again": QuestionKind(
        marked("The card of job {job} was spoiled. Make it again on a new blank?"),
        {
            "print_again": Verdict(marked("yes, on a new blank")),
            "give_up": Verdict(marked("no, give the job up")),
        },
    ),
    "handover_unknown": QuestionKind(
        marked("The handover of card {card}, job {job}, was cut off. Where is the card?"),
        {
            "still_here": Verdict(marked("it lies here, in the office"), outcome=Outcome.NOT_DONE),
            "given": Verdict(marked("the holder has it (a supervisor answers)"), outcome=Outcome.DONE),
            "card_lost": Verdict(marked("it cannot be found")),
        },
    ),
}
# The job is done already when these are asked: they change nothing of it.
AFTER_THE_MAKING = frozenset({"handover_unknown"})


class QuestionEvidence(BaseModel):
    """What the person is shown with the question; `evidence` is JSON of the report that raised it."""

    model_config = ConfigDict(frozen=True)

    card: str | None = None
    cause: str | None = None
    evidence: str = "{}"


class Answer(BaseModel):
    """A person's answer."""

    model_config = ConfigDict(frozen=True)

    verdict: str
    reason: str


def verdict_of(question: JournalRow, code: str) -> Verdict:
    """Look up a verdict.

    Raises:
        Refused: VERDICT_UNKNOWN.
    """
    kind = QUESTIONS[question.name]
    if code not in kind.verdicts:
        raise Refused(
            "VERDICT_UNKNOWN", verdict=code, question=question.sequence, possible=", ".join(kind.verdicts)
        )
    return kind.verdicts[code]
