"""The handovers of an office: rules and rows, without scanner or reader. Each method is one transaction."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from station.cards.questions import Answer, QuestionEvidence, verdict_of
from station.centre import store as centre
from station.centre.messages import CardMessage, Topic
from station.clock import Clock
from station.database import Database, Transaction
from station.errors import Refused
from station.handover import store
from station.handover.following import follow_at
from station.handover.rows import (
    HANDED_OVER,
    HANDOVER,
    LEAST_TOUCHES,
    OLD_CARD,
    UNKNOWN_QUESTION,
    BeforeHandover,
    CardHandedOver,
    Conclusion,
    ExceptionReason,
    HandoverReport,
    OldCardKind,
    OldCardWithdrawn,
)
from station.handover.store import Handover, ReadyCard
from station.journal import Journal, JournalRow, Outcome
from station.journal.store import Place, open_questions, row_at
from station.letters.withdrawing import take_back_at_handover
from station.records.nik import require_no_nik
from station.staff import store as staff
from station.staff.store import Role

EXCEPTION_WITHIN: Final = timedelta(hours=12)  # of the check that failed: the same working day
STILL_HERE: Final = "still_here"
GIVEN: Final = "given"


class BeginHandover(BaseModel):
    """A finger is about to be checked before the card of a job leaves the office."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: int
    before: BeforeHandover


class EndHandover(BaseModel):
    """A check has ended. `old_cards`: those that the holder has brought back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: int
    report: HandoverReport
    old_cards: tuple[OldCardKind, ...] = ()


class SettleCutOff(BaseModel):
    """What became of a check that was cut off? `card`: UID of what lies on the reader now, or None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: int
    card: str | None
    by: str


