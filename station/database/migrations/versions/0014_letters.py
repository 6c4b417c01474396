"""The register of substitute letters: every place of every year, issued or void, and where its file lies."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint, text

revision = "0014"
down_revision = "0013"

# A place is the one after the last, so that a year has no gap and no place twice, whatever program asks.
WITHOUT_GAP = """
CREATE TRIGGER letters_without_gap BEFORE INSERT ON letters
WHEN NEW.place != COALESCE((SELECT MAX(place) FROM letters WHERE year = NEW.year), 0) + 1
BEGIN SELECT RAISE(ABORT, 'the numbers of letters have no gap'); END
"""
BEGUN_FIRST = """
CREATE TRIGGER letters_begun_first BEFORE INSERT ON letters
WHEN NEW.state != 'taken' OR NEW.settled IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a letter begins with its number'); END
"""
# taken -> issued | void; issued -> withdrawn. A void number is never used again.
ONE_WAY = """
CREATE TRIGGER letters_one_way BEFORE UPDATE OF state ON letters
WHEN NEW.state != OLD.state AND NOT (
    (OLD.state = 'taken' AND NEW.state IN ('issued', 'void'))
    OR (OLD.state = 'issued' AND NEW.state = 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'a letter that is void or withdrawn stays so'); END
"""
FACTS_STAY = """
CREATE TRIGGER letters_facts_stay BEFORE UPDATE ON letters
WHEN NEW.year != OLD.year OR NEW.place != OLD.place OR NEW.number != OLD.number OR NEW.journal != OLD.journal
    OR NEW.record != OLD.record OR NEW.person != OLD.person OR NEW.reason != OLD.reason
    OR NEW.signer != OLD.signer OR NEW.issued_on != OLD.issued_on OR NEW.valid_until != OLD.valid_until
    OR NEW.renews IS NOT OLD.renews
BEGIN SELECT RAISE(ABORT, 'what a letter states is never changed'); END
"""
# The file comes with the issuing and never changes; its key can only be destroyed.
FILE_STAYS = """
CREATE TRIGGER letters_file_stays BEFORE UPDATE ON letters
WHEN OLD.state != 'taken' AND (
    NEW.content_hash IS NOT OLD.content_hash OR NEW.segment IS NOT OLD.segment
    OR NEW."offset" IS NOT OLD."offset" OR NEW.length IS NOT OLD.length
    OR (NEW.wrapped_key IS NOT NULL AND NEW.wrapped_key IS NOT OLD.wrapped_key)
    OR (OLD.erased_at IS NOT NULL AND NEW.erased_at IS NOT OLD.erased_at))
BEGIN SELECT RAISE(ABORT, 'the file of a letter is never changed, and an erased one stays erased'); END
"""
STAYS = """
CREATE TRIGGER letters_stay BEFORE DELETE ON letters
BEGIN SELECT RAISE(ABORT, 'letters rows are never deleted'); END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letters",
        Column("year", Integer, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("number", Text, nullable=False),
        _journal_row("journal", nullable=False),
        Column("record", Text, nullable=False),
        Column("person", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("signer", Text, nullable=False),
        Column("issued_on", Text, nullable=False),
        Column("valid_until", Text, nullable=False),
        Column("renews", Text),
        Column("state", Text, nullable=False),
        _journal_row("settled", nullable=True),
        Column("cause", Text),
        Column("content_hash", Text),
        Column("segment", Integer),
        Column("offset", Integer),
        Column("length", Integer),
        Column("wrapped_key", LargeBinary),
        Column("erased_at", Text),
        UniqueConstraint("number", name="uq_letters_number"),
        UniqueConstraint("content_hash", name="uq_letters_content_hash"),
        CheckConstraint("place >= 1", name="ck_letters_place"),
        CheckConstraint("state IN ('taken', 'issued', 'withdrawn', 'void')", name="ck_letters_state"),
        CheckConstraint("(state = 'taken') = (settled IS NULL)", name="ck_letters_settled"),
        CheckConstraint("(state IN ('withdrawn', 'void')) = (cause IS NOT NULL)", name="ck_letters_cause"),
        CheckConstraint(
            '(segment IS NULL) = (content_hash IS NULL) AND (segment IS NULL) = ("offset" IS NULL)'
            " AND (segment IS NULL) = (length IS NULL)",
            name="ck_letters_file",
        ),
        CheckConstraint(
            "segment IS NULL OR state IN ('issued', 'withdrawn')", name="ck_letters_file_of_issued"
        ),
        CheckConstraint(
            "(wrapped_key IS NOT NULL) = (segment IS NOT NULL AND erased_at IS NULL)", name="ck_letters_key"
        ),
    )
    op.create_index("ix_letters_person", "letters", ["person"])
    op.create_index("ix_letters_record", "letters", ["record"])
    op.create_index("ix_letters_segment_offset", "letters", ["segment", "offset"])
    for name, state in (("uq_letters_one_begun", "taken"), ("uq_letters_one_valid", "issued")):
        op.create_index(name, "letters", ["person"], unique=True, sqlite_where=text(f"state = '{state}'"))
    for trigger in (WITHOUT_GAP, BEGUN_FIRST, ONE_WAY, FACTS_STAY, FILE_STAYS, STAYS):
        op.execute(trigger)


def _journal_row(column: str, *, nullable: bool) -> "Column[int]":
    key = ForeignKey("journal.sequence", name=f"fk_letters_{column}")
    return Column(column, Integer, key, nullable=nullable)
