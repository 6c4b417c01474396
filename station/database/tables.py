"""The tables, as SQLAlchemy sees them. The migrations create them; a test compares the two."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from station.database.handover_tables import handovers as handovers
from station.database.handover_tables import withdrawn_cards as withdrawn_cards
from station.database.letter_print_tables import letter_prints as letter_prints
from station.database.letter_tables import letters as letters  # a table like the others
from station.database.metadata import metadata as metadata

# Append-only: triggers refuse UPDATE and DELETE, and a second attempt at a step that cannot be undone.
journal = Table(
    "journal",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lane", Text),
    Column("job", Integer),
    Column("attempt", Integer),
    Column("intent", Integer, ForeignKey("journal.sequence")),
    Column("question", Integer, ForeignKey("journal.sequence")),
    Column("outcome", Text),
    Column("person", Text),
    Column("signed_by", Text),
    Column("payload", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("hash"),
    UniqueConstraint("previous_hash"),
    CheckConstraint("kind IN ('event', 'intent', 'outcome', 'question', 'answer')", name="kind"),
    CheckConstraint("outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="outcome"),
    CheckConstraint(
        "kind != 'outcome' OR (intent IS NOT NULL AND outcome IS NOT NULL)", name="outcome_has_intent"
    ),
    CheckConstraint(
        "kind != 'answer' OR (question IS NOT NULL AND signed_by IS NOT NULL)", name="answer_is_signed"
    ),
    Index("ix_journal_job", "job"),
    Index("ix_journal_attempt", "attempt"),
    Index("ix_journal_person", "person", sqlite_where=Column("person").is_not(None)),
    Index(
        "ix_journal_erasures",
        "sequence",
        sqlite_where=Column("name").in_(["record_erased", "records_scrubbed"]),
    ),
    Index("uq_journal_one_outcome", "intent", unique=True, sqlite_where=Column("kind") == "outcome"),
    Index("uq_journal_one_answer", "question", unique=True, sqlite_where=Column("kind") == "answer"),
)

batches = Table(
    "batches",
    metadata,
    Column("name", Text, primary_key=True),
    Column("priority_class", Text, nullable=False),
    Column("paused", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    CheckConstraint("paused IN (0, 1)", name="paused"),
)

# Signed heads: whoever rewrites the chain cannot sign it again without the token.
journal_heads = Table(
    "journal_heads",
    metadata,
    Column("sequence", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("record_sha256", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lane", Text),
    Column("created_at", Text, nullable=False),
    Column("batch", Text, ForeignKey("batches.name")),
    CheckConstraint("purpose IN ('card', 'specimen')", name="purpose"),
    CheckConstraint(
        "state IN ('queued', 'working', 'waiting', 'ready', 'refused', 'given_up')", name="state"
    ),
    # One identity, one card: the rule that no program error can get round.
    Index(
        "uq_jobs_one_live_card",
        "person",
        "issue",
        unique=True,
        sqlite_where=Column("state").in_(["queued", "working", "waiting", "ready"]),
    ),
    Index("ix_jobs_state", "state", "priority", "id"),
    Index("ix_jobs_record", "record"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("card", Text),
    Column("cause", Text),
    Column("face_sha256", Text),
    UniqueConstraint("job", "number"),
    CheckConstraint("state IN ('open', 'checking', 'ready', 'spoiled', 'not_done')", name="state"),
    CheckConstraint("state != 'spoiled' OR cause IS NOT NULL", name="spoiled_has_cause"),
    CheckConstraint(
        "state != 'ready' OR (card IS NOT NULL AND face_sha256 IS NOT NULL)", name="ready_has_card"
    ),
    Index("uq_attempts_one_open", "job", unique=True, sqlite_where=Column("state").in_(["open", "checking"])),
    Index("uq_attempts_one_open_in_lane", "lane", unique=True, sqlite_where=Column("state") == "open"),
    Index(
        "uq_attempts_card",
        "card",
        unique=True,
        sqlite_where=Column("state").in_(["open", "checking", "ready"]),
    ),
)

blank_accounts = Table(
    "blank_accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("balance", Integer, nullable=False),
    CheckConstraint("balance >= 0", name="balance"),
    CheckConstraint(
        "account IN ('received', 'lent_in', 'lent_out', 'returned', 'stock', 'in_machine', 'issued', "
        "'spoiled', 'destroyed')",
        name="account",
    ),
)

blank_moves = Table(
    "blank_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("source", Text, nullable=False),
    Column("source_lane", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("target_lane", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("card", Text),
    Column("cause", Text),
    Column("counterpart", Text),
    Column("act", Integer, ForeignKey("signed_acts.journal")),
    CheckConstraint("quantity >= 1", name="quantity"),
    CheckConstraint("card IS NULL OR quantity = 1", name="one_card"),
    CheckConstraint("target != 'spoiled' OR cause IS NOT NULL", name="spoiled_has_cause"),
    Index("ix_blank_moves_card", "card"),
)

# What was counted by hand at one place, beside what should have been there. Append-only.
blank_counts = Table(
    "blank_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    UniqueConstraint("journal", "account", "lane"),
    CheckConstraint("kind IN ('opening', 'closing')", name="kind"),
    CheckConstraint("account IN ('stock', 'in_machine')", name="account"),
    CheckConstraint("(account = 'in_machine') = (lane != '')", name="lane"),
    CheckConstraint("counted >= 0 AND expected >= 0", name="counted"),
    Index("ix_blank_counts_account_lane", "account", "lane"),
)

# What two different people have signed with their PINs. Append-only; an adjustment settles one count, once.
signed_acts = Table(
    "signed_acts",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text),
    Column("first_signer", Text, ForeignKey("staff.name"), nullable=False),
    Column("second_signer", Text, ForeignKey("staff.name"), nullable=False),
    Column("settles", Integer, ForeignKey("blank_counts.id")),
    UniqueConstraint("number"),
    UniqueConstraint("settles"),
    CheckConstraint("kind IN ('adjustment', 'destruction', 'handover')", name="kind"),
    CheckConstraint("first_signer != second_signer", name="two_people"),
    CheckConstraint("(kind = 'adjustment') = (settles IS NOT NULL)", name="settles"),
    CheckConstraint("(kind = 'adjustment') = (number IS NULL)", name="number"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("sent_at", Text),
    UniqueConstraint("content_sha256"),
)

staff = Table(
    "staff",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text),
    Column("pin_failures", Integer, nullable=False, server_default="0"),
    CheckConstraint("role IN ('operator', 'supervisor', 'technician')", name="role"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("cause", Text),
    Column("since", Text, nullable=False),
    CheckConstraint("state IN ('ready', 'attention', 'broken')", name="state"),
)

# Records that the station holds: where their sealed bytes lie. Without `wrapped_key` nobody reads them again.
held_records = Table(
    "held_records",
    metadata,
    Column("record", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record_sha256", Text, nullable=False),
    Column("segment", Integer, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("received_at", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("local_status", Text, nullable=False),
    Column("centre_status", Text),
    Column("centre_status_at", Text),
    Column("erased_at", Text),
    UniqueConstraint("content_hash"),
    CheckConstraint("(wrapped_key IS NULL) = (erased_at IS NOT NULL)", name="erased"),
    CheckConstraint('segment >= 1 AND "offset" >= 0 AND length >= 1', name="place"),
    CheckConstraint("(centre_status IS NULL) = (centre_status_at IS NULL)", name="centre_status"),
    Index("ix_held_records_person", "person"),
    Index("ix_held_records_segment_offset", "segment", "offset"),
    Index("ix_held_records_received_at", "received_at"),
)

# Keyed digests of name words and birth dates: what a record is found by, without its words on the disk.
record_tokens = Table(
    "record_tokens",
    metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("record", Text, ForeignKey("held_records.record"), primary_key=True),
    Index("ix_record_tokens_record", "record"),
    sqlite_with_rowid=False,
)

# What is known of the centre: the link, whether it receives, whether printing is permitted. Cached beside the
# journal's rows `outage_changed`.
centre_facts = Table(
    "centre_facts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("answer", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("last_good", Text, nullable=False),
    Column("observed_at", Text, nullable=False),
    CheckConstraint("subject IN ('link', 'receiving', 'printing')", name="subject"),
    CheckConstraint("answer IN ('yes', 'no', 'unknown')", name="answer"),
    CheckConstraint("source IN ('contact', 'centre', 'person', 'assumed')", name="source"),
)

# The letter policy that the outage asks for, from a moment on. Append-only.
letter_policies = Table(
    "letter_policies",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("valid_from", Text, nullable=False),
    Column("situation", Text, nullable=False),
    Column("print_ready", Text, nullable=False),
    Column("needs_central_record", Integer, nullable=False),
    CheckConstraint("situation IN ('normal', 'print_only', 'receive_only', 'standstill')", name="situation"),
    CheckConstraint("print_ready IN ('card_only', 'letter_too')", name="print_ready"),
    CheckConstraint("needs_central_record IN (0, 1)", name="needs_central_record"),
    Index("ix_letter_policies_valid_from", "valid_from"),
)

# When something was last done that must be done again and again: a backup, a restore drill.
last_times = Table(
    "last_times",
    metadata,
    Column("name", Text, primary_key=True),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("at", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

# This database was restored from a backup. Until people have released it, no attempt begins.
restorations = Table(
    "restorations",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("backup", Text, nullable=False),
    Column("state_of", Text, nullable=False),
    Column("restored_at", Text, nullable=False),
    Column("released", Integer, ForeignKey("journal.sequence")),
    Column("asks_each", Integer, nullable=False),
    CheckConstraint("asks_each IN (0, 1)", name="asks_each"),
)

# Cards that were made after the backup, of which this database has no attempt. Append-only.
cards_since_backup = Table(
    "cards_since_backup",
    metadata,
    Column("person", Text, primary_key=True),
    Column("issue", Integer, primary_key=True),
    Column("card", Text),
    Column("restoration", Integer, ForeignKey("restorations.journal"), nullable=False),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("source", Text, nullable=False),
    CheckConstraint("source IN ('trail', 'centre', 'person')", name="source"),
)

# Bundles that records were taken from; a bundle is known by the SHA-256 of its manifest.
intakes = Table(
    "intakes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("manifest_sha256", Text, nullable=False),
    Column("bundle", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("sender_kind", Text, nullable=False),
    Column("records", Integer, nullable=False),
    Column("begun_at", Text, nullable=False),
    UniqueConstraint("manifest_sha256"),
    CheckConstraint("sender_kind IN ('recording_station', 'centre')", name="sender_kind"),
    CheckConstraint("records >= 1", name="records"),
)

# What became of each record of a bundle, by its position: a repeated import goes on where these end.
intake_verdicts = Table(
    "intake_verdicts",
    metadata,
    Column("intake", Integer, ForeignKey("intakes.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("captured_at", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("code", Text),
    Column("warnings", Text, nullable=False),
    Column("at", Text, nullable=False),
    CheckConstraint("verdict IN ('accepted', 'duplicate', 'set_aside')", name="verdict"),
    CheckConstraint("(verdict = 'set_aside') = (code IS NOT NULL)", name="code"),
    Index("ix_intake_verdicts_record", "record"),
    sqlite_with_rowid=False,
)

# Records that opened but were not right, sealed in a vault of their own until a person has decided.
set_aside = Table(
    "set_aside",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("intake", Integer, ForeignKey("intakes.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("segment", Integer, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text, ForeignKey("staff.name")),
    UniqueConstraint("content_hash"),
    CheckConstraint("state IN ('waiting', 'taken', 'discarded')", name="state"),
    CheckConstraint("(state = 'waiting') = (wrapped_key IS NOT NULL)", name="key"),
    CheckConstraint(
        "(state = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
        name="decided",
    ),
    CheckConstraint('segment >= 1 AND "offset" >= 0 AND length >= 1', name="place"),
    Index("ix_set_aside_state", "state"),
)

# What goes to the centre, one row for each thing: made by triggers when a record is held or a message queued.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record", Text),
    Column("outbox", Integer),
    Column("size", Integer, nullable=False),
    Column("queued_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("tries", Integer, nullable=False),
    Column("not_before", Text),
    Column("channel", Text),
    Column("receipt_number", Integer),
    Column("receipt_at", Text),
    Column("receipt_signature", Text),
    Column("carried_in", Text),
    Column("carried_at", Text),
    UniqueConstraint("content_hash"),
    CheckConstraint("kind IN ('record', 'message')", name="kind"),
    CheckConstraint("state IN ('waiting', 'unknown', 'received', 'refused')", name="state"),
    CheckConstraint(
        "(state = 'received') = (receipt_number IS NOT NULL AND receipt_at IS NOT NULL"
        " AND receipt_signature IS NOT NULL AND channel IS NOT NULL)",
        name="receipt",
    ),
    CheckConstraint("state != 'refused' OR reason IS NOT NULL", name="refused_has_reason"),
    CheckConstraint("channel IS NULL OR channel IN ('wire', 'disk')", name="channel"),
    CheckConstraint("(kind = 'record') = (record IS NOT NULL)", name="record"),
    CheckConstraint("(kind = 'message') = (outbox IS NOT NULL)", name="outbox"),
    Index("ix_deliveries_record", "record"),
    Index("ix_deliveries_state", "state"),
    Index("ix_deliveries_open", "id", sqlite_where=text("state IN ('waiting', 'unknown')")),
)

# What the centre said last of each record; `digest` pins the four files that it said it of.
centre_statuses = Table(
    "centre_statuses",
    metadata,
    Column("record", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("heard_at", Text, nullable=False),
)

# Bundles that the centre has published for this station.
centre_parcels = Table(
    "centre_parcels",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("announced_at", Text, nullable=False),
    CheckConstraint("state IN ('announced', 'fetched', 'taken', 'refused')", name="state"),
    CheckConstraint("state != 'refused' OR reason IS NOT NULL", name="refused_has_reason"),
)

# How far the pulls have come, and whether sending is paused.
centre_marks = Table(
    "centre_marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
