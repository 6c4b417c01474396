"""A found card: whose it is, what is on it, what the journal says of it, and which actions are safe."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from station.blanks.store import account_of_card
from station.cards import store
from station.cards.store import Attempt, AttemptState, Job
from station.cards.whereabouts import HANDED_OVER
from station.database import Transaction
from station.journal import JournalRow
from station.journal.store import open_questions, rows_of_attempt
from station.ports import ChipState


class Finding(StrEnum):
    """What a found card is."""

    UNUSED_BLANK = "unused_blank"
    FOREIGN = "foreign_card"
    IN_THE_MAKING = "in_the_making"
    WAITS_FOR_ANSWER = "waits_for_answer"
    WAITS_FOR_CHECK = "waits_for_check"
    FINISHED = "finished"
    HANDED_OVER = "handed_over_card"
    SPOILED = "spoiled"
    SPOILED_ALIVE = "spoiled_alive"
    CONTRADICTION = "contradiction"


class CardLooked(BaseModel):
    """Payload of the journal row: a person's data on a card were read, and what the card turned out to be."""

    model_config = ConfigDict(frozen=True)

    card: str
    chip: ChipState
    finding: Finding


@dataclass(frozen=True)
class Identification:
    """What is known of a found card.

    Attributes:
        person_matches: the person on the chip is the job's; None where the chip does not tell.
        question: the open question that this card answers.
    """

    finding: Finding
    job: Job | None
    attempt: Attempt | None
    account: str | None
    person_matches: bool | None
    question: JournalRow | None


def identify(
    transaction: Transaction, card: str, chip: ChipState, person: str | None, signature_valid: bool | None
) -> Identification:
    """Hold a card against the journal.

    Args:
        transaction: the database.
        card: UID, hexadecimal.
        chip: life cycle on the chip.
        person: the station's HMAC of the NIK on the chip, where it can be read.
        signature_valid: whether the data on the chip are signed for this chip.
    """
    attempts = store.attempts_of_card(transaction, card)
    account = account_of_card(transaction, card)
    if not attempts:
        blank = chip is ChipState.BLANK and account is None
        finding = Finding.UNUSED_BLANK if blank else Finding.FOREIGN
        return Identification(finding, None, None, account.value if account else None, None, None)
    attempt = attempts[-1]
    job = store.find_job(transaction, attempt.job)
    question = next((row for row in open_questions(transaction) if row.attempt == attempt.id), None)
    matches = None if person is None or job is None else person == job.person
    finding = _finding(attempt, chip, matches, signature_valid, asked=question is not None)
    if finding is Finding.FINISHED and _is_handed_over(transaction, attempt):
        finding = Finding.HANDED_OVER
    return Identification(finding, job, attempt, account.value if account else None, matches, question)


def _is_handed_over(transaction: Transaction, attempt: Attempt) -> bool:
    return any(row.name == HANDED_OVER for row in rows_of_attempt(transaction, attempt.id))


def _finding(
    attempt: Attempt, chip: ChipState, matches: bool | None, signature_valid: bool | None, *, asked: bool
) -> Finding:
    if matches is False or signature_valid is False:
        return Finding.CONTRADICTION
    if attempt.state is AttemptState.READY:
        return Finding.FINISHED if chip is ChipState.ACTIVATED else Finding.CONTRADICTION
    if attempt.state is AttemptState.SPOILED:
        return Finding.SPOILED_ALIVE if chip is ChipState.ACTIVATED else Finding.SPOILED
    if attempt.state is AttemptState.CHECKING:
        return Finding.WAITS_FOR_CHECK
    return Finding.WAITS_FOR_ANSWER if asked else Finding.IN_THE_MAKING
