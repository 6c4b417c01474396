"""How far an attempt has come: a fold over its journal rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from station.cards.questions import Answer, verdict_of
from station.journal import JournalRow, Outcome, RowKind
from station.lanes.store import AttentionCause


class Condemned(BaseModel):
    """Payload of the event that a card is spoiled, with the cause and the evidence's conclusion."""

    model_config = ConfigDict(frozen=True)

    cause: str
    evidence: str


@dataclass
class Progress:
    """What the rows of one attempt say.

    Attributes:
        outcomes: the last settled outcome of each once-only step.
        not_done: how often each step was found not done.
        open_intent: an intent without an outcome.
        open_question: a question without an answer.
        condemned: the cause of the card's spoiling.
        events: names of what has happened.
        faults: what the printer complained of since the open intent.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    not_done: dict[str, int] = field(default_factory=dict)
    open_intent: JournalRow | None = None
    open_question: JournalRow | None = None
    condemned: str | None = None
    events: set[str] = field(default_factory=set)
    faults: tuple[str, ...] = ()

    def settle(self, step: str, outcome: Outcome) -> None:
        """Take over an outcome."""
        self.outcomes[step] = outcome
        if outcome is Outcome.NOT_DONE:
            self.not_done[step] = self.not_done.get(step, 0) + 1


def fold(rows: Sequence[JournalRow]) -> Progress:
    """Fold the rows of one attempt, oldest first."""
    progress = Progress()
    intents = {row.sequence: row for row in rows if row.kind is RowKind.INTENT}
    for row in rows:
        if row.kind is RowKind.INTENT:
            progress.open_intent, progress.faults = row, ()
        elif row.kind is RowKind.OUTCOME and row.outcome:
            progress.open_intent = None
            progress.settle(row.name, row.outcome)
        elif row.kind is RowKind.QUESTION:
            progress.open_question = row
        elif row.kind is RowKind.ANSWER and progress.open_question:
            _answered(progress, progress.open_question, row, intents)
        elif row.kind is RowKind.EVENT:
            _happened(progress, row)
    return progress


def _answered(
    progress: Progress, question: JournalRow, row: JournalRow, intents: dict[int, JournalRow]
) -> None:
    verdict = verdict_of(question, Answer.model_validate_json(row.payload).verdict)
    progress.open_question = None
    if verdict.condemns:
        progress.condemned = progress.condemned or verdict.condemns
        progress.events.add(f"{question.name}:condemned")
    if verdict.outcome and row.intent in intents:
        progress.settle(intents[row.intent].name, verdict.outcome)


def _happened(progress: Progress, row: JournalRow) -> None:
    progress.events.add(row.name)
    if row.name == "condemned":
        progress.condemned = progress.condemned or Condemned.model_validate_json(row.payload).cause
    elif row.name == "lane_cleared":
        progress.not_done.clear()  # a person has looked: tries count anew
    elif row.name == "lane_attention":
        progress.faults += AttentionCause.model_validate_json(row.payload).errors
