"""The station's JSON documents, as far as the demo reads them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, TypeAdapter


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class JobLine(_Document):
    """One job of `station jobs list`."""

    job: int
    record: str
    state: str


class Attempt(_Document):
    """One try of a job; `card` is the chip's 8-byte UID in hex."""

    number: int
    card: str | None
    state: str
    cause: str | None

    @property
    def uid(self) -> str:
        """The chip's own 7 bytes, by which the printer simulator knows the card; empty where there is none."""
        return (self.card or "").removeprefix("80")


class JournalLine(_Document):
    """One row of the journal."""

    row: int
    kind: str
    step: str
    outcome: str | None


class Job(_Document):
    """`station jobs show N`."""

    job: int
    record: str
    issue: int
    state: str
    attempts: tuple[Attempt, ...]
    journal: tuple[JournalLine, ...]

    def events(self, name: str) -> int:
        """How often an event of this name stands in the job's journal."""
        return sum(line.kind == "event" and line.step == name for line in self.journal)


class Question(_Document):
    """One open question of `station questions list`."""

    question: int
    name: str
    job: int
    text: str
    card: str | None
    verdicts: tuple[str, ...]


class Card(_Document):
    """`station cards show UID`."""

    card: str
    state: str
    job: int
    cause: str | None
    account: str | None
    sentence: str


class Blanks(_Document):
    """`station blanks show`."""

    received: int
    lent_in: int
    lent_out: int
    returned: int
    stock: int
    in_machine: int
    issued: int
    spoiled: int
    destroyed: int
    spoiled_by_cause: dict[str, int]
    difference: int

    def accounts(self) -> dict[str, int]:
        """The accounts alone."""
        accounts: dict[str, int] = self.model_dump(exclude={"spoiled_by_cause", "difference"})
        return accounts


class Handover(_Document):
    """One check of a finger."""

    job: int
    conclusion: str | None
    source: str


class Handovers(_Document):
    """`station handover list --done`."""

    checks: tuple[Handover, ...]


class Member(_Document):
    """One of the staff."""

    name: str


JOBS = TypeAdapter(tuple[JobLine, ...])
JOB = TypeAdapter(Job)
QUESTIONS = TypeAdapter(tuple[Question, ...])
CARD = TypeAdapter(Card)
BLANKS = TypeAdapter(Blanks)
HANDOVERS = TypeAdapter(Handovers)
STAFF = TypeAdapter(tuple[Member, ...])
