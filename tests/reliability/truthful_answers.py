"""Every answer that a person can give to a question without lying, and what it means for the model."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from simulators.evolis.truth import Place
from station.cards.questions import QuestionEvidence
from station.journal import JournalRow
from tests.reliability.model_ledger import ModelLedger
from tests.reliability.office_under_test import OfficeUnderTest
from tests.reliability.person import is_good


@dataclass(frozen=True)
class TruthfulAnswer:
    """A verdict, what the person does before giving it, and what the model learns when it is in the books."""

    verdict: str
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None


class TruthfulPerson:
    """Looks at the cards before answering."""

    def __init__(self, office: OfficeUnderTest, model: ModelLedger) -> None:
        self._office, self._model = office, model

    def answers(self, question: JournalRow) -> list[TruthfulAnswer]:
        """What can be said; the first is what a person says who wants nothing but cards.

        Raises:
            LookupError: nobody can say anything to a question of this kind.
        """
        uid = QuestionEvidence.model_validate_json(question.payload).card
        if question.name in ("print_unknown", "quality_check"):
            return self._about_print("good" if question.name == "quality_check" else "printed_good", uid)
        if question.name == "load_unknown":
            return self._about_blank()
        if question.name == "card_missing":
            return [TruthfulAnswer("spoiled"), TruthfulAnswer("missing")]
        if question.name == "reject_unknown":
            return [TruthfulAnswer("in_reject_box"), TruthfulAnswer("missing")]
        if question.name == "print_again":
            return [
                TruthfulAnswer("print_again"),
                TruthfulAnswer("give_up", after=lambda: self._give_up(question)),
            ]
        raise LookupError(f"what shall a person say to {question.name}?")

    def _about_print(self, good: str, uid: str | None) -> list[TruthfulAnswer]:
        card = self._office.world.card(uid) if uid else None
        if card is None or not is_good(card):
            return [TruthfulAnswer("spoiled")]
        rejected = TruthfulAnswer("spoiled", after=lambda: self._model.condemned.add(card.card_uid))
        return [TruthfulAnswer(good), rejected]

    def _about_blank(self) -> list[TruthfulAnswer]:
        """A blank that came out before its chip was read can be laid back, by the hand that has it."""
        spoiled, last = (
            TruthfulAnswer("spoiled"),
            self._office.lane.printer.machine.mechanism.truth.last_moved,
        )
        if last is None or self._is_bound(last):
            return [spoiled]
        place = self._office.lane.printer.machine.mechanism.cards.record(last).place
        if place is Place.HOPPER:
            return [TruthfulAnswer("back_in_hopper")]  # it was laid back, and then the station died
        if place is not Place.REMOVED:
            return [spoiled]
        back = TruthfulAnswer("back_in_hopper", before=lambda: self._lay_back(last))
        return [spoiled, back]

    def _lay_back(self, uid: str) -> None:
        self._office.person("lay_into_hopper", uid=uid)

    def _is_bound(self, uid: str) -> bool:
        with self._office.database.reading() as transaction:
            found = transaction.execute(
                text("SELECT 1 FROM attempts WHERE card = :card"), {"card": f"80{uid}"}
            )
            return found.first() is not None

    def _give_up(self, question: JournalRow) -> None:
        with self._office.database.reading() as transaction:
            job = transaction.execute(
                text("SELECT person, issue FROM jobs WHERE id = :job"), {"job": question.job}
            ).one()
        self._model.give_up((self._model.people[job.person], job.issue))
