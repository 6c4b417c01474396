"""The facts that the policy is laid beside: of the office once for many letters, of each person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from station.blanks import store as blanks
from station.blanks.ledger import Account
from station.clock import timestamp
from station.database import Transaction
from station.errors import Refused, StationError
from station.gate import store as said
from station.gate.gate import Candidate as GateCandidate
from station.gate.gate import Gate
from station.gate.statuses import STATUSES
from station.letter_settings import LetterReason, LetterSettings, PolicyAmendment
from station.letters import store
from station.letters.policy import (
    BEFORE_CENTRE,
    DayPolicy,
    LetterFacts,
    policy_on,
    read_policies,
    refusals,
)
from station.outage import store as outages
from station.outage.letters import DatedLetterPolicy
from station.records.record import Record
from station.vault.store import HeldRecord

NO_CODE: Final = "-"


@dataclass(frozen=True)
class OfficeRules:
    """What holds for every letter of one moment.

    Attributes:
        blanks: in stock and in the printers, by the ledger.
    """

    day: date
    policy: DayPolicy
    outage: DatedLetterPolicy
    blanks: int

    @property
    def sources(self) -> tuple[str, ...]:
        """The regulations in force, oldest first."""
        return tuple(row.source for row in self.policy.rows)


@dataclass(frozen=True)
class Person:
    """Whose letter it is: the record in full, what the station knows of it, and the HMAC of the NIK."""

    record: Record
    held: HeldRecord

    @property
    def key(self) -> str:
        """HMAC of the NIK, hexadecimal: every record of the person has the same."""
        return self.held.person


class LetterRules:
    """Says who gets a letter. Nobody can override it."""

    def __init__(
        self, settings: LetterSettings, gate: Gate, rows: Sequence[PolicyAmendment] | None = None
    ) -> None:
        self._settings, self._gate = settings, gate
        self._rows = tuple(rows) if rows is not None else read_policies()

    def of_office(self, transaction: Transaction, moment: datetime, day: date) -> OfficeRules:
        """Read what holds for every letter of a moment; `day` is the office's."""
        totals = blanks.balances(transaction).totals
        return OfficeRules(
            day=day,
            policy=policy_on(day, self._rows, self._settings.policies),
            outage=outages.policy_at(transaction, timestamp(moment)),
            blanks=totals[Account.STOCK] + totals[Account.IN_MACHINE],
        )

    def refusals(
        self, transaction: Transaction, office: OfficeRules, person: Person, reason: LetterReason
    ) -> tuple[StationError, ...]:
        """Why this person gets no letter, the weightiest first; empty where the person gets one."""
        held = person.held
        card = store.card_facts(transaction, held.person, held.issue)
        facts = LetterFacts(
            reason=reason,
            status=held.status,
            print_ready=self.is_print_ready(transaction, person.record),
            known_at_centre=_is_known_at_centre(transaction, held),
            card_waits=card.waits,
            has_card=card.handed_over,
            blanks=office.blanks,
            outage=office.outage.policy,
            paper=self._settings.paper,
        )
        return refusals(office.policy, facts, office.day)

    def status_code(self, transaction: Transaction, person: Person) -> str:
        """The short code for the lower right corner: PRR only where the gate would let the record through."""
        known = STATUSES.get(person.held.status)
        if known is None or not known.short:
            return NO_CODE
        if known.printable and not self.is_print_ready(transaction, person.record):
            return NO_CODE
        return known.short

    def is_print_ready(self, transaction: Transaction, record: Record) -> bool:
        """Whether the gate would let the record through: the centre's word, not the record's own."""
        try:
            self._gate.require_printable(
                transaction, GateCandidate(record.data.record_id, record.sha256, record.data.status)
            )
        except Refused:
            return False
        return True


def _is_known_at_centre(transaction: Transaction, held: HeldRecord) -> bool:
    """Whether the centre has shown that it has the record: by a status, a receipt, or by sending it."""
    if held.centre_status is not None and held.centre_status not in BEFORE_CENTRE:
        return True
    return store.is_received_at_centre(transaction, held.record) or said.came_from_centre(
        transaction, held.record, held.record_sha256
    )
