"""Bundles that were taken in, the verdict on each of their records, and the records that are set aside."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint

revision = "0011"
down_revision = "0010"

# A record that was set aside is decided once, by a person, and never vanishes from the books.
DECIDED_ONCE = """
CREATE TRIGGER set_aside_decided_once BEFORE UPDATE ON set_aside
WHEN OLD.state != 'waiting'
BEGIN SELECT RAISE(ABORT, 'a record that was set aside is decided once'); END
"""
STAYS = """
CREATE TRIGGER set_aside_stays BEFORE DELETE ON set_aside
BEGIN SELECT RAISE(ABORT, 'set_aside rows are decided, never deleted'); END
"""
# What is in stays in: only a record that was not kept may be tried again.
VERDICT_STAYS = """
CREATE TRIGGER intake_verdicts_stay BEFORE UPDATE ON intake_verdicts
WHEN OLD.verdict != 'set_aside'
BEGIN SELECT RAISE(ABORT, 'a record that was taken in stays so'); END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "intakes",
        Column("id", Integer, primary_key=True),
        Column("manifest_sha256", Text, nullable=False),
        Column("bundle", Text, nullable=False),
        Column("sender", Text, nullable=False),
        Column("sender_kind", Text, nullable=False),
        Column("records", Integer, nullable=False),
        Column("begun_at", Text, nullable=False),
        UniqueConstraint("manifest_sha256", name="uq_intakes_manifest_sha256"),
        CheckConstraint("sender_kind IN ('recording_station', 'centre')", name="ck_intakes_sender_kind"),
        CheckConstraint("records >= 1", name="ck_intakes_records"),
    )
    op.create_table(
        "intake_verdicts",
        Column(
            "intake", Integer, ForeignKey("intakes.id", name="fk_intake_verdicts_intake"), primary_key=True
        ),
        Column("position", Integer, primary_key=True),
        Column("record", Text, nullable=False),
        Column("content_hash", Text, nullable=False),
        Column("captured_at", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("code", Text),
        Column("warnings", Text, nullable=False),
        Column("at", Text, nullable=False),
        CheckConstraint(
            "verdict IN ('accepted', 'duplicate', 'set_aside')", name="ck_intake_verdicts_verdict"
        ),
        CheckConstraint("(verdict = 'set_aside') = (code IS NOT NULL)", name="ck_intake_verdicts_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_intake_verdicts_record", "intake_verdicts", ["record"])
    op.create_table(
        "set_aside",
        Column("id", Integer, primary_key=True),
        Column("intake", Integer, ForeignKey("intakes.id", name="fk_set_aside_intake"), nullable=False),
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
        Column("decided_by", Text, ForeignKey("staff.name", name="fk_set_aside_decided_by")),
        UniqueConstraint("content_hash", name="uq_set_aside_content_hash"),
        CheckConstraint("state IN ('waiting', 'taken', 'discarded')", name="ck_set_aside_state"),
        CheckConstraint("(state = 'waiting') = (wrapped_key IS NOT NULL)", name="ck_set_aside_key"),
        CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="ck_set_aside_decided",
        ),
        CheckConstraint('segment >= 1 AND "offset" >= 0 AND length >= 1', name="ck_set_aside_place"),
    )
    op.create_index("ix_set_aside_state", "set_aside", ["state"])
    for trigger in (DECIDED_ONCE, STAYS, VERDICT_STAYS):
        op.execute(trigger)
