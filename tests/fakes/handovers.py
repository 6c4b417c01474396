"""Handovers that stand in the books, without scanner and reader."""

from station.clock import Clock
from station.database import Database
from station.handover import store
from station.handover.book import BeginHandover, EndHandover, HandoverBook
from station.handover.rows import (
    BeforeHandover,
    Conclusion,
    FingerSource,
    HandoverReport,
    OldCardKind,
    Touch,
)
from station.journal.store import Journal

LIMIT = 2.5


def fill_handovers(database: Database, journal: Journal, clock: Clock, by: str = "Siti") -> int:
    """The first card that waits is handed over at the second try, an old card is taken in; return its job."""
    book = HandoverBook(database, journal, clock)
    with database.reading() as transaction:
        ready = store.waiting_cards(transaction)[0]
    before = BeforeHandover(card=ready.card, source=FingerSource.CHIP, fingers=(2, 7), threshold=LIMIT, by=by)
    for score, conclusion in ((1.0, Conclusion.NO_MATCH), (4.0, Conclusion.MATCHED)):
        check = book.begin(BeginHandover(job=ready.job, before=before)).journal
        touch = Touch(finger=2, score=score, quality=60, measure="clarity")
        report = HandoverReport(conclusion=conclusion, touches=(touch,))
        old_cards = (OldCardKind.KTP_EL,) if conclusion is Conclusion.MATCHED else ()
        book.end(EndHandover(check=check, report=report, old_cards=old_cards))
    return ready.job
