"""What the journal says of handovers: one that is hidden here could happen again."""

from collections.abc import Iterable, Iterator

from station.audit.facts import Facts, TableRow
from station.cards.questions import Answer
from station.destruction.listing import Destruction
from station.handover.following import ANSWERED
from station.handover.rows import (
    HANDED_OVER,
    HANDOVER,
    OLD_CARD,
    UNKNOWN_QUESTION,
    BeforeHandover,
    CardHandedOver,
    HandoverReport,
    OldCardWithdrawn,
)
from station.journal import JournalRow, Outcome, RowKind


class HandoverFacts:
    """Every check of a finger, and how it ended."""

    def __init__(self) -> None:
        self._checks = Facts(("journal",))

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == HANDOVER and row.kind is RowKind.INTENT:
            self._begun(row, BeforeHandover.model_validate_json(row.payload))
        elif row.name == HANDOVER and row.kind is RowKind.OUTCOME and row.outcome is not Outcome.DONE:
            self._ended(row, HandoverReport.model_validate_json(row.payload))
        elif row.name == UNKNOWN_QUESTION and row.kind is RowKind.ANSWER:
            self._answered(row, Answer.model_validate_json(row.payload))
        elif row.name == HANDED_OVER:
            self._handed_over(row, CardHandedOver.model_validate_json(row.payload))

    def _begun(self, row: JournalRow, before: BeforeHandover) -> None:
        unknown = dict.fromkeys(
            ("outcome", "conclusion", "settled", "finger", "score", "quality", "letter", "reason")
        )
        values: dict[str, object] = {
            "attempt": row.attempt,
            "job": row.job,
            "card": before.card,
            "source": before.source.value,
            "begun_by": before.by,
            "touches": 0,
            "second_signer": None,
            "failed_check": None,
        }
        self._checks.expect((row.sequence,), row.sequence, values | unknown)

    def _ended(self, row: JournalRow, report: HandoverReport) -> None:
        best = report.best
        self._checks.change(
            (row.intent,),
            row.sequence,
            outcome=row.outcome.value if row.outcome else None,
            conclusion=report.conclusion.value,
            settled=row.sequence,
            finger=best.finger if best else None,
            score=best.score if best else None,
            quality=best.quality if best else None,
            touches=report.counted,
        )

    def _answered(self, row: JournalRow, answer: Answer) -> None:
        said = ANSWERED.get(answer.verdict)
        if said is not None:
            outcome, conclusion = said
            self._checks.change(
                (row.intent,),
                row.sequence,
                outcome=outcome.value,
                conclusion=conclusion.value,
                settled=row.sequence,
            )

    def _handed_over(self, row: JournalRow, given: CardHandedOver) -> None:
        self._checks.change(
            (given.check,),
            row.sequence,
            outcome=Outcome.DONE.value,
            conclusion=given.conclusion.value,
            settled=row.sequence,
            finger=given.finger,
            score=given.score,
            quality=given.quality,
            touches=given.touches,
            letter=given.letter,
            reason=given.reason.value if given.reason else None,
            second_signer=given.second,
            failed_check=given.failed_check,
        )

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the table of handovers contradicts."""
        return self._checks.differences(stored)


class OldCardFacts:
    """Every old card that was taken in, and the act that has burnt it."""

    def __init__(self) -> None:
        self._cards = Facts(("journal",))
        self._kept: list[int] = []

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.name == OLD_CARD:
            kind = OldCardWithdrawn.model_validate_json(row.payload).kind.value
            self._cards.expect((row.sequence,), row.sequence, {"job": row.job, "kind": kind, "act": None})
            self._kept.append(row.sequence)
        elif row.name == "blanks_destroyed" and Destruction.model_validate_json(row.payload).old_cards:
            for card in self._kept:
                self._cards.change((card,), row.sequence, act=row.sequence)
            self._kept.clear()

    def differences(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the table of old cards contradicts."""
        return self._cards.differences(stored)
