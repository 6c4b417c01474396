"""The journal, the card jobs, the blanks ledger, the outbox and the staff."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text, UniqueConstraint, text

revision = "0001"
down_revision = None

# A card may be brought back to the chip station more than once: that move uses nothing up.
ONCE_ONLY = """
CREATE TRIGGER journal_once BEFORE INSERT ON journal
WHEN NEW.kind = 'intent' AND EXISTS (
    SELECT 1 FROM journal AS earlier
    WHERE earlier.kind = 'intent' AND earlier.attempt = NEW.attempt AND earlier.name = NEW.name
      AND NOT EXISTS (
        SELECT 1 FROM journal AS closing
        WHERE closing.intent = earlier.sequence AND closing.kind IN ('outcome', 'answer')
          AND (closing.outcome = 'NOT_DONE' OR (closing.outcome = 'DONE' AND closing.name = 'recall'))))
BEGIN SELECT RAISE(ABORT, 'a step that may have happened is not begun again'); END
"""
OPEN_ATTEMPT_ONLY = """
CREATE TRIGGER journal_open_attempt BEFORE INSERT ON journal
WHEN NEW.kind = 'intent'
  AND NOT EXISTS (SELECT 1 FROM attempts WHERE id = NEW.attempt AND state = 'open')
BEGIN SELECT RAISE(ABORT, 'an intent needs an open attempt'); END
"""
CHAINED = """
CREATE TRIGGER journal_chained BEFORE INSERT ON journal
WHEN NEW.previous_hash != COALESCE((SELECT hash FROM journal ORDER BY sequence DESC LIMIT 1), '')
  OR NEW.sequence != COALESCE((SELECT MAX(sequence) FROM journal), 0) + 1
BEGIN SELECT RAISE(ABORT, 'a journal row must follow the last one'); END
"""
APPEND_ONLY = """
CREATE TRIGGER {table}_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END
"""
EVIDENCE = """
CREATE TRIGGER attempts_close BEFORE UPDATE OF state ON attempts
WHEN OLD.state NOT IN ('open', 'checking') AND NEW.state != OLD.state
BEGIN SELECT RAISE(ABORT, 'a closed attempt stays closed'); END
"""
# Double entry: what leaves one account arrives in another. `received` and `lent_in` are sources: they count
# what came into the office, so they grow with what they give.
BOOK = """
CREATE TRIGGER blank_moves_book AFTER INSERT ON blank_moves
BEGIN
    INSERT INTO blank_accounts (account, lane, balance) VALUES (NEW.source, NEW.source_lane, 0)
        ON CONFLICT DO NOTHING;
    INSERT INTO blank_accounts (account, lane, balance) VALUES (NEW.target, NEW.target_lane, 0)
        ON CONFLICT DO NOTHING;
    UPDATE blank_accounts
        SET balance = balance
            + CASE WHEN NEW.source IN ('received', 'lent_in') THEN NEW.quantity ELSE -NEW.quantity END
        WHERE account = NEW.source AND lane = NEW.source_lane;
    UPDATE blank_accounts SET balance = balance + NEW.quantity
        WHERE account = NEW.target AND lane = NEW.target_lane;
