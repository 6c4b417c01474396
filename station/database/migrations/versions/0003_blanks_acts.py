"""Counts, acts that two people sign, loans by office, PINs; and what may move where in the blanks ledger."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text, UniqueConstraint

revision = "0003"
down_revision = "0002"

LOANS = "('lent_in', 'lent_out', 'returned')"
# BEFORE triggers stand in front of the one AFTER trigger that books and checks the equation.
RULES = {
    "way": (
        """NOT (NEW.source || '>' || NEW.target IN (
            'received>stock', 'lent_in>stock', 'stock>in_machine', 'in_machine>stock', 'stock>lent_out',
            'lent_out>stock', 'stock>returned', 'stock>spoiled', 'in_machine>issued', 'in_machine>spoiled',
            'issued>spoiled', 'spoiled>destroyed'))""",
        "blanks do not go from this account to that one",
    ),
    "lane": (
        "(NEW.source = 'in_machine') != (NEW.source_lane != '')"
        " OR (NEW.target = 'in_machine') != (NEW.target_lane != '')",
        "a lane belongs to in_machine and to no other account",
    ),
    "card": (
        """(NEW.card IS NULL AND 'issued' IN (NEW.source, NEW.target)) OR (NEW.card IS NOT NULL AND NEW.source
            != COALESCE((SELECT target FROM blank_moves WHERE card = NEW.card ORDER BY id DESC LIMIT 1),
                CASE WHEN NEW.source IN ('stock', 'in_machine') THEN NEW.source ELSE '' END))""",
        "a card leaves only the account that it is in",
    ),
    "signed": (
        """(NEW.target = 'destroyed' OR (NEW.source = 'stock' AND NEW.target = 'spoiled')
            OR (NEW.source = 'received' AND (NEW.cause IS 'found' OR NEW.act IS NOT NULL)))
        AND NOT EXISTS (SELECT 1 FROM signed_acts WHERE journal = NEW.act AND kind =
            CASE NEW.target WHEN 'destroyed' THEN 'destruction' ELSE 'adjustment' END)""",
        "this needs the signatures of two people",
    ),
    "counted": (
        """NEW.act IS NOT NULL AND NEW.target != 'destroyed' AND NEW.quantity != COALESCE(
            (SELECT (counted - expected) * CASE NEW.source WHEN 'received' THEN 1 ELSE -1 END
                FROM blank_counts
                WHERE id = (SELECT settles FROM signed_acts WHERE journal = NEW.act)), 0)""",
        "an adjustment books the difference that was counted, no more and no less",
    ),
    "nameless": (
        """NEW.target = 'destroyed' AND NEW.card IS NULL AND (NEW.cause IS NULL OR NEW.cause = 'missing'
            OR NEW.quantity > COALESCE((SELECT
                    SUM(CASE target WHEN 'spoiled' THEN quantity ELSE -quantity END)
                FROM blank_moves WHERE card IS NULL AND cause = NEW.cause
                    AND (target = 'spoiled' OR source = 'spoiled')), 0))""",
        "only what lies in the office spoiled can be destroyed",
    ),
    "office": (
        f"(NEW.source IN {LOANS} OR NEW.target IN {LOANS}) != (COALESCE(NEW.counterpart, '') != '')",
        "loans and returns name the other office, and nothing else does",
    ),
    "loan": (
        """(NEW.source = 'lent_out' AND NEW.quantity > COALESCE((SELECT SUM(
                CASE target WHEN 'lent_out' THEN quantity ELSE -quantity END) FROM blank_moves
            WHERE counterpart = NEW.counterpart AND 'lent_out' IN (source, target)), 0))
        OR (NEW.target = 'returned' AND NEW.cause IS NOT 'surplus' AND NEW.quantity > COALESCE((SELECT SUM(
                CASE source WHEN 'lent_in' THEN quantity ELSE -quantity END) FROM blank_moves
            WHERE counterpart = NEW.counterpart
                AND (source = 'lent_in' OR (target = 'returned' AND cause IS NOT 'surplus'))), 0))""",
        "more comes back than was lent",
    ),
}
RULE = """
CREATE TRIGGER blank_moves_{name} BEFORE INSERT ON blank_moves WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
# An act that changes the books needs a supervisor; a handover needs the two who hand over.
SUPERVISED = """
CREATE TRIGGER signed_acts_supervised BEFORE INSERT ON signed_acts
WHEN NEW.kind != 'handover' AND NOT EXISTS (
    SELECT 1 FROM staff WHERE name IN (NEW.first_signer, NEW.second_signer) AND role = 'supervisor')
BEGIN SELECT RAISE(ABORT, 'one of the two signatures must be a supervisor''s'); END
"""
APPEND_ONLY = """
CREATE TRIGGER {table}_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "blank_counts",
        Column("id", Integer, primary_key=True),
        Column(
            "journal", Integer, ForeignKey("journal.sequence", name="fk_blank_counts_journal"), nullable=False
        ),
        Column("kind", Text, nullable=False),
        Column("account", Text, nullable=False),
        Column("lane", Text, nullable=False),
        Column("counted", Integer, nullable=False),
        Column("expected", Integer, nullable=False),
        UniqueConstraint("journal", "account", "lane", name="uq_blank_counts_journal_account_lane"),
        CheckConstraint("kind IN ('opening', 'closing')", name="ck_blank_counts_kind"),
        CheckConstraint("account IN ('stock', 'in_machine')", name="ck_blank_counts_account"),
        CheckConstraint("(account = 'in_machine') = (lane != '')", name="ck_blank_counts_lane"),
        CheckConstraint("counted >= 0 AND expected >= 0", name="ck_blank_counts_counted"),
    )
    op.create_index("ix_blank_counts_account_lane", "blank_counts", ["account", "lane"])
    op.create_table(
        "signed_acts",
        Column(
            "journal",
            Integer,
            ForeignKey("journal.sequence", name="fk_signed_acts_journal"),
            primary_key=True,
        ),
        Column("kind", Text, nullable=False),
        Column("number", Text),
        Column(
            "first_signer", Text, ForeignKey("staff.name", name="fk_signed_acts_first_signer"), nullable=False
        ),
        Column(
            "second_signer",
            Text,
            ForeignKey("staff.name", name="fk_signed_acts_second_signer"),
            nullable=False,
        ),
        Column("settles", Integer, ForeignKey("blank_counts.id", name="fk_signed_acts_settles")),
        UniqueConstraint("number", name="uq_signed_acts_number"),
        UniqueConstraint("settles", name="uq_signed_acts_settles"),
        CheckConstraint("kind IN ('adjustment', 'destruction', 'handover')", name="ck_signed_acts_kind"),
        CheckConstraint("first_signer != second_signer", name="ck_signed_acts_two_people"),
        CheckConstraint("(kind = 'adjustment') = (settles IS NOT NULL)", name="ck_signed_acts_settles"),
        CheckConstraint("(kind = 'adjustment') = (number IS NULL)", name="ck_signed_acts_number"),
    )
    op.execute("ALTER TABLE blank_moves ADD COLUMN counterpart TEXT")
    op.execute("ALTER TABLE blank_moves ADD COLUMN act INTEGER REFERENCES signed_acts (journal)")
    op.execute("ALTER TABLE staff ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0")
    for name, (condition, message) in RULES.items():
        op.execute(RULE.format(name=name, condition=condition, message=message))
    op.execute(SUPERVISED)
    for table in ("blank_counts", "signed_acts"):
        for action in ("UPDATE", "DELETE"):
            op.execute(APPEND_ONLY.format(table=table, action=action))
