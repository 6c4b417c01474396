"""The end of a random day: everything is answered, cleared, finished and counted, and then compared."""

from station.batches import store as batches
from station.cards.store import JobState, count_jobs
from station.counts.counting import CountKind
from station.journal.store import open_questions
from station.lanes import store as lanes
from station.lanes.store import LaneState
from station.service.batch_operations import PauseBatch, pause_batch
from station.service.operations import AnswerQuestion, ClearLane, answer_question, clear_lane
from tests.reliability.attendant import TWO, Attendant, Habits
from tests.reliability.counter_desk import CLERK, CounterDesk
from tests.reliability.invariants import WordOfPeople, examine
from tests.reliability.model_ledger import STOCK, ModelLedger, Standing
from tests.reliability.office_under_test import OfficeUnderTest
from tests.reliability.records_brought import BroughtRecords
from tests.reliability.station import ANCHOR, LANE
from tests.reliability.truthful_answers import TruthfulPerson
from tests.reliability.whole_truth import WholeTruth, was_squeezed
from tests.reliability.world import PRINTER

ROUNDS = 60


class ClosingTime:
    """Brings an office to rest."""

    def __init__(
        self,
        office: OfficeUnderTest,
        model: ModelLedger,
        desk: CounterDesk,
        truth: WholeTruth,
        records: BroughtRecords,
    ) -> None:
        self._office, self._model, self._desk = office, model, desk
        self._truth, self._records = truth, records
        self._person = TruthfulPerson(office, model)
        self._latched = ""

    def come_to_rest(self, attendant: Attendant) -> list[str]:
        """Finish everything; return what differs then."""
        attendant.habits = Habits()
        self._let_batches_go_on()
        self._office.start_again()
        for _ in range(ROUNDS):
            if not self._left():
                break
            ending = self._office.live(self._office.worker.run_batch)
            assert ending.refusal in ("", "LANE_BROKEN"), ending.refusal
            self._records.take_refusals()
            self._answer_everything()
            self._clear()
        if self._left():
            return [
                f"the office does not come to rest: {self._left()}, the lane had latched: {self._latched}"
            ]
        self._count_until_books_agree()
        return [*self._truth.differences(), *self._promises(), *self._examined()]

    def _left(self) -> list[str]:
        with self._office.database.reading() as transaction:
            states = (JobState.QUEUED, JobState.WORKING, JobState.WAITING)
            left = [
                f"{count_jobs(transaction, state)} {state}"
                for state in states
                if count_jobs(transaction, state)
            ]
            asked = [question.name for question in open_questions(transaction)]
            broken = lanes.status(transaction, LANE).state is LaneState.BROKEN
        return left + asked + ["broken lane"] * broken

    def _let_batches_go_on(self) -> None:
        with self._office.database.reading() as transaction:
            paused = [batch.name for batch in batches.everything(transaction) if batch.paused]
        for name in paused:
            pause_batch(self._office.office, PauseBatch(name=name, paused=False, by=CLERK))

    def _answer_everything(self) -> None:
        with self._office.database.reading() as transaction:
            questions = open_questions(transaction)
        for question in questions:
            chosen = self._person.answers(question)[0]
            chosen.before()
            request = AnswerQuestion(
                question=question.sequence, verdict=chosen.verdict, by=CLERK, reason="looked at it"
            )
            answer_question(self._office.office, request)
            chosen.after()

    def _clear(self) -> None:
        with self._office.database.reading() as transaction:
            status = lanes.status(transaction, LANE)
        if status.state is LaneState.BROKEN:
            self._latched = status.cause or ""
            self._records.mend()
            clear_lane(self._office.office, ClearLane(lane=LANE, by=CLERK, reason="looked at it"))

    def _count_until_books_agree(self) -> None:
        """Count both places, settle what differs, and count again: nothing may differ then."""
        for place, lying in ((STOCK, self._model.shelf), (LANE, self._hopper())):
            line = self._desk.count(CountKind.CLOSING, {place: lying})[place]
            self._model.open_counts[place] = line.difference
            if line.difference:
                ending = self._desk.adjust(place, "missing", TWO, None)
                assert ending.happened, f"a difference cannot be settled: {ending.refusal}"
            again = self._desk.count(CountKind.CLOSING, {place: lying})[place]
            assert not again.difference, (
                f"{place or 'stock'} differs by {again.difference} after its adjustment"
            )

    def _hopper(self) -> int:
        return len(self._office.lane.printer.machine.mechanism.truth.hopper)

    def _promises(self) -> list[str]:
        """Whoever was promised a card has one, and nobody has another."""
        wanted = {promise for promise, standing in self._model.promises.items() if standing is Standing.LIVE}
        cards = self._truth.identities()
        faults = [
            f"no card of issue {issue} for one who was promised it" for _, issue in wanted - cards.keys()
        ]
        return faults + [
            f"a card of issue {issue} that nobody promised" for _, issue in cards.keys() - wanted
        ]

    def _examined(self) -> list[str]:
        office, model = self._office, self._model
        cards = office.lane.printer.machine.mechanism.cards.records()
        squeezed = sum(was_squeezed(card) for card in cards)
        words = WordOfPeople(
            condemned=frozenset(model.condemned),
            burnt=frozenset(model.burnt),
            laid_back=frozenset(model.laid_back),
            burnt_nameless=model.burnt_nameless,
            spoiled_by_count=model.by_count - squeezed + self._truth.booked_again(),
        )
        folder = office.folder
        return examine(
            office.database, LANE, folder / ANCHOR, office.truth(), folder / PRINTER / "cards", words=words
        ).faults
