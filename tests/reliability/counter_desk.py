"""The counter: each booking is done in the station and in the model, which says when it must be refused."""

from collections.abc import Callable
from itertools import count
from typing import Final, Literal

from station.blanks.ledger import Account
from station.counts.counting import CountedPlace, CountKind, CountLine
from station.destruction.listing import DestructionItem, Witness
from station.destruction.store import destruction_list
from station.service.act_operations import DestroyBlanks, destroy_blanks
from station.service.ledger_operations import (
    AdjustBlanks,
    BookLoan,
    CountBlanks,
    adjust_blanks,
    book_loan,
    count_blanks,
)
from station.service.operations import MoveBlanks, load_blanks, move_blanks, receive_blanks, unload_blanks
from station.staff.signatures import Signature
from tests.reliability.model_ledger import ModelLedger
from tests.reliability.office_under_test import PIN, Ending, OfficeUnderTest
from tests.reliability.station import LANE

CLERK: Final = "Siti"
Signers = tuple[str, ...]
Loan = Literal["lend", "borrow", "give_back", "give_surplus", "take_back"]


class CounterDesk:
    """Books blanks, and keeps the model beside it."""

    def __init__(self, office: OfficeUnderTest, model: ModelLedger) -> None:
        self._office, self._model = office, model
        self._cartons = count(1)

    def _do(
        self,
        work: Callable[[], object],
        *,
        possible: bool | None,
        then: Callable[[], None],
        death: int | None = None,
    ) -> Ending:
        """Do something; it must be refused exactly where the model says so (None: it may be)."""
        ending = self._office.live(work, death)
        if not ending.died_at and possible is not None:
            assert (not ending.refusal) == possible, f"refusal {ending.refusal!r}, possible: {possible}"
        if ending.happened:
            assert possible is not False, "a booking that is not possible has happened"
            then()
        return ending

    def _move(
        self, request: MoveBlanks, *, possible: bool | None, then: Callable[[], None], death: int | None
    ) -> None:
        self._do(lambda: move_blanks(self._office.office, request), possible=possible, then=then, death=death)

    def receive(self, amount: int, death: int | None = None) -> None:
        """Book a carton."""
        request = receive_blanks(f"K-{next(self._cartons)}", amount, CLERK)
        self._move(request, possible=True, then=lambda: self._model.receive(amount), death=death)

    def load(self, amount: int, death: int | None = None) -> None:
        """Book blanks into the hopper, whether they lie there or not."""
        self._move(
            load_blanks(LANE, amount, CLERK),
            possible=self._model.can_take(amount),
            then=lambda: self._model.load(amount),
            death=death,
        )

    def unload(self, amount: int, *, possible: bool | None, death: int | None = None) -> None:
        """Book blanks out of the hopper, whether anybody takes them out or not."""
        self._move(
            unload_blanks(LANE, amount, CLERK),
            possible=possible,
            then=lambda: self._model.unload(amount),
            death=death,
        )

    def loan(self, kind: Loan, office: str, amount: int, death: int | None = None) -> None:
        """Lend, borrow, return."""
        request = BookLoan(kind=kind, office=office, count=amount, by=CLERK)
        self._do(
            lambda: book_loan(self._office.office, request),
            possible=self._model.can_do(kind, office, amount),
            then=lambda: self._model.move(kind, office, amount),
            death=death,
        )

    # ---- counts ----

    def count(
        self, kind: CountKind, counted: dict[str, int], death: int | None = None
    ) -> dict[str, CountLine]:
        """Write down what was counted at some places; return what the station says to it."""
        places = tuple(
            CountedPlace(account=Account.IN_MACHINE if lane else Account.STOCK, lane=lane, counted=number)
            for lane, number in counted.items()
        )
        lines: dict[str, CountLine] = {}

        def work() -> None:
            kept = count_blanks(self._office.office, CountBlanks(kind=kind, places=places, by=CLERK))
            lines.update({line.lane: line for line in kept.lines})

        self._do(work, possible=True, then=lambda: None, death=death)
        return lines

    def adjust(
        self, place: str, cause: Literal["missing", "damaged"], signers: Signers, death: int | None
    ) -> Ending:
        """Let the books follow the last count of a place."""
        request = AdjustBlanks(lane=place, cause=cause, reason="counted twice", signatures=_signed(signers))
        ending = self._office.live(lambda: adjust_blanks(self._office.office, request), death)
        if ending.happened:
            assert self._model.open_counts[place], "an adjustment without an open count"
            assert are_enough(signers), "an adjustment without two signatures"
            self._model.adjust(place)
        return ending

    # ---- destruction ----

    def listed(self) -> list[DestructionItem]:
        """What waits for destruction."""
        with self._office.database.reading() as transaction:
            return destruction_list(transaction)

    def destroy(self, chosen: list[DestructionItem], signers: Signers, death: int | None) -> None:
        """Burn some of what is listed."""
        request = DestroyBlanks(
            cards=tuple(item.card for item in chosen if item.card),
            nameless={item.cause: item.count for item in chosen if not item.card},
            everything=False,
            number=None,
            on=None,
            place="yard",
            burnt_by="burning",
            witnesses=(Witness(name="Wati", office="Satpol PP"),),
            signatures=_signed(signers),
        )

        def burn() -> None:
            self._model.burnt |= {item.card for item in chosen if item.card}
            self._model.burnt_nameless += sum(item.count for item in chosen if not item.card)

        self._do(
            lambda: destroy_blanks(self._office.office, request),
            possible=are_enough(signers)
            and all(item.card or item.is_here for item in chosen)
            and bool(chosen),
            then=burn,
            death=death,
        )


def are_enough(signers: Signers) -> bool:
    """Two different people, one of them a supervisor."""
    return len(signers) == 2 and signers[0] != signers[1] and "Budi" in signers


def _signed(signers: Signers) -> tuple[Signature, ...]:
    return tuple(Signature(name=name, pin=PIN) for name in signers)
