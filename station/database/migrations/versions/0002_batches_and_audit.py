"""Batches with their priority classes, signed heads of the journal, and the blanks equation as a rule."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text

revision = "0002"
down_revision = "0001"

# Booking and the equation in one trigger: SQLite fixes no order between several triggers of one event.
# received + lent_in = stock + in_machine + issued + spoiled + destroyed + returned + lent_out
BOOK_AND_CHECK = """
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
    SELECT RAISE(ABORT, 'the blanks equation does not hold')
        WHERE (SELECT SUM(CASE WHEN account IN ('received', 'lent_in') THEN balance ELSE -balance END)
               FROM blank_accounts) != 0;
END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "batches",
        Column("name", Text, primary_key=True),
        Column("priority_class", Text, nullable=False),
        Column("paused", Integer, nullable=False),
        Column("created_at", Text, nullable=False),
        CheckConstraint("paused IN (0, 1)", name="ck_batches_paused"),
    )
    op.execute("ALTER TABLE jobs ADD COLUMN batch TEXT REFERENCES batches (name)")
    op.create_table(
        "journal_heads",
        Column(
            "sequence", Integer, ForeignKey("journal.sequence", name="fk_journal_heads"), primary_key=True
        ),
        Column("hash", Text, nullable=False),
        Column("signature", Text, nullable=False),
        Column("signed_at", Text, nullable=False),
    )
    op.execute("DROP TRIGGER blank_moves_book")
    op.execute(BOOK_AND_CHECK)
