"""Rules of a random day: records come in, alone or in batches that are paused, and are changed later."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from station.batches import store as batches
from station.service.batch_operations import MakeBatch, PauseBatch, make_batch, pause_batch
from station.service.operations import AddJob, add_job
from tests.reliability.counter_desk import CLERK
from tests.reliability.model_ledger import Standing
from tests.reliability.office_rules import OfficeRules
from tests.reliability.office_under_test import PEOPLE
from tests.reliability.troubles import DEATHS, PICKS, picked

PRINT_READY = "PRINT_READY_RECORD"
BATCHES = ("K1", "K2")
NEWCOMERS = st.tuples(st.integers(0, PEOPLE - 1), st.integers(1, 4))


class RecordRules(OfficeRules):
    """What comes into the queue."""

    @rule(
        who=NEWCOMERS,
        priority=st.integers(1, 9),
        status=st.sampled_from([PRINT_READY] * 5 + ["BIO_CAPTURED"]),
        batch=st.sampled_from([None, None, *BATCHES]),
        death=DEATHS,
    )
    def bring_in(
        self, who: tuple[int, int], priority: int, status: str, batch: str | None, death: int | None
    ) -> None:
        office = self.at_work
        folder, promise = self.records.bring(*who, status)
        request = AddJob(folder=folder, priority=priority, batch=batch if self._has_batch(batch) else None)
        ending = office.live(lambda: add_job(office.office, request), death)
        if not ending.died_at:
            assert ending.refusal == ("" if self.model.is_free(promise) else "PERSON_HAS_CARD")
        if ending.happened and status == PRINT_READY:
            self.model.promises[promise] = Standing.LIVE
            self.records.keep(promise, folder)

    def _has_batch(self, name: str | None) -> bool:
        with self.at_work.database.reading() as transaction:
            return name is not None and batches.find(transaction, name) is not None

    @rule(name=st.sampled_from(BATCHES), death=DEATHS)
    def make_batch(self, name: str, death: int | None) -> None:
        office, known = self.at_work, self._has_batch(name)
        request = MakeBatch(name=name, priority_class="regular")
        ending = office.live(lambda: make_batch(office.office, request), death)
        assert ending.died_at or (ending.refusal == "BATCH_KNOWN") == known

    @rule(name=st.sampled_from(BATCHES), paused=st.booleans(), death=DEATHS)
    def pause_batch(self, name: str, paused: bool, death: int | None) -> None:
        office, known = self.at_work, self._has_batch(name)
        request = PauseBatch(name=name, paused=paused, by=CLERK)
        ending = office.live(lambda: pause_batch(office.office, request), death)
        assert ending.died_at or (ending.refusal == "BATCH_UNKNOWN") != known

    @rule(pick=PICKS)
    def change_a_record(self, pick: int) -> None:
        for promise in picked(sorted(self.records.of_promise), pick):
            self.records.change(promise)
