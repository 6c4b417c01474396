"""What the journal says of records out of bundles: none vanishes, and none is called held that is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from station.audit.facts import Facts, TableRow
from station.journal import JournalRow
from station.restoration.rows import RESTORED, RestoredRow

WAITING, TAKEN, DISCARDED = "waiting", "taken", "discarded"


class _Aside(BaseModel):
    """A record in `records_taken_in`: kept under this content hash, which rows of older programs have not."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    record: str
    code: str
    kept: bool
    content_hash: str | None = None


class _TakenIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    set_aside: tuple[_Aside, ...]


class _Decided(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    record: str
    content_hash: str
    code: str


class AsideFacts:
    """Every record that is set aside, until a person has decided: a row that is dropped loses a recording."""

    def __init__(self) -> None:
        self._aside = Facts(("content_hash",))
        self._untold = False
        self._events: Mapping[str, Callable[[JournalRow], None]] = {
            "records_taken_in": self._taken_in,
            "record_taken_after_all": lambda row: self._decided(row, TAKEN),
            "record_discarded": lambda row: self._decided(row, DISCARDED),
            RESTORED: self._restored,
        }

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name in self._events:
            self._events[row.name](row)

    def _taken_in(self, row: JournalRow) -> None:
        for one in _TakenIn.model_validate_json(row.payload).set_aside:
            self._untold |= one.kept and one.content_hash is None
            if one.content_hash:
                self._waits(row, one.record, one.content_hash, one.code)

    def _waits(self, row: JournalRow, record: str, content_hash: str, code: str) -> None:
        values: dict[str, object] = {"record": record, "code": code, "state": WAITING, "decided_by": None}
        self._aside.expect((content_hash,), row.sequence, values)

    def _decided(self, row: JournalRow, state: str) -> None:
        decided = _Decided.model_validate_json(row.payload)
        if (decided.content_hash,) not in self._aside.expected:  # an older program has set it aside
            self._waits(row, decided.record, decided.content_hash, decided.code)
        self._aside.change((decided.content_hash,), row.sequence, state=state, decided_by=row.signed_by)

    def _restored(self, row: JournalRow) -> None:
        """What was taken in after the backup waits again; what was discarded since is discarded again."""
        sequence = RestoredRow.model_validate_json(row.payload).sequence
        self._aside.forget_since(sequence)
        for key, fact in self._aside.expected.items():
            if fact.journal > sequence and fact.values["state"] == TAKEN:
                self._aside.change(key, row.sequence, state=WAITING, decided_by=None)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the records that are set aside contradict."""
        return self._aside.differences(
            row for row in stored if not self._untold or (row["content_hash"],) in self._aside.expected
        )


def wrong_verdicts(stored: Iterable[TableRow], is_held: Callable[[object, object], bool]) -> Iterator[int]:
    """Verdicts that call a record held which never came in: it would not be asked for again.

    Args:
        stored: the table of verdicts.
        is_held: tells by record and content hash whether the journal knows it.
    """
    for row in stored:
        if row["verdict"] in ("accepted", "duplicate") and not is_held(row["record"], row["content_hash"]):
            yield 0
