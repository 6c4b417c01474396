"""Letters on paper: every attempt, what became of its job, and what a person found in the tray."""

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Text,
    UniqueConstraint,
    text,
)

revision = "0015"
down_revision = "0014"

ISSUED_ONLY = """
CREATE TRIGGER letter_prints_issued BEFORE INSERT ON letter_prints
WHEN NOT EXISTS (
    SELECT 1 FROM letters WHERE year = NEW.year AND place = NEW.place AND number = NEW.number
      AND state = 'issued')
BEGIN SELECT RAISE(ABORT, 'only an issued letter is printed, under its own number'); END
"""
LOOKED_AT = """
CREATE TRIGGER letter_prints_looked_at BEFORE INSERT ON letter_prints
WHEN EXISTS (
    SELECT 1 FROM letter_prints AS earlier WHERE earlier.year = NEW.year AND earlier.place = NEW.place
      AND (earlier.outcome IS NULL OR (earlier.outcome = 'UNKNOWN' AND earlier.paper IS NULL)))
BEGIN SELECT RAISE(ABORT, 'a letter that may be on paper is not printed before somebody has looked'); END
"""
ONE_FIRST = """
CREATE TRIGGER letter_prints_one_first BEFORE INSERT ON letter_prints
WHEN NEW.copy_kind = 'first' AND EXISTS (
    SELECT 1 FROM letter_prints AS earlier WHERE earlier.year = NEW.year AND earlier.place = NEW.place
      AND earlier.outcome IN ('DONE', 'UNKNOWN') AND (earlier.paper IS NULL OR earlier.paper = 'good'))
BEGIN SELECT RAISE(ABORT, 'a letter that is on paper is printed again only as a reprint, with a reason'); END
"""
ENDS_ONCE = """
CREATE TRIGGER letter_prints_end_once BEFORE UPDATE ON letter_prints
WHEN (OLD.journal, OLD.year, OLD.place, OLD.attempt, OLD.number, OLD.copy_kind, OLD.printer, OLD.sha256)
        IS NOT
        (NEW.journal, NEW.year, NEW.place, NEW.attempt, NEW.number, NEW.copy_kind, NEW.printer, NEW.sha256)
    OR (OLD.job IS NOT NULL AND NEW.job IS NOT OLD.job)
    OR (OLD.outcome IS NOT NULL AND (NEW.outcome IS NOT OLD.outcome OR NEW.cause IS NOT OLD.cause))
    OR (OLD.paper IS NOT NULL AND NEW.paper IS NOT OLD.paper)
BEGIN SELECT RAISE(ABORT, 'an attempt to print a letter ends once, and stays what it is'); END
"""
STAYS = """
CREATE TRIGGER letter_prints_stay BEFORE DELETE ON letter_prints
BEGIN SELECT RAISE(ABORT, 'letter_prints rows are never deleted'); END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter_prints",
        Column(
            "journal",
            Integer,
            ForeignKey("journal.sequence", name="fk_letter_prints_journal"),
            primary_key=True,
            nullable=False,
        ),
        Column("year", Integer, nullable=False),
        Column("place", Integer, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("number", Text, nullable=False),
        Column("copy_kind", Text, nullable=False),
        Column("printer", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("job", Integer),
        Column("outcome", Text),
        Column("cause", Text),
        Column("paper", Text),
        ForeignKeyConstraint(
            ["year", "place"], ["letters.year", "letters.place"], name="fk_letter_prints_letter"
        ),
        UniqueConstraint("year", "place", "attempt", name="uq_letter_prints_year_place_attempt"),
        CheckConstraint("copy_kind IN ('first', 'reprint')", name="ck_letter_prints_copy_kind"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="ck_letter_prints_outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (cause IS NULL)", name="ck_letter_prints_cause"),
        CheckConstraint(
            "paper IS NULL OR paper IN ('good', 'spoiled', 'nothing')", name="ck_letter_prints_paper"
        ),
        CheckConstraint(
            "paper IS NULL OR (outcome IS NOT NULL AND outcome != 'NOT_DONE')",
            name="ck_letter_prints_paper_of_sent",
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'NOT_DONE' OR job IS NOT NULL",
            name="ck_letter_prints_sent_has_job",
        ),
    )
    op.create_index(
        "uq_letter_prints_one_open",
        "letter_prints",
        ["year", "place"],
        unique=True,
        sqlite_where=text("outcome IS NULL"),
    )
    for trigger in (ISSUED_ONLY, LOOKED_AT, ONE_FIRST, ENDS_ONCE, STAYS):
        op.execute(trigger)
