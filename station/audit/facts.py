"""What the journal says that a table holds, and where the table says something else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Key = tuple[object, ...]
TableRow = Mapping[str, object]


@dataclass
class Fact:
    """One row that must be there: its values by column, and the journal rows that tell of it.

    Attributes:
        journal: the last one. since: the first one.
    """

    journal: int
    values: dict[str, object]
    since: int


@dataclass
class Facts:
    """All rows that one table must hold.

    Attributes:
        key: the columns that name a row.
        in_order: whether the rows must stand in the order in which the journal tells of them: of some tables
            the last row of a card or a place speaks for it.
        expected: the rows by their key, in the journal's order.
    """

    key: tuple[str, ...]
    in_order: bool = False
    expected: dict[Key, Fact] = field(default_factory=dict)

    def expect(self, key: Key, journal: int, values: TableRow) -> None:
        """A row must be there from this journal row on."""
        self.expected[key] = Fact(journal, dict(values), journal)

    def change(self, key: Key, journal: int, **values: object) -> None:
        """Some values of a row are others from this journal row on; a row that nobody has told of is none."""
        fact = self.expected.get(key)
        if fact is not None:
            fact.journal = journal
            fact.values |= values

    def forget_since(self, journal: int) -> None:
        """A restore has brought the table back as it was at this row: what came in later is not there."""
        late = [key for key, fact in self.expected.items() if fact.since > journal]
        for key in late:
            del self.expected[key]

    def value(self, key: Key, column: str) -> object:
        """A value of a row, as far as the journal has told."""
        fact = self.expected.get(key)
        return fact.values.get(column) if fact else None

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the table contradicts; 0 for a row that no journal row tells of.

        Args:
            stored: the rows of the table in the order in which they were written.
        """
        found = dict[Key, TableRow]()
        for row in stored:
            key = tuple(row[column] for column in self.key)
            if key in found or key not in self.expected:
                yield self._told_in(row)
            found.setdefault(key, row)
        for key, fact in self.expected.items():
            row = found.get(key, {})
            if any(row.get(column, MISSING) != value for column, value in fact.values.items()):
                yield fact.journal
        if self.in_order:
            yield from self._out_of_order(found)

    def _told_in(self, row: TableRow) -> int:
        told = row.get("journal")
        return told if isinstance(told, int) else 0

    def _out_of_order(self, found: Mapping[Key, TableRow]) -> Iterator[int]:
        stored = [key for key in found if key in self.expected]
        told = [key for key in self.expected if key in found]
        for is_first, must_be_first in zip(stored, told, strict=True):
            if is_first != must_be_first:
                yield self.expected[must_be_first].journal
                return


MISSING = object()  # equals no value, not even an empty one
