"""One row of the journal, and the hash that ties it to the row before."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum


class RowKind(StrEnum):
    """What a row says."""

    EVENT = "event"
    INTENT = "intent"
    OUTCOME = "outcome"
    QUESTION = "question"
    ANSWER = "answer"


class Outcome(StrEnum):
    """What became of a step that cannot be undone. UNKNOWN is never treated as NOT_DONE."""

    DONE = "DONE"
    NOT_DONE = "NOT_DONE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class JournalRow:
    """A row as it is stored. `payload` is the JSON of a pydantic model, without biometrics or names.

    Attributes:
        sequence: 1, 2, 3 … without a gap.
        at: ISO 8601, UTC.
        name: the step or the event.
        intent: the intent that an outcome, a question or an answer settles.
        question: the question that an answer answers.
        person: HMAC of the NIK, hexadecimal.
        signed_by: the member of staff who answered or decided.
    """

    sequence: int
    at: str
    kind: RowKind
    name: str
    lane: str | None
    job: int | None
    attempt: int | None
    intent: int | None
    question: int | None
    outcome: Outcome | None
    person: str | None
    signed_by: str | None
    payload: str
    previous_hash: str

    @property
    def hash(self) -> str:
        """SHA-256 over the row before and every field of this one, hexadecimal."""
        fields = [
            self.sequence,
            self.at,
            self.kind.value,
            self.name,
            self.lane,
            self.job,
            self.attempt,
            self.intent,
            self.question,
            self.outcome.value if self.outcome else None,
            self.person,
            self.signed_by,
            self.payload,
            self.previous_hash,
        ]
        # A value of a type that no program writes gets a hash of its own: it was put there by hand.
        text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), default=repr)
        return hashlib.sha256(text.encode()).hexdigest()
