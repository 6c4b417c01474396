"""Held records: where their sealed bytes lie, their wrapped keys, and the tokens that they are found by."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0010"
down_revision = "0003"

# What was erased stays erased: not even a program error brings a key back.
STAYS_ERASED = """
CREATE TRIGGER held_records_stay_erased BEFORE UPDATE ON held_records
WHEN OLD.erased_at IS NOT NULL AND (NEW.wrapped_key IS NOT NULL OR NEW.erased_at IS NOT OLD.erased_at)
BEGIN SELECT RAISE(ABORT, 'an erased record stays erased'); END
"""
# The row is the proof that a person's record was here and was erased.
STAYS = """
CREATE TRIGGER held_records_stay BEFORE DELETE ON held_records
BEGIN SELECT RAISE(ABORT, 'held_records rows are erased, never deleted'); END
"""
NO_TOKENS = """
CREATE TRIGGER record_tokens_of_held BEFORE INSERT ON record_tokens
WHEN NOT EXISTS (SELECT 1 FROM held_records WHERE record = NEW.record AND erased_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'an erased record is not found by anything'); END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "held_records",
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
        UniqueConstraint("content_hash", name="uq_held_records_content_hash"),
        CheckConstraint("(wrapped_key IS NULL) = (erased_at IS NOT NULL)", name="ck_held_records_erased"),
        CheckConstraint('segment >= 1 AND "offset" >= 0 AND length >= 1', name="ck_held_records_place"),
        CheckConstraint(
            "(centre_status IS NULL) = (centre_status_at IS NULL)", name="ck_held_records_centre_status"
        ),
    )
    op.create_index("ix_held_records_person", "held_records", ["person"])
    op.create_index("ix_held_records_segment_offset", "held_records", ["segment", "offset"])
    op.create_index("ix_held_records_received_at", "held_records", ["received_at"])
    op.create_table(
        "record_tokens",
        Column("token", LargeBinary, primary_key=True),
        Column(
            "record",
            Text,
            ForeignKey("held_records.record", name="fk_record_tokens_record"),
            primary_key=True,
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_record_tokens_record", "record_tokens", ["record"])
    op.create_index("ix_jobs_record", "jobs", ["record"])
    op.create_index("ix_journal_person", "journal", ["person"], sqlite_where=text("person IS NOT NULL"))
    op.create_index(
        "ix_journal_erasures",
        "journal",
        ["sequence"],
        sqlite_where=text("name IN ('record_erased', 'records_scrubbed')"),
    )
    for trigger in (STAYS_ERASED, STAYS, NO_TOKENS):
        op.execute(trigger)
