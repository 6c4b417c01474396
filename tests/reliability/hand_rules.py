"""Rules of a random day: hands at the printer, cards in the wrong pile, found cards on the reader."""

from hypothesis.stateful import rule
from sqlalchemy import text

from simulators.admin import AdminError
from simulators.evolis.truth import CardRecord
from station.cards.identification import Finding
from station.service.card_operations import IdentifiedCard, IdentifyCard, identify_card
from tests.reliability.counter_desk import CLERK
from tests.reliability.office_rules import OfficeRules
from tests.reliability.troubles import PICKS, Act, acts, picked
from tests.reliability.whole_truth import card_uid, making_of


class HandRules(OfficeRules):
    """What people do with printer and cards that nobody has asked for."""

    @rule(act=acts())
    def use_hands(self, act: Act) -> None:
        self.reach_in(act)

    def reach_in(self, act: Act) -> None:
        """Do it, if it can be done: nobody reaches into a printer that is at a job."""
        office, (name, arguments) = self.at_work, act
        office.world.settle()
        if arguments.get("take_card_out") and office.lane.printer.machine.memory.job is not None:
            return
        try:
            office.person(name, **arguments)
        except AdminError:
            return

    @rule(pick=PICKS)
    def lay_a_used_card_into_the_hopper(self, pick: int) -> None:
        for uid in picked(self._cards_to_mix_up(), pick):
            self.at_work.person("lay_into_hopper", uid=uid)
            self.model.laid_back.add(f"80{uid}")

    def _cards_to_mix_up(self) -> list[str]:
        """Spoiled cards that are still there, and those that wait for their quality check."""
        found = text(
            "SELECT card FROM attempts WHERE card IS NOT NULL AND (state = 'checking' OR"
            " state = 'spoiled' AND card NOT IN"
            " (SELECT card FROM attempts WHERE state = 'open' AND card IS NOT NULL))"
        )
        with self.at_work.database.reading() as transaction:
            known = {row.card for row in transaction.execute(found)}
        return [card.uid for card in self.cards_outside() if card_uid(card) in known - self.model.burnt]

    @rule(pick=PICKS)
    def identify(self, pick: int) -> None:
        for card in picked(self.cards_outside(), pick):
            self._identify(card)

    def is_read_well(self) -> bool:
        """Whether no fault of chip or reader waits for whoever reads a card next."""
        lane = self.at_work.lane
        armed = any(fault["name"] in ("chip", "reader") for fault in lane.printer.faults.listed())
        return not armed and not lane.chips.faults._armed

    def _identify(self, card: CardRecord) -> None:
        office, undisturbed = self.at_work, self.is_read_well()
        office.tools.encoder.release()
        try:
            office.person("put_card_on_reader", uid=card.uid)
        except AdminError:
            return  # a card stands at the station
        found: list[IdentifiedCard] = []
        request = IdentifyCard(lane=None, reader=None, by=CLERK)
        ending = office.live(lambda: found.append(identify_card(office.office, request)))
        office.person("take_card_off_reader")
        if undisturbed:
            assert not ending.refusal, f"a card cannot be identified: {ending.explained}"
            with office.database.reading() as transaction:
                is_done = card_uid(card) not in making_of(transaction).cards
            issued = is_done and self.truth.account(card) == "issued"
            handed_over = card_uid(card) in self.model.handed_over
            expected = Finding.HANDED_OVER if handed_over else Finding.FINISHED if issued else None
            assert found[0].finding is expected or (
                expected is None and found[0].finding not in (Finding.HANDED_OVER, Finding.FINISHED)
            ), found[0].finding
