"""Letters on paper, as SQLAlchemy sees them: one row an attempt."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from station.database.metadata import metadata

# Triggers refuse an attempt while an earlier one may have put paper out that nobody has looked at, a change
# of what an attempt is, and a second ending.
letter_prints = Table(
    "letter_prints",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
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
    UniqueConstraint("year", "place", "attempt"),
    CheckConstraint("copy_kind IN ('first', 'reprint')", name="copy_kind"),
    CheckConstraint("outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (cause IS NULL)", name="cause"),
    CheckConstraint("paper IS NULL OR paper IN ('good', 'spoiled', 'nothing')", name="paper"),
    CheckConstraint("paper IS NULL OR (outcome IS NOT NULL AND outcome != 'NOT_DONE')", name="paper_of_sent"),
    CheckConstraint("outcome IS NULL OR outcome = 'NOT_DONE' OR job IS NOT NULL", name="sent_has_job"),
    Index("uq_letter_prints_one_open", "year", "place", unique=True, sqlite_where=text("outcome IS NULL")),
)
