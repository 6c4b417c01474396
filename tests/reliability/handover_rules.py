"""Rules of a random day: people come for cards, with their own finger or another one, and the power fails."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from simulators.admin import AdminError
from simulators.evolis.truth import CardRecord
from station.handover.rows import Conclusion
from station.handover.store import Handover
from station.handover.touching import TOUCHES
from station.journal import Outcome
from station.service.handing_over import HandoverWish, hand_over
from tests.fakes.counter import BAD, GOOD, SilentListener
from tests.reliability.counter_desk import CLERK
from tests.reliability.hand_rules import HandRules
from tests.reliability.office_under_test import Ending
from tests.reliability.troubles import PICKS, picked, sometimes
from tests.reliability.whole_truth import bound_cards, card_uid, making_of

MOST = 2 * TOUCHES  # of two fingers
BLANK = None  # nothing of a finger is to be seen
PRESSES = st.sampled_from(
    [
        [GOOD] * MOST,
        [BAD] * MOST,
        [BLANK] * MOST,
        [BAD, BLANK, GOOD, BAD, BAD, BAD],
        [BAD] * (MOST - 1) + [GOOD],
    ]
)
POINTS = 16  # transactions and touches of one handover


class HandoverRules(HandRules):
    """What happens at the counter where cards are handed over."""

    @rule(pick=PICKS, any_card=st.booleans(), presses=PRESSES, death=sometimes(POINTS))
    def hand_over(self, pick: int, any_card: bool, presses: list[float | None], death: int | None) -> None:
        """Lay a card on the reader and ask for its handover, sometimes one that must not leave."""
        cards = [card for card in self.cards_outside() if any_card or self._may_leave(card)]
        for card in picked(cards, pick):
            self._try(card, presses, death)

    def _try(self, card: CardRecord, presses: list[float | None], death: int | None) -> None:
        office, undisturbed = self.at_work, self.is_read_well()
        may_leave = self._may_leave(card)
        office.tools.encoder.release()
        try:
            office.person("put_card_on_reader", uid=card.uid)
        except AdminError:
            return  # a card stands at the station
        office.scanner.presses = list(presses)
        ended: list[Handover] = []
        wish = HandoverWish(job=None, by=CLERK)
        ending = office.live(lambda: ended.append(hand_over(office.office, wish, SilentListener())), death)
        office.person("take_card_off_reader")
        self._learn(card, ending, ended)
        if not ending.died_at and (ended or (undisturbed and may_leave)):
            assert may_leave, f"a card that must stay was checked: {ended}"
            assert not ending.refusal, f"a card cannot be handed over: {ending.explained}"
            assert ended[-1].conclusion is _conclusion(presses)

    def _may_leave(self, card: CardRecord) -> bool:
        uid = card_uid(card)
        with self.at_work.database.reading() as transaction:
            is_made = uid in bound_cards(transaction) and uid not in making_of(transaction).cards
        return is_made and self.truth.account(card) == "issued" and uid not in self.model.handed_over

    def _learn(self, card: CardRecord, ending: Ending, ended: list[Handover]) -> None:
        """Take down what the books hold now: nothing that was handed over is there again."""
        done = text("SELECT card FROM handovers WHERE outcome = 'DONE'")
        with self.at_work.database.reading() as transaction:
            found = {row.card for row in transaction.execute(done)}
        fresh = found - self.model.handed_over
        assert self.model.handed_over <= found, "a handover is gone from the books"
        assert fresh <= {card_uid(card)}, "another card than that on the reader was handed over"
        if not ending.died_at:
            assert bool(fresh) == any(one.outcome is Outcome.DONE for one in ended)
        self.model.handed_over |= fresh


def _conclusion(presses: list[float | None]) -> Conclusion:
    if GOOD in presses:
        return Conclusion.MATCHED
    return Conclusion.NO_MATCH if BAD in presses else Conclusion.NO_PICTURE
