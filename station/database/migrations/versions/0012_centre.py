"""What goes to the centre and its receipts; what the centre says of records, and what it publishes."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, Text, UniqueConstraint, text

revision = "0012"
down_revision = "0011"

# What the centre has received stays received, under the receipt that came first: nothing counts twice.
RECEIVED_STAYS = """
CREATE TRIGGER deliveries_received_stay BEFORE UPDATE ON deliveries
WHEN OLD.state = 'received' AND (NEW.state != 'received' OR NEW.receipt_number IS NOT OLD.receipt_number
    OR NEW.receipt_at IS NOT OLD.receipt_at OR NEW.content_hash IS NOT OLD.content_hash)
BEGIN SELECT RAISE(ABORT, 'what the centre has received stays received'); END
"""
STAY = """
CREATE TRIGGER deliveries_stay BEFORE DELETE ON deliveries
BEGIN SELECT RAISE(ABORT, 'deliveries rows are settled, never deleted'); END
"""
# The outbox follows the books by itself: no program can forget to send what came in.
RECORD_WAITS = """
CREATE TRIGGER deliveries_of_records AFTER INSERT ON held_records WHEN NEW.origin NOT LIKE 'centre:%'
BEGIN INSERT INTO deliveries (kind, content_hash, record, size, queued_at, state, tries)
VALUES ('record', NEW.content_hash, NEW.record, NEW.length, NEW.received_at, 'waiting', 0); END
"""
MESSAGE_WAITS = """
CREATE TRIGGER deliveries_of_messages AFTER INSERT ON outbox
BEGIN INSERT INTO deliveries (kind, content_hash, outbox, size, queued_at, state, tries)
VALUES ('message', NEW.content_sha256, NEW.id, LENGTH(CAST(NEW.topic || '.' || NEW.payload AS BLOB)),
    NEW.created_at, 'waiting', 0); END
"""
MESSAGES_BEFORE = """
INSERT INTO deliveries (kind, content_hash, outbox, size, queued_at, state, tries)
SELECT 'message', content_sha256, id, LENGTH(CAST(topic || '.' || payload AS BLOB)), created_at, 'waiting', 0
FROM outbox WHERE sent_at IS NULL ORDER BY id
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deliveries",
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
        UniqueConstraint("content_hash", name="uq_deliveries_content_hash"),
        CheckConstraint("kind IN ('record', 'message')", name="ck_deliveries_kind"),
        CheckConstraint("state IN ('waiting', 'unknown', 'received', 'refused')", name="ck_deliveries_state"),
        CheckConstraint(
            "(state = 'received') = (receipt_number IS NOT NULL AND receipt_at IS NOT NULL"
            " AND receipt_signature IS NOT NULL AND channel IS NOT NULL)",
            name="ck_deliveries_receipt",
        ),
        CheckConstraint("state != 'refused' OR reason IS NOT NULL", name="ck_deliveries_refused_has_reason"),
        CheckConstraint("channel IS NULL OR channel IN ('wire', 'disk')", name="ck_deliveries_channel"),
        CheckConstraint("(kind = 'record') = (record IS NOT NULL)", name="ck_deliveries_record"),
        CheckConstraint("(kind = 'message') = (outbox IS NOT NULL)", name="ck_deliveries_outbox"),
    )
    op.create_index("ix_deliveries_record", "deliveries", ["record"])
    op.create_index("ix_deliveries_state", "deliveries", ["state"])
    op.create_index(
        "ix_deliveries_open", "deliveries", ["id"], sqlite_where=text("state IN ('waiting', 'unknown')")
    )
    op.create_table(
        "centre_statuses",
        Column("record", Text, primary_key=True),
        Column("digest", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("heard_at", Text, nullable=False),
    )
    op.create_table(
        "centre_parcels",
        Column("sha256", Text, primary_key=True),
        Column("size", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text),
        Column("announced_at", Text, nullable=False),
        CheckConstraint(
            "state IN ('announced', 'fetched', 'taken', 'refused')", name="ck_centre_parcels_state"
        ),
        CheckConstraint(
            "state != 'refused' OR reason IS NOT NULL", name="ck_centre_parcels_refused_has_reason"
        ),
    )
    op.create_table(
        "centre_marks",
        Column("name", Text, primary_key=True),
        Column("value", Text, nullable=False),
    )
    for statement in (RECEIVED_STAYS, STAY, RECORD_WAITS, MESSAGE_WAITS, MESSAGES_BEFORE):
        op.execute(statement)
