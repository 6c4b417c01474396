"""From a handover to the values of its receipt."""

from dataclasses import dataclass, field

from station.handover.rows import BeforeHandover, Conclusion, FingerSource, OldCardKind
from station.handover.store import Handover, ReadyCard
from station.journal import JournalRow
from station.language import marked
from station.local_time import local
from station.records.nik import masked
from station.records.record import Record
from station.statements.paper import PaperWords
from templates.reports.fonts import ReportFonts
from templates.reports.receipt import ReceiptValues, draw_receipt
from templates.reports.words import sentence


@dataclass(frozen=True)
class HandoverFacts:
    """Everything that a receipt states.

    Attributes:
        given: a handover that was done. before: what its intent says. settled: the row that settled it.
        record: of the holder; None where it can no longer be read.
    """

    given: Handover
    before: BeforeHandover
    settled: JournalRow
    ready: ReadyCard
    old_cards: tuple[OldCardKind, ...]
    record: Record | None = field(repr=False)


def draw(facts: HandoverFacts, words: PaperWords, fonts: ReportFonts) -> bytes:
    """Draw the receipt; SPESIMEN unless its record is of production.

    Raises:
        ReportError: it cannot be drawn.
    """
    is_specimen = facts.record is None or not facts.record.from_production
    return draw_receipt(receipt_values(facts, words), fonts, specimen=is_specimen)


def receipt_values(facts: HandoverFacts, words: PaperWords) -> ReceiptValues:
    """Put a handover into words."""
    at = local(facts.settled.at, words.zone)
    data = facts.record.data if facts.record else None
    return ReceiptValues(
        office=words.letterhead,
        number=facts.settled.sequence,
        on=at.date(),
        time=f"{at:%H.%M} {words.zone.value}",
        holder=data.name if data else None,
        nik=masked(data.nik) if data else None,
        card=facts.given.card.upper(),
        issue=facts.ready.issue,
        check=tuple(_check(facts, words)),
        letter=facts.given.letter,
        old_cards=tuple(words.word(f"old_card_{kind.value}") for kind in facts.old_cards),
        given_by=facts.settled.signed_by or facts.given.begun_by,
        second=facts.given.second_signer,
    )


def _check(facts: HandoverFacts, words: PaperWords) -> list[tuple[str, str]]:
    given, text = facts.given, words.text
    source = (
        text(marked("the chip of the card"))
        if given.source is FingerSource.CHIP
        else text(marked("the stored record, not the chip"))
    )
    rows = [
        (text(marked("Result")), sentence(words.word(f"handover_{(given.conclusion or '-')}"))),
        (text(marked("Compared with")), source),
    ]
    if given.conclusion is Conclusion.MATCHED:
        rows += [
            (text(marked("Finger")), words.word(f"finger_{given.finger}")),
            (text(marked("Score")), f"{_figure(given.score)} ({_figure(facts.before.threshold)})"),
            (text(marked("Touches")), str(given.touches)),
        ]
    if given.reason is not None:
        rows.append((text(marked("Reason")), words.word(given.reason.value)))
    return rows


def _figure(score: float | None) -> str:
    return "\u2013" if score is None else f"{score:.2f}".replace(".", ",")
