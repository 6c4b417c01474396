"""What the journal says of the ledger, the counts, and the acts that two people have signed."""

from collections import Counter
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict

from station.acts.store import ActKind
from station.audit.facts import Facts, TableRow
from station.blanks.ledger import SOURCES, BlankMove
from station.counts.adjusting import Adjustment
from station.counts.counting import ShiftCount
from station.destruction.listing import Destruction
from station.journal import JournalRow


class _HandedOver(BaseModel):
    """Of a handover's payload: what the table of acts holds too."""

    model_config = ConfigDict(frozen=True)

    number: str
    giver: str
    receiver: str


PLACE_OF_COUNT = ("journal", "account", "lane")


class MoveFacts:
    """Every move of blanks, and the balances that they add up to."""

    def __init__(self) -> None:
        self._moves = Facts(("journal",), in_order=True)
        self._balances: Counter[tuple[str, str]] = Counter()

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name != "blanks_moved":
            return
        move = BlankMove.model_validate_json(row.payload)
        self._moves.expect((row.sequence,), row.sequence, move.model_dump(mode="json"))
        sign = 1 if move.source in SOURCES else -1
        self._balances[move.source.value, move.source_lane] += sign * move.quantity
        self._balances[move.target.value, move.target_lane] += move.quantity

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the ledger contradicts."""
        return self._moves.differences(stored)

    def wrong_balances(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """A 0 for each account whose cached balance is not what the moves add up to."""
        found = {(str(row["account"]), str(row["lane"])): row["balance"] for row in stored}
        for place in set(found) | set(self._balances):
            if self._balances[place] != found.get(place, 0):
                yield 0


class CountFacts:
    """Every place that was counted by hand."""

    def __init__(self) -> None:
        self._counts = Facts(PLACE_OF_COUNT, in_order=True)

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name != "blanks_counted":
            return
        count = ShiftCount.model_validate_json(row.payload)
        for line in count.lines:
            values = {"kind": count.kind.value, "counted": line.counted, "expected": line.expected}
            self._counts.expect((row.sequence, line.account.value, line.lane), row.sequence, values)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the counts contradict."""
        return self._counts.differences(stored)


class ActFacts:
    """Every act that two people have signed. An adjustment names its count by place, the table by number."""

    def __init__(self) -> None:
        self._acts = Facts(("journal",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        values: dict[str, object]
        if row.name == "blanks_adjusted":
            adjustment = Adjustment.model_validate_json(row.payload)
            settles = (adjustment.count, adjustment.account.value, adjustment.lane)
            values = _act(ActKind.ADJUSTMENT, None, adjustment.signers) | {"settles": settles}
        elif row.name == "blanks_destroyed":
            destruction = Destruction.model_validate_json(row.payload)
            values = _act(ActKind.DESTRUCTION, destruction.number, destruction.signers)
        elif row.name == "stock_handed_over":
            transfer = _HandedOver.model_validate_json(row.payload)
            values = _act(ActKind.HANDOVER, transfer.number, (transfer.giver, transfer.receiver))
        else:
            return
        self._acts.expect((row.sequence,), row.sequence, values)

    def differences(self, stored: Iterable[TableRow], counts: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the acts contradict."""
        places = {count["id"]: tuple(count[column] for column in PLACE_OF_COUNT) for count in counts}
        acts = [
            {**act, "settles": places.get(act["settles"], act["settles"]) if act["settles"] else None}
            for act in stored
        ]
        return self._acts.differences(acts)


def _act(kind: ActKind, number: str | None, signers: tuple[str, str]) -> dict[str, object]:
    first, second = signers
    return {
        "kind": kind.value,
        "number": number,
        "first_signer": first,
        "second_signer": second,
        "settles": None,
    }
