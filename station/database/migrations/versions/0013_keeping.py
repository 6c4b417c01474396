"""What is known of the centre and the letter policy that follows; backups; what a restore holds back."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text

revision = "0013"
down_revision = "0012"

HELD = """
CREATE TRIGGER attempts_after_restore BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM restorations WHERE released IS NULL)
BEGIN SELECT RAISE(ABORT, 'restored from a backup: nothing is made before people have released it'); END
"""
# A card that was made after the backup is a live card, though this database has no attempt of it.
MADE_SINCE = """
CREATE TRIGGER jobs_made_since_backup_{action} BEFORE {event} ON jobs
WHEN NEW.purpose = 'card' AND NEW.state IN ('queued', 'working', 'waiting')
    AND EXISTS (SELECT 1 FROM cards_since_backup WHERE person = NEW.person AND issue = NEW.issue)
BEGIN SELECT RAISE(ABORT, 'this person''s card of this issue was made after the backup'); END
"""
RELEASED_ONCE = """
CREATE TRIGGER restorations_released_once BEFORE UPDATE ON restorations
WHEN (OLD.released IS NOT NULL AND (NEW.released IS NOT OLD.released OR NEW.asks_each > OLD.asks_each))
    OR NEW.journal != OLD.journal OR NEW.backup != OLD.backup
BEGIN SELECT RAISE(ABORT, 'a restoration is released once, and stays what it is'); END
"""
COUNTED_FIRST = """
CREATE TRIGGER restorations_counted_first BEFORE UPDATE OF released ON restorations
WHEN OLD.released IS NULL AND (
    NOT EXISTS (SELECT 1 FROM blank_counts WHERE account = 'stock' AND journal > NEW.journal)
    OR EXISTS (SELECT 1 FROM blank_accounts AS held WHERE held.account = 'in_machine' AND held.balance > 0
        AND NOT EXISTS (SELECT 1 FROM blank_counts AS count WHERE count.account = 'in_machine'
            AND count.lane = held.lane AND count.journal > NEW.journal)))
BEGIN SELECT RAISE(ABORT, 'after a restore every place is counted before anything is released'); END
"""
APPEND_ONLY = """
CREATE TRIGGER {table}_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END
"""


def upgrade() -> None:
    """Apply."""
    _centre()
    _backups()
    op.execute(HELD)
    op.execute(MADE_SINCE.format(action="added", event="INSERT"))
    op.execute(MADE_SINCE.format(action="changed", event="UPDATE OF state"))
    op.execute(RELEASED_ONCE)
    op.execute(COUNTED_FIRST)
    for table in ("letter_policies", "cards_since_backup"):
        for action in ("UPDATE", "DELETE"):
            op.execute(APPEND_ONLY.format(table=table, action=action))
    op.execute(APPEND_ONLY.format(table="restorations", action="DELETE"))


def _centre() -> None:
    op.create_table(
        "centre_facts",
        Column("subject", Text, primary_key=True),
        Column("answer", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("how", Text, nullable=False),
        Column("since", Text, nullable=False),
        Column("last_good", Text, nullable=False),
        Column("observed_at", Text, nullable=False),
        CheckConstraint("subject IN ('link', 'receiving', 'printing')", name="ck_centre_facts_subject"),
        CheckConstraint("answer IN ('yes', 'no', 'unknown')", name="ck_centre_facts_answer"),
        CheckConstraint(
            "source IN ('contact', 'centre', 'person', 'assumed')", name="ck_centre_facts_source"
        ),
    )
    op.create_table(
        "letter_policies",
        _journal_row("letter_policies", primary_key=True),
        Column("valid_from", Text, nullable=False),
        Column("situation", Text, nullable=False),
        Column("print_ready", Text, nullable=False),
        Column("needs_central_record", Integer, nullable=False),
        CheckConstraint(
            "situation IN ('normal', 'print_only', 'receive_only', 'standstill')",
            name="ck_letter_policies_situation",
        ),
        CheckConstraint("print_ready IN ('card_only', 'letter_too')", name="ck_letter_policies_print_ready"),
        CheckConstraint("needs_central_record IN (0, 1)", name="ck_letter_policies_needs_central_record"),
    )
    op.create_index("ix_letter_policies_valid_from", "letter_policies", ["valid_from"])


def _journal_row(table: str, *, primary_key: bool = False) -> "Column[int]":
    key = ForeignKey("journal.sequence", name=f"fk_{table}_journal")
    return Column("journal", Integer, key, primary_key=primary_key, nullable=False)


def _backups() -> None:
    op.create_table(
        "last_times",
        Column("name", Text, primary_key=True),
        _journal_row("last_times"),
        Column("at", Text, nullable=False),
        Column("detail", Text, nullable=False),
    )
    op.create_table(
        "restorations",
        _journal_row("restorations", primary_key=True),
        Column("backup", Text, nullable=False),
        Column("state_of", Text, nullable=False),
        Column("restored_at", Text, nullable=False),
        Column("released", Integer, ForeignKey("journal.sequence", name="fk_restorations_released")),
        Column("asks_each", Integer, nullable=False),
        CheckConstraint("asks_each IN (0, 1)", name="ck_restorations_asks_each"),
    )
    op.create_table(
        "cards_since_backup",
        Column("person", Text, primary_key=True),
        Column("issue", Integer, primary_key=True),
        Column("card", Text),
        Column(
            "restoration",
            Integer,
            ForeignKey("restorations.journal", name="fk_cards_since_backup_restoration"),
            nullable=False,
        ),
        _journal_row("cards_since_backup"),
        Column("source", Text, nullable=False),
        CheckConstraint("source IN ('trail', 'centre', 'person')", name="ck_cards_since_backup_source"),
    )
