"""What the journal says of restores and letter policies: a hold lifted in the table nobody has released."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict

from station.audit.facts import Facts, TableRow
from station.cards.intake import JobAdded
from station.journal import JournalRow, RowKind
from station.outage.facts import OutageChanged
from station.outage.letters import LetterPolicy
from station.restoration.rows import RELEASED, RESTORED, SETTLED, ReleasedRow, RestoredRow
from station.restoration.store import MADE, MADE_QUESTION


class RestorationFacts:
    """Every restore, and whether two people have released it."""

    def __init__(self) -> None:
        self._restores = Facts(("journal",))
        self._latest = 0

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == RESTORED:
            said = RestoredRow.model_validate_json(row.payload)
            values: dict[str, object] = {"backup": said.backup, "state_of": said.state_of}
            self._latest = row.sequence
            self._restores.expect((row.sequence,), row.sequence, values | {"released": None, "asks_each": 0})
        elif row.name == RELEASED:
            asks = int(ReleasedRow.model_validate_json(row.payload).asks_each)
            self._restores.change((self._latest,), row.sequence, released=row.sequence, asks_each=asks)
        elif row.name == SETTLED:
            self._restores.change((self._latest,), row.sequence, asks_each=0)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the restores contradict."""
        return self._restores.differences(stored)


class _Verdict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    verdict: str


class MadeCardFacts:
    """Every card that people say was made after a backup: without its row the person would get another."""

    def __init__(self) -> None:
        self._cards = Facts(("person", "issue"))
        self._issues: dict[int | None, int] = {}
        self._restoration, self._made = 0, 0

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "job_added":
            self._issues[row.job] = JobAdded.model_validate_json(row.payload).issue
        elif row.name == RESTORED:
            self._restoration = row.sequence
        elif row.kind is RowKind.ANSWER:
            is_made = _Verdict.model_validate_json(row.payload).verdict == MADE
            self._made = (row.job or 0) if row.name == MADE_QUESTION and is_made else 0
        elif row.name == "job_given_up" and self._made and row.job == self._made:
            issue = self._issues.get(row.job)
            values: dict[str, object] = {
                "card": None,
                "restoration": self._restoration,
                "journal": row.sequence,
                "source": "person",
            }
            self._cards.expect((row.person, issue), row.sequence, values)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the cards made since a backup contradict."""
        return self._cards.differences(stored)


class CentreFacts:
    """What is known of the centre: a permission that was given back in the table was given by nobody."""

    def __init__(self) -> None:
        self._facts = Facts(("subject",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "outage_changed":
            changed = OutageChanged.model_validate_json(row.payload)
            answer: dict[str, object] = {"answer": changed.after.value}
            self._facts.expect((changed.subject.value,), row.sequence, answer)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the facts contradict."""
        return self._facts.differences(stored)


class PolicyFacts:
    """Every letter policy with its date."""

    def __init__(self) -> None:
        self._policies = Facts(("journal",), in_order=True)

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == "letter_policy_changed":
            policy = LetterPolicy.model_validate_json(row.payload)
            values: dict[str, object] = {
                "situation": policy.situation.value,
                "print_ready": policy.print_ready.value,
                "needs_central_record": int(policy.needs_central_record),
            }
            self._policies.expect((row.sequence,), row.sequence, values)

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the letter policies contradict."""
        return self._policies.differences(stored)
