"""What an audit may find."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong."""

    ROW_CHANGED = "row_changed"
    ROW_MISSING = "row_missing"
    CHAIN_BROKEN = "chain_broken"
    HEAD_UNSIGNED = "head_signature_wrong"
    HEAD_DIFFERS = "head_differs"
    ANCHOR_DAMAGED = "anchor_damaged"
    LEDGER_DIFFERS = "ledger_differs"
    BALANCE_DIFFERS = "balance_differs"
    COUNTS_DIFFER = "counts_differ"
    ACTS_DIFFER = "acts_differ"
    STAFF_DIFFERS = "staff_differs"
    JOBS_DIFFER = "jobs_differ"
    ATTEMPTS_DIFFER = "attempts_differ"
    OUTBOX_DIFFERS = "outbox_differs"
    BATCHES_DIFFER = "batches_differ"
    RESTORES_DIFFER = "restores_differ"
    CENTRE_DIFFERS = "centre_differs"
    POLICIES_DIFFER = "policies_differ"
    LANES_DIFFER = "lanes_differ"
    LETTERS_DIFFER = "letters_differ"
    LETTER_PRINTS_DIFFER = "letter_prints_differ"
    HANDOVERS_DIFFER = "handovers_differ"
    OLD_CARDS_DIFFER = "old_cards_differ"
    MADE_CARDS_DIFFER = "made_cards_differ"
    HELD_DIFFER = "held_differ"
    STATUSES_DIFFER = "statuses_differ"
    ASIDE_DIFFERS = "aside_differs"
    VERDICTS_DIFFER = "verdicts_differ"
    DELIVERIES_DIFFER = "deliveries_differ"
    PARCELS_DIFFER = "parcels_differ"
    MARKS_DIFFER = "marks_differ"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, at a row of the journal; 0 where no row tells of it."""

    kind: FaultKind
    row: int
