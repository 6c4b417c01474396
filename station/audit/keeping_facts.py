"""What the journal says of restores and letter policies: a hold lifted in the table nobody has released."""

from collections.abc import Iterable, Iterator

from station.audit.facts import Facts, TableRow
from station.journal import JournalRow
from station.outage.facts import OutageChanged
from station.outage.letters import LetterPolicy
from station.restoration.rows import RELEASED, RESTORED, SETTLED, ReleasedRow, RestoredRow


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
