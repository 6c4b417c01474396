"""Handovers and old cards that were taken in, as SQLAlchemy sees them."""

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, Table, Text, text

from station.database.metadata import metadata

# One row a check of a finger before a card leaves the office. Triggers refuse a second ending, a change of
# what a check was of, and an exception without a failed check of the same card behind it.
handovers = Table(
    "handovers",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    Column("job", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("card", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("begun_by", Text, nullable=False),
    Column("outcome", Text),
    Column("conclusion", Text),
    Column("settled", Integer, ForeignKey("journal.sequence")),
    Column("finger", Integer),
    Column("score", Float),
    Column("quality", Integer),
    Column("touches", Integer, nullable=False),
    Column("letter", Text),
    Column("reason", Text),
    Column("second_signer", Text, ForeignKey("staff.name")),
    Column("failed_check", Integer, ForeignKey("handovers.journal")),
    CheckConstraint("source IN ('chip', 'record')", name="source"),
    CheckConstraint("outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (settled IS NULL)", name="settled"),
    CheckConstraint("(outcome IS NULL) = (conclusion IS NULL)", name="conclusion"),
    CheckConstraint(
        "conclusion IS NOT 'matched' OR (outcome = 'DONE' AND score IS NOT NULL)", name="matched"
    ),
    CheckConstraint(
        "(conclusion IS 'exception') = (failed_check IS NOT NULL)"
        " AND (conclusion IS 'exception') = (reason IS NOT NULL)"
        " AND (conclusion IS 'exception') = (second_signer IS NOT NULL)",
        name="exception",
    ),
    CheckConstraint("second_signer IS NULL OR second_signer != begun_by", name="two_people"),
    Index("uq_handovers_one_open", "job", unique=True, sqlite_where=text("outcome IS NULL")),
    Index("uq_handovers_job_once", "job", unique=True, sqlite_where=text("outcome = 'DONE'")),
    Index("uq_handovers_card_once", "card", unique=True, sqlite_where=text("outcome = 'DONE'")),
)

# Old cards that were taken in: an account outside the equation of the blanks. Append-only but for the act
# that burns a card.
withdrawn_cards = Table(
    "withdrawn_cards",
    metadata,
    Column("journal", Integer, ForeignKey("journal.sequence"), primary_key=True),
    Column("job", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("act", Integer, ForeignKey("signed_acts.journal")),
    CheckConstraint("kind IN ('ktp_el', 'old_ktp', 'other_office')", name="kind"),
    Index("ix_withdrawn_cards_job", "job"),
)
