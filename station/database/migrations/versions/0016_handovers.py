"""Handovers: a finger is checked, the card leaves the office once; old cards that were taken in."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Integer, Text, text

revision = "0016"
down_revision = "0015"

# A card is handed over when its attempt has ended well; every other step belongs to an open attempt.
ATTEMPT_OF_INTENT = """
CREATE TRIGGER journal_open_attempt BEFORE INSERT ON journal
WHEN NEW.kind = 'intent'
  AND NOT EXISTS (
    SELECT 1 FROM attempts WHERE id = NEW.attempt
      AND state = CASE NEW.name WHEN 'handover' THEN 'ready' ELSE 'open' END)
BEGIN SELECT RAISE(ABORT, 'an intent needs an open attempt, and a handover a finished card'); END
"""
READY_CARD = """
CREATE TRIGGER handovers_ready_card BEFORE INSERT ON handovers
WHEN NOT EXISTS (
    SELECT 1 FROM attempts JOIN jobs ON jobs.id = attempts.job
    WHERE attempts.id = NEW.attempt AND jobs.id = NEW.job AND attempts.card = NEW.card
      AND attempts.state = 'ready' AND jobs.purpose = 'card')
BEGIN SELECT RAISE(ABORT, 'only the finished card of a job is handed over'); END
"""
ONCE = """
CREATE TRIGGER handovers_once BEFORE INSERT ON handovers
WHEN EXISTS (
    SELECT 1 FROM handovers AS earlier WHERE earlier.job = NEW.job
      AND (earlier.outcome IS NULL OR earlier.outcome != 'NOT_DONE'))
BEGIN SELECT RAISE(ABORT, 'a card that may have been handed over is not handed over again'); END
"""
ENDS_ONCE = """
CREATE TRIGGER handovers_end_once BEFORE UPDATE ON handovers
WHEN (OLD.journal, OLD.attempt, OLD.job, OLD.card, OLD.source, OLD.begun_by)
        IS NOT (NEW.journal, NEW.attempt, NEW.job, NEW.card, NEW.source, NEW.begun_by)
    OR OLD.outcome IN ('DONE', 'NOT_DONE')
BEGIN SELECT RAISE(ABORT, 'a handover ends once, and stays what it is'); END
"""
# The second person opens a way round the finger only after the finger was tried.
EXCEPTION = """
CREATE TRIGGER handovers_exception BEFORE UPDATE OF failed_check ON handovers
WHEN NEW.failed_check IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM handovers AS failed WHERE failed.journal = NEW.failed_check AND failed.job = NEW.job
      AND failed.outcome = 'NOT_DONE' AND failed.conclusion IN ('no_match', 'no_picture')
      AND failed.touches >= 3)
BEGIN SELECT RAISE(ABORT, 'an exception needs a failed check of the same card, with three touches'); END
"""
SUPERVISED = """
CREATE TRIGGER handovers_supervised BEFORE UPDATE OF second_signer ON handovers
WHEN NEW.second_signer IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM staff WHERE name IN (NEW.begun_by, NEW.second_signer) AND role = 'supervisor')
BEGIN SELECT RAISE(ABORT, 'one of the two signatures must be a supervisor''s'); END
"""
STAYS = """
CREATE TRIGGER {table}_stay BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END
"""
BURNT_ONCE = """
CREATE TRIGGER withdrawn_cards_burnt_once BEFORE UPDATE ON withdrawn_cards
WHEN (OLD.journal, OLD.job, OLD.kind) IS NOT (NEW.journal, NEW.job, NEW.kind) OR OLD.act IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an old card is burnt once, and stays what it is'); END
"""


def upgrade() -> None:
    """Apply."""
    op.execute("DROP TRIGGER journal_open_attempt")
    op.execute(ATTEMPT_OF_INTENT)
    _handovers()
    _withdrawn_cards()
    for trigger in (READY_CARD, ONCE, ENDS_ONCE, EXCEPTION, SUPERVISED, BURNT_ONCE):
        op.execute(trigger)
    for table in ("handovers", "withdrawn_cards"):
        op.execute(STAYS.format(table=table))


def _handovers() -> None:
    op.create_table(
        "handovers",
        Column(
            "journal",
            Integer,
            ForeignKey("journal.sequence", name="fk_handovers_journal"),
            primary_key=True,
            nullable=False,
        ),
        Column("attempt", Integer, ForeignKey("attempts.id", name="fk_handovers_attempt"), nullable=False),
        Column("job", Integer, ForeignKey("jobs.id", name="fk_handovers_job"), nullable=False),
        Column("card", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("begun_by", Text, nullable=False),
        Column("outcome", Text),
        Column("conclusion", Text),
        Column("settled", Integer, ForeignKey("journal.sequence", name="fk_handovers_settled")),
        Column("finger", Integer),
        Column("score", Float),
        Column("quality", Integer),
        Column("touches", Integer, nullable=False),
        Column("letter", Text),
        Column("reason", Text),
        Column("second_signer", Text, ForeignKey("staff.name", name="fk_handovers_second_signer")),
        Column("failed_check", Integer, ForeignKey("handovers.journal", name="fk_handovers_failed_check")),
        CheckConstraint("source IN ('chip', 'record')", name="ck_handovers_source"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('DONE', 'NOT_DONE', 'UNKNOWN')", name="ck_handovers_outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (settled IS NULL)", name="ck_handovers_settled"),
        CheckConstraint("(outcome IS NULL) = (conclusion IS NULL)", name="ck_handovers_conclusion"),
        CheckConstraint(
            "conclusion IS NOT 'matched' OR (outcome = 'DONE' AND score IS NOT NULL)",
            name="ck_handovers_matched",
        ),
        CheckConstraint(
            "(conclusion IS 'exception') = (failed_check IS NOT NULL)"
            " AND (conclusion IS 'exception') = (reason IS NOT NULL)"
            " AND (conclusion IS 'exception') = (second_signer IS NOT NULL)",
            name="ck_handovers_exception",
        ),
        CheckConstraint("second_signer IS NULL OR second_signer != begun_by", name="ck_handovers_two_people"),
    )
    for name, column, condition in (
        ("uq_handovers_one_open", "job", "outcome IS NULL"),
        ("uq_handovers_job_once", "job", "outcome = 'DONE'"),
        ("uq_handovers_card_once", "card", "outcome = 'DONE'"),
    ):
        op.create_index(name, "handovers", [column], unique=True, sqlite_where=text(condition))


def _withdrawn_cards() -> None:
    op.create_table(
        "withdrawn_cards",
        Column(
            "journal",
            Integer,
            ForeignKey("journal.sequence", name="fk_withdrawn_cards_journal"),
            primary_key=True,
            nullable=False,
        ),
        Column("job", Integer, ForeignKey("jobs.id", name="fk_withdrawn_cards_job"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("act", Integer, ForeignKey("signed_acts.journal", name="fk_withdrawn_cards_act")),
        CheckConstraint("kind IN ('ktp_el', 'old_ktp', 'other_office')", name="ck_withdrawn_cards_kind"),
    )
    op.create_index("ix_withdrawn_cards_job", "withdrawn_cards", ["job"])
