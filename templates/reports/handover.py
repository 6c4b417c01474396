"""The minutes of a handover of blanks (berita acara serah terima): between two people, or two offices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from .fonts import ReportFonts
from .page import NOTE, SECTION, Letterhead, letterhead, make_document, paragraph, title
from .tables import Column, Kind, Signer, facts, people, signatures, table
from .words import date_in_words, figures, in_words, long_date, town

NAME = "Berita Acara Serah Terima Blangko KTP-el"


@dataclass(frozen=True)
class PartyRow:
    """One of the two who hand over, with role or office."""

    name: str
    office: str


@dataclass(frozen=True)
class PlaceRow:
    """What is handed over at one place; the count is the last one, if there was any."""

    place: str
    booked: int
    counted: int | None
    counted_at: str | None


@dataclass(frozen=True)
class StockValues:
    """A handover of the whole stock from one person to another."""

    office: Letterhead
    number: str
    on: date
    time: str
    giver: PartyRow
    receiver: PartyRow
    places: tuple[PlaceRow, ...]
    spoiled: tuple[tuple[str, int], ...]
    void: int
    missing: int
    differences: int
    questions: int


@dataclass(frozen=True)
class LoanValues:
    """Blanks that go from one office to another. `what` says as which booking: a loan, a return."""

    office: Letterhead
    number: str
    on: date
    giver: PartyRow
    receiver: PartyRow
    what: str
    quantity: int
    journal_row: int


def draw_stock_handover(values: StockValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw the minutes of a handover between two people.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    fonts.check([*_party_texts(values.office, values.number, values.giver, values.receiver)])
    fonts.check([text for row in values.places for text in (row.place,)])
    return make_document(lambda: _stock_story(values), NAME, f"Nomor {values.number}", specimen=specimen)


def draw_loan_handover(values: LoanValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw the minutes of a handover between two offices.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    fonts.check([*_party_texts(values.office, values.number, values.giver, values.receiver), values.what])
    return make_document(lambda: _loan_story(values), NAME, f"Nomor {values.number}", specimen=specimen)


def _party_texts(office: Letterhead, number: str, giver: PartyRow, receiver: PartyRow) -> tuple[str, ...]:
    people = (giver.name, giver.office, receiver.name, receiver.office)
    return (office.province, office.regency, number, *people)


def _opening(on: date, time: str | None, giver: PartyRow, receiver: PartyRow) -> list[Flowable]:
    moment = f", pukul {time}" if time else ""
    return [
        paragraph(f"Pada hari ini, {date_in_words(on)}{moment}, kami yang bertanda tangan di bawah ini:"),
        people([(giver.name, giver.office), (receiver.name, receiver.office)]),
        paragraph(
            "selanjutnya yang pertama disebut PIHAK KESATU (yang menyerahkan) dan yang kedua disebut "
            "PIHAK KEDUA (yang menerima)."
        ),
    ]


def _closing(office: Letterhead, on: date, giver: PartyRow, receiver: PartyRow) -> list[Flowable]:
    return [
        signatures(
            [
                Signer("PIHAK KEDUA,", receiver.name, receiver.office),
                Signer("PIHAK KESATU,", giver.name, giver.office),
            ],
            f"{town(office.regency)}, {long_date(on)}",
            "Demikian Berita Acara ini dibuat dalam rangkap dua untuk dipergunakan sebagaimana mestinya.",
        ),
    ]


def _stock_story(values: StockValues) -> Sequence[Flowable]:
    total = sum(row.booked for row in values.places)
    return [
        *letterhead(values.office),
        *title(NAME.upper(), values.number),
        *_opening(values.on, values.time, values.giver, values.receiver),
        paragraph(
            f"PIHAK KESATU menyerahkan kepada PIHAK KEDUA {figures(total)} ({in_words(total)}) keping "
            "blangko KTP-el kosong dan seluruh blangko rusak yang disimpan, dengan rincian sebagai berikut."
        ),
        paragraph("Blangko kosong", SECTION),
        _places(values, total),
        paragraph("Blangko rusak yang disimpan untuk dimusnahkan", SECTION),
        _spoiled(values),
        paragraph("Catatan", SECTION),
        facts(
            [
                ("Selisih hitungan terbuka", f"{figures(values.differences)} tempat"),
                ("Blangko dinyatakan hilang", f"{figures(values.missing)} keping"),
                ("Pertanyaan terbuka", figures(values.questions)),
            ]
        ),
        paragraph("", NOTE),
        *_closing(values.office, values.on, values.giver, values.receiver),
    ]


def _places(values: StockValues, total: int) -> Flowable:
    columns = [
        Column("Tempat", 30),
        Column("Tercatat", 15, Kind.NUMBER),
        Column("Hitungan terakhir", 20, Kind.NUMBER),
        Column("Waktu hitungan", 30),
    ]
    rows = [
        (
            row.place,
            figures(row.booked),
            "\u2013" if row.counted is None else figures(row.counted),
            row.counted_at or "belum pernah dihitung",
        )
        for row in values.places
    ]
    return table(columns, rows, total=("Jumlah", figures(total), "", ""))


def _spoiled(values: StockValues) -> Flowable:
    columns = [Column("Sebab rusak", 60), Column("Jumlah", 20, Kind.NUMBER)]
    rows = [(cause, figures(amount)) for cause, amount in values.spoiled]
    total = sum(amount for _, amount in values.spoiled)
    rows.append(("di antaranya chip terkunci (batal)", figures(values.void)))
    return table(columns, rows if total else [], total=("Jumlah", figures(total)))


def _loan_story(values: LoanValues) -> Sequence[Flowable]:
    amount = f"{figures(values.quantity)} ({in_words(values.quantity)}) keping"
    return [
        *letterhead(values.office),
        *title(NAME.upper(), values.number),
        *_opening(values.on, None, values.giver, values.receiver),
        paragraph(
            f"PIHAK KESATU telah menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA telah menerima, {amount} "
            f"blangko KTP-el kosong sebagai {values.what}."
        ),
        facts(
            [
                ("Jumlah", amount),
                ("Sebagai", values.what),
                ("Baris jurnal", figures(values.journal_row)),
            ]
        ),
        paragraph("", NOTE),
        *_closing(values.office, values.on, values.giver, values.receiver),
    ]