END
"""
ACCOUNTS = (
    "'received', 'lent_in', 'lent_out', 'returned', 'stock', 'in_machine', 'issued', 'spoiled', 'destroyed'"
)


def upgrade() -> None:
    """Create everything."""
    _journal()
    _jobs()
    _blanks()
    _rest()
    for trigger in (ONCE_ONLY, OPEN_ATTEMPT_ONLY, CHAINED, EVIDENCE, BOOK):
        op.execute(trigger)
    for table in ("journal", "blank_moves"):
        for action in ("UPDATE", "DELETE"):
            op.execute(APPEND_ONLY.format(table=table, action=action))


def _journal() -> None:
    op.create_table(
        "journal",
        Column("sequence", Integer, primary_key=True),
        Column("at", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("lane", Text),
        Column("job", Integer),
        Column("attempt", Integer),
        Column("intent", Integer, ForeignKey("journal.sequence", name="fk_journal_intent")),
        Column("question", Integer, ForeignKey("journal.sequence", name="fk_journal_question")),
        Column("outcome", Text),
        Column("person", Text),
        Column("signed_by", Text),
        Column("payload", Text, nullable=False),
        Column("previous_hash", Text, nullable=False),
        Column("hash", Text, nullable=False),
        UniqueConstraint("hash", name="uq_journal_hash"),
        UniqueConstraint("previous_hash", name="uq_journal_previous_hash"),
        CheckConstraint(
            "kind IN ('event', 'intent', 'outcome', 'question', 'answer')", name="ck_journal_kind"
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="ck_journal_outcome"
        ),
        CheckConstraint(
            "kind != 'outcome' OR (intent IS NOT NULL AND outcome IS NOT NULL)",
            name="ck_journal_outcome_has_intent",
        ),
        CheckConstraint(
            "kind != 'answer' OR (question IS NOT NULL AND signed_by IS NOT NULL)",
            name="ck_journal_answer_is_signed",
        ),
    )
    op.create_index("ix_journal_job", "journal", ["job"])
    op.create_index("ix_journal_attempt", "journal", ["attempt"])
    op.create_index(
        "uq_journal_one_outcome", "journal", ["intent"], unique=True, sqlite_where=text("kind = 'outcome'")
    )
    op.create_index(
        "uq_journal_one_answer", "journal", ["question"], unique=True, sqlite_where=text("kind = 'answer'")
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
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
        CheckConstraint("purpose IN ('card', 'specimen')", name="ck_jobs_purpose"),
        CheckConstraint(
            "state IN ('queued', 'working', 'waiting', 'ready', 'refused', 'given_up')", name="ck_jobs_state"
        ),
    )
    op.create_index(
        "uq_jobs_one_live_card",
        "jobs",
        ["person", "issue"],
        unique=True,
        sqlite_where=text("state IN ('queued', 'working', 'waiting', 'ready')"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "priority", "id"])
    op.create_table(
        "attempts",
        Column("id", Integer, primary_key=True),
        Column("job", Integer, ForeignKey("jobs.id", name="fk_attempts_job"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("lane", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("card", Text),
        Column("cause", Text),
        Column("face_sha256", Text),
        UniqueConstraint("job", "number", name="uq_attempts_job_number"),
        CheckConstraint(
            "state IN ('open', 'checking', 'ready', 'spoiled', 'not_done')", name="ck_attempts_state"
        ),
        CheckConstraint("state != 'spoiled' OR cause IS NOT NULL", name="ck_attempts_spoiled_has_cause"),
        CheckConstraint(
            "state != 'ready' OR (card IS NOT NULL AND face_sha256 IS NOT NULL)",
            name="ck_attempts_ready_has_card",
        ),
    )
    op.create_index(
        "uq_attempts_one_open",
        "attempts",
        ["job"],
        unique=True,
        sqlite_where=text("state IN ('open', 'checking')"),
    )
    op.create_index(
        "uq_attempts_one_open_in_lane", "attempts", ["lane"], unique=True, sqlite_where=text("state = 'open'")
    )
    op.create_index(
        "uq_attempts_card",
        "attempts",
        ["card"],
        unique=True,
        sqlite_where=text("state IN ('open', 'checking', 'ready')"),
    )


def _blanks() -> None:
    op.create_table(
        "blank_accounts",
        Column("account", Text, primary_key=True),
        Column("lane", Text, primary_key=True),
        Column("balance", Integer, nullable=False),
        CheckConstraint("balance >= 0", name="ck_blank_accounts_balance"),
        CheckConstraint(f"account IN ({ACCOUNTS})", name="ck_blank_accounts_account"),
    )
    op.create_table(
        "blank_moves",
        Column("id", Integer, primary_key=True),
        Column(
            "journal", Integer, ForeignKey("journal.sequence", name="fk_blank_moves_journal"), nullable=False
        ),
        Column("source", Text, nullable=False),
        Column("source_lane", Text, nullable=False),
        Column("target", Text, nullable=False),
        Column("target_lane", Text, nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("card", Text),
        Column("cause", Text),
        CheckConstraint("quantity >= 1", name="ck_blank_moves_quantity"),
        CheckConstraint("card IS NULL OR quantity = 1", name="ck_blank_moves_one_card"),
        CheckConstraint("target != 'spoiled' OR cause IS NOT NULL", name="ck_blank_moves_spoiled_has_cause"),
    )
    op.create_index("ix_blank_moves_card", "blank_moves", ["card"])


def _rest() -> None:
    op.create_table(
        "outbox",
        Column("id", Integer, primary_key=True),
        Column("journal", Integer, ForeignKey("journal.sequence", name="fk_outbox_journal"), nullable=False),
        Column("topic", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("content_sha256", Text, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("sent_at", Text),
        UniqueConstraint("content_sha256", name="uq_outbox_content_sha256"),
    )
    op.create_table(
        "staff",
        Column("name", Text, primary_key=True),
        Column("role", Text, nullable=False),
        Column("pin_hash", Text),
        CheckConstraint("role IN ('operator', 'supervisor', 'technician')", name="ck_staff_role"),
    )
    op.create_table(
        "lanes",
        Column("name", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("cause", Text),
        Column("since", Text, nullable=False),
        CheckConstraint("state IN ('ready', 'attention', 'broken')", name="ck_lanes_state"),
    )
