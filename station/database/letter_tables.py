"""The register of substitute letters, as SQLAlchemy sees it. Every place of a year is issued or void."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from station.database.metadata import metadata

# A row begins when its number is taken. One that is issued and has no segment lost its file in a restore; one
# that has a segment and no `wrapped_key` was erased with its person.
letters = Table(
    "letters",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("number", Text, nullable=False),
    Column("journal", Integer, ForeignKey("journal.sequence"), nullable=False),
    Column("record", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("issued_on", Text, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("renews", Text),
    Column("state", Text, nullable=False),
    Column("settled", Integer, ForeignKey("journal.sequence")),
    Column("cause", Text),
    Column("content_hash", Text),
    Column("segment", Integer),
    Column("offset", Integer),
    Column("length", Integer),
    Column("wrapped_key", LargeBinary),
    Column("erased_at", Text),
    UniqueConstraint("number"),
    UniqueConstraint("content_hash"),
    CheckConstraint("place >= 1", name="place"),
    CheckConstraint("state IN ('taken', 'issued', 'withdrawn', 'void')", name="state"),
    CheckConstraint("(state = 'taken') = (settled IS NULL)", name="settled"),
    CheckConstraint("(state IN ('withdrawn', 'void')) = (cause IS NOT NULL)", name="cause"),
    CheckConstraint(
        '(segment IS NULL) = (content_hash IS NULL) AND (segment IS NULL) = ("offset" IS NULL)'
        " AND (segment IS NULL) = (length IS NULL)",
        name="file",
    ),
    CheckConstraint("segment IS NULL OR state IN ('issued', 'withdrawn')", name="file_of_issued"),
    CheckConstraint("(wrapped_key IS NOT NULL) = (segment IS NOT NULL AND erased_at IS NULL)", name="key"),
    Index("ix_letters_person", "person"),
    Index("ix_letters_record", "record"),
    Index("ix_letters_segment_offset", "segment", "offset"),
    Index("uq_letters_one_begun", "person", unique=True, sqlite_where=text("state = 'taken'")),
    Index("uq_letters_one_valid", "person", unique=True, sqlite_where=text("state = 'issued'")),
)
