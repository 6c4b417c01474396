"""What the rules of a random day share: the office, the model beside it, and what there is to do."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from simulators.evolis.truth import CardRecord, Place
from station.settings import PolicySettings
from tests.reliability.attendant import Attendant
from tests.reliability.counter_desk import CounterDesk
from tests.reliability.model_ledger import ModelLedger
from tests.reliability.office_under_test import OfficeUnderTest
from tests.reliability.records_brought import BroughtRecords
from tests.reliability.truthful_answers import TruthfulPerson
from tests.reliability.whole_truth import WholeTruth, people_of


class OfficeRules(RuleBasedStateMachine):
    """One office."""

    def __init__(self) -> None:
        super().__init__()
        self.office: OfficeUnderTest | None = None

    @initialize(check_every=st.sampled_from((0, 0, 2)), blanks=st.integers(1, 3), in_a_row=st.integers(2, 4))
    def open_office(self, check_every: int, blanks: int, in_a_row: int) -> None:
        policy = PolicySettings(
            quality_check_every=check_every, blanks_per_job=blanks, chip_faults_in_a_row=in_a_row
        )
        self.office, self.model = OfficeUnderTest(policy), ModelLedger()
        self.records = BroughtRecords(self.office, self.model)
        self.model.people.update(people_of(self.records.niks))
        self.desk = CounterDesk(self.office, self.model)
        self.attendant = Attendant(self.office, self.desk, self.model)
        self.truth = WholeTruth(self.office, self.model)
        self.person = TruthfulPerson(self.office, self.model)
        self.trusted_counts: dict[str, int] = {}
        self.count_was_unsure = False

    @property
    def at_work(self) -> OfficeUnderTest:
        assert self.office is not None
        return self.office

    def cards_outside(self) -> list[CardRecord]:
        return [
            card
            for card in self.at_work.lane.printer.machine.mechanism.cards.records()
            if card.place in (Place.TRAY, Place.REJECT_BOX, Place.REMOVED)
        ]
