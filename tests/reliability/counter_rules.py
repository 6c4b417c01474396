"""Rules of a random day: blanks over the counter, right and wrong counts, two signatures, the yard."""

from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from station.cards.store import open_attempt_of_lane
from station.counts.counting import CountKind
from tests.reliability.counter_desk import Loan, are_enough
from tests.reliability.model_ledger import STOCK
from tests.reliability.office_rules import OfficeRules
from tests.reliability.office_under_test import Ending
from tests.reliability.station import LANE
from tests.reliability.troubles import DEATHS, PICKS, picked
from tests.reliability.whole_truth import making_of

AMOUNTS = st.integers(1, 4)
SIGNERS = st.sampled_from(
    [("Budi", "Siti"), ("Budi", "Tono"), ("Siti", "Budi"), ("Siti", "Tono"), ("Siti", "Siti"), ("Budi",)]
)
LOANS: tuple[Loan, ...] = ("lend", "borrow", "give_back", "give_surplus", "take_back")
CAUSES: tuple[Literal["missing", "damaged"], ...] = ("missing", "damaged")


class CounterRules(OfficeRules):
    """What people book."""

    @rule(amount=AMOUNTS, booked=st.booleans())
    def fill_hopper(self, amount: int, booked: bool) -> None:
        if self.model.shelf < amount:
            self.desk.receive(amount)
        self.attendant.fill_by_hand(amount)
        if booked:
            self.desk.load(amount)

    @rule(what=st.sampled_from(("receive", "load", "unload")), amount=AMOUNTS, death=DEATHS)
    def book(self, what: str, amount: int, death: int | None) -> None:
        if what == "receive":
            self.desk.receive(amount, death)
        elif what == "load":
            self.desk.load(amount, death)
        else:
            self._unload(amount, death)

    def _unload(self, amount: int, death: int | None) -> None:
        """Book blanks out of the hopper, and leave them there: a slip. What is out of it cannot be booked."""
        with self.at_work.database.reading() as transaction:
            unbound = making_of(transaction).unbound
        left = self.model.lane - len(self.truth.used()) - self.truth.booked_again() - amount
        self.desk.unload(
            amount, possible=None if unbound and left in (-2, -1, 0, 1) else left >= 0, death=death
        )

    @rule(
        kind=st.sampled_from(LOANS),
        office=st.sampled_from(["Jember", "Malang"]),
        amount=AMOUNTS,
        death=DEATHS,
    )
    def loan(self, kind: Loan, office: str, amount: int, death: int | None) -> None:
        if kind in ("borrow", "take_back") or self.model.shelf >= amount:
            self.desk.loan(kind, office, amount, death)

    @rule(
        kind=st.sampled_from(CountKind),
        offs=st.dictionaries(st.sampled_from([STOCK, LANE]), st.integers(-1, 1), min_size=1),
        lost=st.booleans(),
        death=DEATHS,
    )
    def count(self, kind: CountKind, offs: dict[str, int], lost: bool, death: int | None) -> None:
        self.model.shelf -= lost and self.model.shelf > 0  # a blank has gone from the shelf
        lying = {STOCK: self.model.shelf, LANE: self._lying_in_hopper()}
        counted = {place: max(0, lying[place] + off) for place, off in offs.items()}
        lines = self.desk.count(kind, counted, death)
        with self.at_work.database.reading() as transaction:
            making = making_of(transaction)
        for place, line in lines.items():
            wrong = counted[place] - lying[place]
            slack = self.truth.slack(making) if place == LANE else (0,)
            assert self._missing(place) + wrong - line.difference in slack, f"{place or 'stock'}: {line}"
        self._learn_counts(offs)
        if LANE in offs:
            self.count_was_unsure = making.unbound

    def _lying_in_hopper(self) -> int:
        return len(self.at_work.lane.printer.machine.mechanism.truth.hopper)

    def _missing(self, place: str) -> int:
        """What a right count must find: negative where blanks are missing."""
        return self.truth.missing_from_hopper() if place == LANE else self.model.shelf - self.model.stock

    def _learn_counts(self, offs: dict[str, int]) -> None:
        """See what the books hold of the last count of each place."""
        last = text(
            "SELECT c.lane, c.counted - c.expected AS difference FROM blank_counts c WHERE c.id IN"
            " (SELECT max(id) FROM blank_counts GROUP BY account, lane) AND c.id NOT IN"
            " (SELECT settles FROM signed_acts WHERE settles IS NOT NULL)"
        )
        with self.at_work.database.reading() as transaction:
            found = {row.lane: row.difference for row in transaction.execute(last)}
        for place, off in offs.items():
            self.model.open_counts[place] = found.get(place, 0)
            self.trusted_counts.pop(place, None)
            if off == 0:
                self.trusted_counts[place] = self._missing(place)

    @rule(place=st.sampled_from([STOCK, LANE]), cause=st.sampled_from(CAUSES), signers=SIGNERS, death=DEATHS)
    def adjust(
        self, place: str, cause: Literal["missing", "damaged"], signers: tuple[str, ...], death: int | None
    ) -> None:
        if not self.model.open_counts[place]:
            return
        trusted = self.trusted_counts.get(place) == self._missing(place)
        ending = self.desk.adjust(place, cause, signers, death)
        if ending.happened:
            self.trusted_counts.pop(place, None)
            assert not trusted or not self._missing(place), (
                f"a right count was settled, and {place} is still wrong"
            )
        elif not ending.died_at and are_enough(signers) and self.model.open_counts[place]:
            self._may_refuse(place, ending)

    def _may_refuse(self, place: str, ending: Ending) -> None:
        """Two people have signed for an open difference: what may still stand against it."""
        with self.at_work.database.reading() as transaction:
            at_work = open_attempt_of_lane(transaction, LANE) is not None
        allowed = {"BLANKS_SHORT"}
        allowed |= {"LANE_AT_WORK"} if place == LANE and at_work else set()
        allowed |= {"COUNT_UNSURE"} if place == LANE and self.count_was_unsure else set()
        assert ending.refusal in allowed, ending.refusal

    @rule(picks=st.lists(PICKS, min_size=1, max_size=3), counts=PICKS, signers=SIGNERS, death=DEATHS)
    def destroy(self, picks: list[int], counts: int, signers: tuple[str, ...], death: int | None) -> None:
        listed = self.desk.listed()
        chosen = dict.fromkeys(item for pick in picks for item in picked(listed, pick))
        counted = [
            item.model_copy(update={"count": 1 + counts % item.count}) for item in listed if item in chosen
        ]
        if counted:
            self.desk.destroy(counted, signers, death)
