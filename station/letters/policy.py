"""Who gets a letter: dated rows of regulations, laid beside the facts of one person and one day.

It fails closed: what is not known does not open it, and no option, role or setting of a command does. A
letter that the rows of its day refuse is not made; each refusal names the rule that it comes from.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.errors import Refused, StationError
from station.gate.statuses import STATUSES
from station.letter_settings import LetterReason, PolicyAmendment, PrintReadyRule
from station.outage.letters import LetterPolicy, PrintReady

POLICIES = Path(__file__).with_name("policies.toml")
NOT_RECORDED = "UNREGISTERED"
# Statuses that a record has before the centre has it (facts: domain.md section 5).
BEFORE_CENTRE = frozenset({NOT_RECORDED, "BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT"})


class _Rows(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: tuple[PolicyAmendment, ...]


@dataclass(frozen=True)
class DayPolicy:
    """What holds on one day: the rows up to it, one over the other.

    Attributes:
        rows: all of them, oldest first. Whatever none of them names is not allowed.
    """

    rows: tuple[PolicyAmendment, ...]

    @property
    def allowed(self) -> bool:
        """Whether letters are issued at all."""
        return next((row.allowed for row in reversed(self.rows) if row.allowed is not None), False)

    @property
    def reasons(self) -> frozenset[LetterReason]:
        """For which reasons."""
        return next((row.reasons for row in reversed(self.rows) if row.reasons is not None), frozenset())

    @property
    def print_ready(self) -> PrintReadyRule:
        """Whether the record must be print-ready."""
        named = (row.print_ready for row in reversed(self.rows) if row.print_ready is not None)
        return next(named, PrintReadyRule.EXCLUDED)

    @property
    def needs_blank_stock_out(self) -> bool:
        """Whether only while there is no blank."""
        named = (row.needs_blank_stock_out for row in reversed(self.rows))
        return next((one for one in named if one is not None), True)

    @property
    def needs_central_record(self) -> bool:
        """Whether only for people whom the centre knows."""
        named = (row.needs_central_record for row in reversed(self.rows))
        return next((one for one in named if one is not None), True)

    @property
    def papers(self) -> frozenset[str]:
        """On which paper."""
        return next((row.papers for row in reversed(self.rows) if row.papers is not None), frozenset())

    def source_of(self, field: str) -> str:
        """The regulation that a field's value comes from; empty where none names it."""
        named = (row.source for row in reversed(self.rows) if row.model_dump()[field] is not None)
        return next(named, "")


@dataclass(frozen=True)
class LetterFacts:
    """What is known of a person and of the office when a letter is asked for.

    Attributes:
        status: of the record: the centre's word, and until there is one the record's own.
        print_ready: whether the gate would let the record through to a printer.
        known_at_centre: whether the centre has shown that it has the record.
        card_waits: the person's card is made and not handed over.
        has_card: a card of this issue was handed over.
        blanks: in stock and in the printers.
        outage: what the outage asks for.
    """

    reason: LetterReason
    status: str
    print_ready: bool
    known_at_centre: bool
    card_waits: bool
    has_card: bool
    blanks: int
    outage: LetterPolicy
    paper: str


def read_policies(file: Path = POLICIES) -> tuple[PolicyAmendment, ...]:
    """Read the rows that come with the program, oldest first.

    Raises:
        ValueError: the file is not what it must be: a fault of the program.
    """
    return _Rows.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).policy


def policy_on(day: date, known: Sequence[PolicyAmendment], own: Sequence[PolicyAmendment]) -> DayPolicy:
    """What holds on a day: the program's rows, then the office's own, each group by its dates.

    An office's row follows the program's of the same day; it never changes what held before the last of them.
    """
    rows = [*known, *own]
    return DayPolicy(tuple(sorted((row for row in rows if row.valid_from <= day), key=_begins)))


def _begins(row: PolicyAmendment) -> date:
    return row.valid_from


def refusals(policy: DayPolicy, facts: LetterFacts, day: date) -> tuple[StationError, ...]:
    """Why a letter is refused, the weightiest first; empty where it is allowed."""
    found: list[StationError] = []
    if not policy.allowed:
        source = policy.source_of("allowed") or "-"
        found.append(Refused("LETTERS_NOT_ALLOWED", day=f"{day:%d-%m-%Y}", source=source))
    found += _of_the_record(facts)
    found += _of_the_card(policy, facts)
    if facts.reason not in policy.reasons:
        source = policy.source_of("reasons") or "-"
        found.append(
            Refused("LETTER_REASON_NOT_ALLOWED", cause=f"letter_for_{facts.reason.value}", source=source)
        )
    if facts.paper not in policy.papers:
        source = policy.source_of("papers") or "-"
        found.append(Refused("LETTER_PAPER_NOT_ALLOWED", paper=facts.paper, source=source))
    return tuple(found)


def _of_the_record(facts: LetterFacts) -> list[StationError]:
    """The letter states that the person was recorded: of whom that is not known, it states nothing."""
    known = STATUSES.get(facts.status)
    if known is None:
        return [Refused("STATUS_UNKNOWN", status=facts.status)]
    if facts.status == NOT_RECORDED:
        return [Refused("LETTER_NOT_RECORDED", status=facts.status, meaning=known.meaning)]
    return []


def _of_the_card(policy: DayPolicy, facts: LetterFacts) -> list[StationError]:
    """A letter stands for a card: who can have the card gets that."""
    found: list[StationError] = []
    if facts.card_waits:
        found.append(Refused("LETTER_CARD_WAITS"))
    if facts.has_card and facts.reason is LetterReason.RECORDED_WITHOUT_CARD:
        found.append(Refused("LETTER_CARD_HANDED_OVER"))
    if _can_be_printed(facts):
        excluded = policy.print_ready is PrintReadyRule.EXCLUDED
        source = policy.source_of("print_ready") if excluded else facts.outage.situation.value
        found.append(Refused("LETTER_CARD_INSTEAD", blanks=facts.blanks, source=source))
    elif policy.needs_blank_stock_out and facts.blanks:
        source = policy.source_of("needs_blank_stock_out") or "-"
        found.append(Refused("LETTER_BLANKS_LAST", blanks=facts.blanks, source=source))
    if policy.print_ready is PrintReadyRule.REQUIRED and not facts.print_ready:
        found.append(Refused("LETTER_NOT_PRINT_READY", source=policy.source_of("print_ready")))
    asks = policy.needs_central_record or facts.outage.needs_central_record
    if asks and not facts.known_at_centre:
        found.append(Refused("LETTER_CENTRE_KNOWS_NOT", status=facts.status))
    return found


def _can_be_printed(facts: LetterFacts) -> bool:
    """Whether the person's card can be made now: "print the card instead" says nothing where it cannot."""
    permitted = facts.outage.print_ready is PrintReady.CARD_ONLY
    return facts.print_ready and permitted and facts.blanks > 0
