"""Holding every table with facts in it against the journal, which alone is chained and signed."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from pydantic import ValidationError

from station.audit.card_facts import CardFacts
from station.audit.exchange_facts import DeliveryFacts, MarkFacts, ParcelFacts
from station.audit.facts import TableRow
from station.audit.fault import Fault, FaultKind
from station.audit.handover_facts import HandoverFacts, OldCardFacts
from station.audit.held_facts import HeldFacts
from station.audit.intake_facts import AsideFacts, wrong_verdicts
from station.audit.keeping_facts import CentreFacts, MadeCardFacts, PolicyFacts, RestorationFacts
from station.audit.ledger_facts import ActFacts, CountFacts, MoveFacts
from station.audit.letter_facts import RegisterFacts
from station.audit.letter_print_facts import LetterPrintFacts
from station.audit.office_facts import BatchFacts, LaneFacts, StaffFacts
from station.journal import JournalRow

ReadTable = Callable[[str], Sequence[TableRow]]


class TableAudit:
    """Takes the journal row by row, and then looks whether the tables say the same."""

    def __init__(self) -> None:
        self._moves, self._counts, self._acts = MoveFacts(), CountFacts(), ActFacts()
        self._staff, self._batches, self._lanes = StaffFacts(), BatchFacts(), LaneFacts()
        self._cards = CardFacts()
        self._restores, self._policies, self._centre = RestorationFacts(), PolicyFacts(), CentreFacts()
        self._register, self._letter_prints = RegisterFacts(), LetterPrintFacts()
        self._handovers, self._old_cards = HandoverFacts(), OldCardFacts()
        self._made, self._held, self._aside = MadeCardFacts(), HeldFacts(), AsideFacts()
        self._deliveries, self._parcels, self._marks = DeliveryFacts(), ParcelFacts(), MarkFacts()
        self._takers = (
            self._moves.take,
            self._counts.take,
            self._acts.take,
            self._staff.take,
            self._batches.take,
            self._lanes.take,
            self._cards.take,
            self._restores.take,
            self._policies.take,
            self._register.take,
            self._letter_prints.take,
            self._handovers.take,
            self._old_cards.take,
            self._centre.take,
            self._made.take,
            self._held.take,
            self._aside.take,
            self._deliveries.take,
            self._parcels.take,
            self._marks.take,
        )

    def take(self, row: JournalRow) -> None:
        """Take over one row. One that nobody can read was changed, and the chain has said so."""
        for take in self._takers:
            with contextlib.suppress(ValidationError):
                take(row)

    def faults(self, read: ReadTable) -> Iterator[Fault]:
        """Everything that the tables say and the journal does not, or the other way round.

        Args:
            read: gives all rows of a table, in the order in which they were written.
        """
        counts = read("blank_counts")
        found = {
            FaultKind.LEDGER_DIFFERS: self._moves.differences(read("blank_moves")),
            FaultKind.BALANCE_DIFFERS: self._moves.wrong_balances(read("blank_accounts")),
            FaultKind.COUNTS_DIFFER: self._counts.differences(counts),
            FaultKind.ACTS_DIFFER: self._acts.differences(read("signed_acts"), counts),
            FaultKind.STAFF_DIFFERS: self._staff.differences(read("staff")),
            FaultKind.JOBS_DIFFER: self._cards.wrong_jobs(read("jobs")),
            FaultKind.ATTEMPTS_DIFFER: self._cards.wrong_attempts(read("attempts")),
            FaultKind.OUTBOX_DIFFERS: self._cards.wrong_messages(read("outbox")),
            FaultKind.BATCHES_DIFFER: self._batches.differences(read("batches")),
            FaultKind.LANES_DIFFER: self._lanes.differences(read("lanes")),
            FaultKind.RESTORES_DIFFER: self._restores.differences(read("restorations")),
            FaultKind.CENTRE_DIFFERS: self._centre.differences(read("centre_facts")),
            FaultKind.POLICIES_DIFFER: self._policies.differences(read("letter_policies")),
            FaultKind.LETTERS_DIFFER: self._register.differences(read("letters")),
            FaultKind.LETTER_PRINTS_DIFFER: self._letter_prints.differences(read("letter_prints")),
            FaultKind.HANDOVERS_DIFFER: self._handovers.differences(read("handovers")),
            FaultKind.OLD_CARDS_DIFFER: self._old_cards.differences(read("withdrawn_cards")),
            FaultKind.MADE_CARDS_DIFFER: self._made.differences(read("cards_since_backup")),
            FaultKind.HELD_DIFFER: self._held.wrong_records(read("held_records")),
            FaultKind.STATUSES_DIFFER: self._held.wrong_statuses(read("centre_statuses")),
            FaultKind.ASIDE_DIFFERS: self._aside.differences(read("set_aside")),
            FaultKind.VERDICTS_DIFFER: wrong_verdicts(read("intake_verdicts"), self._held.is_held),
            FaultKind.DELIVERIES_DIFFER: self._deliveries.differences(
                read("deliveries"), self._cards.message_hashes()
            ),
            FaultKind.PARCELS_DIFFER: self._parcels.differences(read("centre_parcels")),
            FaultKind.MARKS_DIFFER: self._marks.differences(read("centre_marks")),
        }
        for kind, rows in found.items():
            yield from (Fault(kind, row) for row in rows)