class Exempt(BaseModel):
    """Two people hand a card over without the finger, after a check that has failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: int
    reason: ExceptionReason
    note: str = ""
    old_cards: tuple[OldCardKind, ...] = ()


class HandoverBook:
    """Keeps the handovers."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database, self._journal, self._clock = database, journal, clock

    def begin(self, order: BeginHandover) -> Handover:
        """Begin a check, before the first touch.

        Raises:
            Refused: STAFF_UNKNOWN, HANDOVER_CARD_NOT_READY, HANDOVER_WRONG_CARD, HANDOVER_DONE_ALREADY,
                HANDOVER_CUT_OFF.
        """
        with self._database.transaction() as transaction:
            staff.require(transaction, order.before.by)
            ready = require_here(transaction, order.job)
            if order.before.card != ready.card:
                raise Refused("HANDOVER_WRONG_CARD", job=ready.job)
            return self._begin(transaction, ready, order.before)

    def end(self, ended: EndHandover) -> Handover:
        """Keep how a check ended; a match hands the card over. One that has ended stays as it is.

        Raises:
            Refused: JOURNAL_REFUSED when a rule of the database stands against it.
        """
        with self._database.transaction() as transaction:
            known = _required(transaction, ended.check)
            if known.outcome is not None:
                return known
            intent = _row(transaction, ended.check)
            before = BeforeHandover.model_validate_json(intent.payload)
            if ended.report.conclusion is Conclusion.MATCHED:
                _require_score(ended.report, before)
                self._hand_over(transaction, intent, before, ended.report, old_cards=ended.old_cards)
            else:
                row = self._journal.outcome(
                    transaction, intent, Outcome.NOT_DONE, ended.report, signed_by=before.by
                )
                follow_at(transaction, row)
            return _required(transaction, ended.check)

    def settle(self, cut: SettleCutOff) -> Handover | None:
        """Find out what became of a check that was cut off; None where there is none.

        A card that lies on the reader has not left the office. Without that proof a person is asked.
        """
        with self._database.transaction() as transaction:
            staff.require(transaction, cut.by)
            checks = store.of_job(transaction, cut.job)
            if not checks or checks[-1].outcome in (Outcome.DONE, Outcome.NOT_DONE):
                return None
            last = checks[-1]
            is_here = cut.card == last.card
            if last.outcome is None:
                self._settle_open(transaction, last, is_here=is_here)
            elif is_here:
                self._answer_by_proof(transaction, last, cut.by)
            return _required(transaction, last.journal)

    def require_exempt(self, order: Exempt) -> Handover:
        """The failed check that two people may overrule.

        Raises:
            Refused: as `exempt`.
        """
        note = order.note.strip()
        require_no_nik(note)
        if order.reason is ExceptionReason.OTHER and not note:
            raise Refused("REASON_MISSING")
        with self._database.reading() as transaction:
            require_here(transaction, order.job)
            return self._failed_check(transaction, order.job)

    def exempt(self, order: Exempt, signers: tuple[str, str]) -> Handover:
        """Hand a card over because two people say so; their PINs were checked, one is a supervisor.

        Raises:
            Refused: HANDOVER_CARD_NOT_READY, HANDOVER_DONE_ALREADY, HANDOVER_CUT_OFF, HANDOVER_CHECK_FIRST,
                REASON_MISSING, REASON_NAMES_NIK.
        """
        self.require_exempt(order)
        with self._database.transaction() as transaction:
            ready = require_here(transaction, order.job)
            failed = self._failed_check(transaction, order.job)
            tried = BeforeHandover.model_validate_json(_row(transaction, failed.journal).payload)
            begun = self._begin(transaction, ready, tried.model_copy(update={"by": signers[0]}))
            self._hand_over(
                transaction,
                _row(transaction, begun.journal),
                tried.model_copy(update={"by": signers[0]}),
                HandoverReport(conclusion=Conclusion.EXCEPTION),
                old_cards=order.old_cards,
                exception=CardHandedOver(
                    card=ready.card,
                    check=begun.journal,
                    conclusion=Conclusion.EXCEPTION,
                    source=tried.source,
                    reason=order.reason,
                    second=signers[1],
                    failed_check=failed.journal,
                    note=order.note.strip(),
                ),
            )
            return _required(transaction, begun.journal)

    def answer(self, question: int, verdict: str, by: str, reason: str) -> None:
        """Take a person's answer to where a card is whose handover was cut off.

        Raises:
            Refused: QUESTION_UNKNOWN, VERDICT_UNKNOWN, STAFF_UNKNOWN, REASON_MISSING, REASON_NAMES_NIK,
                SUPERVISOR_NEEDED.
        """
        if not reason.strip():
            raise Refused("REASON_MISSING")
        require_no_nik(reason)
        with self._database.transaction() as transaction:
            member = staff.require(transaction, by)
            row = next((one for one in open_questions(transaction) if one.sequence == question), None)
            if row is None or row.name != UNKNOWN_QUESTION or row.intent is None:
                raise Refused("QUESTION_UNKNOWN", question=question)
            chosen = verdict_of(row, verdict)
            if verdict == GIVEN and member.role is not Role.SUPERVISOR:
                raise Refused("SUPERVISOR_NEEDED")
            answer = Answer(verdict=verdict, reason=reason.strip())
            follow_at(transaction, self._journal.answer(transaction, row, answer, by, chosen.outcome))
            if verdict == GIVEN:
                self._note_given(transaction, row.intent, by)

    def withdraw_old_card(self, job: int, kind: OldCardKind, by: str) -> None:
        """Note an old card that the holder brings back later.

        Raises:
            Refused: STAFF_UNKNOWN, HANDOVER_NOT_DONE.
        """
        with self._database.transaction() as transaction:
            staff.require(transaction, by)
            if store.done_of_job(transaction, job) is None:
                raise Refused("HANDOVER_NOT_DONE", job=job)
            ready = store.ready_cards(transaction, job=job)[0]
            self._take_old_card(transaction, _place(ready), kind, by)

    # ---- within a transaction ----

    def _begin(self, transaction: Transaction, ready: ReadyCard, before: BeforeHandover) -> Handover:
        row = self._journal.intent(transaction, HANDOVER, before, _place(ready), signed_by=before.by)
        follow_at(transaction, row)
        return _required(transaction, row)

    def _hand_over(
        self,
        transaction: Transaction,
        intent: JournalRow,
        before: BeforeHandover,
        report: HandoverReport,
        *,
        old_cards: tuple[OldCardKind, ...] = (),
        exception: CardHandedOver | None = None,
    ) -> None:
        """The card leaves, the letter and the old card stay: all of it or nothing."""
        self._journal.outcome(transaction, intent, Outcome.DONE, report, signed_by=before.by)
        best = report.best
        given = exception or CardHandedOver(
            card=before.card,
            check=intent.sequence,
            conclusion=report.conclusion,
            source=before.source,
            finger=best.finger if best else None,
            score=best.score if best else None,
            quality=best.quality if best else None,
            touches=report.counted,
        )
        self._write_given(transaction, intent, given, before.by)
        for kind in old_cards:
            self._take_old_card(transaction, _place_of(intent), kind, before.by)

    def _write_given(
        self, transaction: Transaction, intent: JournalRow, given: CardHandedOver, by: str
    ) -> None:
        back = take_back_at_handover(transaction, self._journal, intent.person or "", by)
        told = given.model_copy(update={"letter": back.letter, "void_number": back.void})
        row = self._journal.event(transaction, HANDED_OVER, told, _place_of(intent), signed_by=by)
        follow_at(transaction, row)
        (ready,) = store.ready_cards(transaction, job=intent.job)
        message = CardMessage(card=ready.card, record=ready.record, issue=ready.issue, person=ready.person)
        centre.queue(transaction, self._clock, row, Topic.CARD_HANDED_OVER, message)

    def _note_given(self, transaction: Transaction, check: int, by: str) -> None:
        known = _required(transaction, check)
        given = CardHandedOver(card=known.card, check=check, conclusion=Conclusion.GIVEN, source=known.source)
        self._write_given(transaction, _row(transaction, check), given, by)

    def _take_old_card(self, transaction: Transaction, place: Place, kind: OldCardKind, by: str) -> None:
        payload = OldCardWithdrawn(kind=kind)
        follow_at(transaction, self._journal.event(transaction, OLD_CARD, payload, place, signed_by=by))

    def _settle_open(self, transaction: Transaction, check: Handover, *, is_here: bool) -> None:
        conclusion = Conclusion.CARD_HERE if is_here else Conclusion.CUT_OFF
        outcome = Outcome.NOT_DONE if is_here else Outcome.UNKNOWN
        intent, report = _row(transaction, check.journal), HandoverReport(conclusion=conclusion)
        follow_at(transaction, self._journal.outcome(transaction, intent, outcome, report))
        if not is_here:
            evidence = QuestionEvidence(card=check.card)
            self._journal.question(
                transaction, UNKNOWN_QUESTION, evidence, _place_of(intent), intent.sequence
            )

    def _answer_by_proof(self, transaction: Transaction, check: Handover, by: str) -> None:
        """The card that was asked for lies on the reader: that is the answer."""
        asked = [row for row in open_questions(transaction) if row.intent == check.journal]
        answer = Answer(verdict=STILL_HERE, reason="the card lies on the reader")
        for question in asked:
            row = self._journal.answer(transaction, question, answer, by, Outcome.NOT_DONE)
            follow_at(transaction, row)

    def _failed_check(self, transaction: Transaction, job: int) -> Handover:
        """The failed check that two people may overrule.

        Raises:
            Refused: HANDOVER_CHECK_FIRST.
        """
        checks = store.of_job(transaction, job)
        failed = checks[-1] if checks else None
        if (
            failed is None
            or failed.conclusion not in (Conclusion.NO_MATCH, Conclusion.NO_PICTURE)
            or failed.touches < LEAST_TOUCHES
        ):
            raise Refused("HANDOVER_CHECK_FIRST", job=job, least=LEAST_TOUCHES)
        ended = datetime.fromisoformat(_row(transaction, failed.settled or 0).at)
        if self._clock.now() - ended > EXCEPTION_WITHIN:
            raise Refused("HANDOVER_CHECK_FIRST", job=job, least=LEAST_TOUCHES)
        return failed


