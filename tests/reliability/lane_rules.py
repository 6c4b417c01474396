"""Rules of a random day: the lane works while things go wrong, dies, asks and is cleared."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from station.batches.preflight import require_supplies
from station.errors import StationError
from station.journal import JournalRow
from station.journal.store import open_questions
from station.lanes import store as lanes
from station.lanes.store import LaneState
from station.lanes.tools import StopRequested
from station.service.operations import AnswerQuestion, ClearLane, answer_question, clear_lane
from tests.reliability.attendant import Habits
from tests.reliability.counter_desk import CLERK
from tests.reliability.hand_rules import HandRules
from tests.reliability.record_rules import NEWCOMERS, PRINT_READY, RecordRules
from tests.reliability.station import LANE
from tests.reliability.troubles import (
    DEATHS,
    LIFE,
    PICKS,
    Act,
    Fault,
    acts,
    at_nth,
    faults,
    habits,
    picked,
    sometimes,
)

LATCHES = ("CHIP_FAULTS_IN_A_ROW", "PRINTER_IDLE", "RECORD_CHANGED")  # what a lane may latch on here


class LaneRules(RecordRules, HandRules):
    """What the lane does, and what people do about it."""

    @rule(
        newcomers=st.lists(NEWCOMERS, max_size=2),
        troubles=st.lists(faults(), max_size=2),
        limit=st.integers(1, 3),
        habits=habits(),
        death=sometimes(LIFE),
        stop=sometimes(LIFE),
        hands=st.one_of(st.none(), st.none(), st.tuples(st.integers(1, LIFE), acts())),
        asks_first=st.sampled_from([False, False, False, True]),
    )
    def run_batch(
        self,
        newcomers: list[tuple[int, int]],
        troubles: list[Fault],
        limit: int,
        habits: Habits,
        death: int | None,
        stop: int | None,
        hands: tuple[int, Act] | None,
        asks_first: bool,
    ) -> None:
        for who in newcomers:
            self.bring_in(who, 5, PRINT_READY, None, None)
        office, held = self.at_work, self._held_back()
        for fault in troubles:
            office.lane.printer.fault(*fault)
        self.attendant.habits = habits
        stops = at_nth(stop, office.tools.stop.set)
        acts_now = at_nth(hands[0], lambda: self.reach_in(hands[1])) if hands else lambda where: None

        def at_point(where: str) -> None:
            stops(where)
            acts_now(where)

        ending = office.live(lambda: self._work(limit, asks_first=asks_first), death, at_point)
        assert ending.refusal in ("", "LANE_BROKEN"), f"the lane has ended with {ending.refusal}"
        self._check_latch()
        if office.tools.stop.is_set():
            office.start_again()
        self.records.take_refusals()
        assert not held - self._held_back(), "a job of a paused batch was begun"

    def _work(self, limit: int, *, asks_first: bool) -> None:
        office = self.at_work
        if asks_first:
            try:
                require_supplies(office.database, LANE, office.tools.printer, limit)
            except StationError:
                return  # the operator mends that first
        try:
            office.worker.run_batch(limit)
        except StopRequested:
            return

    def _check_latch(self) -> None:
        with self.at_work.database.reading() as transaction:
            status = lanes.status(transaction, LANE)
        assert status.state is not LaneState.BROKEN or (status.cause or "").startswith(LATCHES), status.cause

    def _held_back(self) -> set[int]:
        held = text(
            "SELECT jobs.id FROM jobs JOIN batches ON batches.name = jobs.batch"
            " WHERE jobs.state = 'queued' AND batches.paused = 1"
        )
        with self.at_work.database.reading() as transaction:
            return {row.id for row in transaction.execute(held)}

    @rule(pick=PICKS, verdict=PICKS, death=DEATHS)
    def attend_to_the_lane(self, pick: int, verdict: int, death: int | None) -> None:
        """Clear a broken lane; else answer one of its questions, if there are any."""
        with self.at_work.database.reading() as transaction:
            broken = lanes.status(transaction, LANE).state is LaneState.BROKEN
            questions = open_questions(transaction)
        if broken:
            self._clear(death)
            return
        for question in picked(questions, pick):
            self._answer(question, verdict, death)

    def _clear(self, death: int | None) -> None:
        office = self.at_work
        request = ClearLane(lane=LANE, by=CLERK, reason="looked at it")
        ending = office.live(lambda: clear_lane(office.office, request), death)
        assert not ending.refusal, ending.refusal

    def _answer(self, question: JournalRow, verdict: int, death: int | None) -> None:
        office = self.at_work
        for chosen in picked(self.person.answers(question), verdict):
            chosen.before()
            request = AnswerQuestion(
                question=question.sequence, verdict=chosen.verdict, by=CLERK, reason="looked at it"
            )
            ending = office.live(partial(answer_question, office.office, request), death)
            assert not ending.refusal, ending.refusal
            if ending.happened:
                chosen.after()

    @rule()
    def start_again(self) -> None:
        self.at_work.start_again()
