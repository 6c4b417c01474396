"""The tables, as SQLAlchemy sees them. The migrations create them; a test compares the two."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

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