def require_job_of_card(transaction: Transaction, job: int) -> ReadyCard:
    """The finished card of a job, handed over or not.

    Raises:
        Refused: HANDOVER_CARD_NOT_READY.
    """
    found = store.ready_cards(transaction, job=job)
    if not found:
        raise Refused("HANDOVER_CARD_NOT_READY", job=job)
    return found[0]


def require_here(transaction: Transaction, job: int) -> ReadyCard:
    """The finished card of a job, which has not left the office.

    Raises:
        Refused: HANDOVER_CARD_NOT_READY, HANDOVER_DONE_ALREADY, HANDOVER_CUT_OFF.
    """
    ready = require_job_of_card(transaction, job)
    done = store.done_of_job(transaction, job)
    if done is not None:
        raise Refused("HANDOVER_DONE_ALREADY", job=job, row=done.settled)
    if any(check.may_be_given for check in store.of_job(transaction, job)):
        raise Refused("HANDOVER_CUT_OFF", job=job)
    return ready


def _require_score(report: HandoverReport, before: BeforeHandover) -> None:
    """See that a match is one by the threshold of the intent: nobody lowers it on the way."""
    best = report.best
    if best is None or best.score is None or best.score < before.threshold:
        raise ValueError("a match below the threshold of its intent")


def _place(ready: ReadyCard) -> Place:
    return Place(job=ready.job, attempt=ready.attempt, person=ready.person)


def _place_of(row: JournalRow) -> Place:
    return Place(job=row.job, attempt=row.attempt, person=row.person)


def _required(transaction: Transaction, check: int) -> Handover:
    found = store.at(transaction, check)
    if found is None:
        raise LookupError(f"no handover begins in row {check}")
    return found


def _row(transaction: Transaction, sequence: int) -> JournalRow:
    row = row_at(transaction, sequence)
    if row is None:
        raise LookupError(f"no row {sequence} in the journal")
    return row
