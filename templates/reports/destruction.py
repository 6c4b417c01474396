"""The minutes of a destruction of spoiled blanks (berita acara pemusnahan)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from .fonts import ReportFonts
from .page import BODY, NOTE, SECTION, Letterhead, letterhead, make_document, paragraph, title
from .tables import Column, Kind, Signer, facts, people, signatures, table
from .words import date_in_words, figures, in_capitals, in_words, long_date, town

NAME = "Berita Acara Pemusnahan Blangko KTP-el"
# SE Mendagri 470.13/11176/SJ: record, burn, minutes each time. Minutes of an earlier day cannot rest on it.
CIRCULAR_FROM = date(2018, 12, 13)
CIRCULAR = "Surat Edaran Menteri Dalam Negeri Nomor 470.13/11176/SJ tanggal 13 Desember 2018"


@dataclass(frozen=True)
class CauseRow:
    """How many were destroyed of one cause, with and without a known chip number."""

    cause: str
    cards: int
    nameless: int


@dataclass(frozen=True)
class SerialRow:
    """One card by its chip number."""

    serial: str
    job: str
    cause: str
    is_void: bool


@dataclass(frozen=True)
class WitnessRow:
    """One witness."""

    name: str
    office: str


@dataclass(frozen=True)
class DestructionValues:
    """Everything that stands on the minutes."""

    office: Letterhead
    number: str
    on: date
    place: str
    burnt_by: str
    signers: tuple[WitnessRow, WitnessRow]
    witnesses: tuple[WitnessRow, ...]
    causes: tuple[CauseRow, ...]
    serials: tuple[SerialRow, ...]
    before: int
    after: int
    old_cards: int = 0

    @property
    def count(self) -> int:
        """How many were destroyed."""
        return self.before - self.after


def draw_destruction(values: DestructionValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw the minutes.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    people = (*values.signers, *values.witnesses)
    fonts.check(
        [
            values.office.province,
            values.office.regency,
            values.number,
            values.place,
            values.burnt_by,
            *(text for one in people for text in (one.name, one.office)),
            *(row.cause for row in values.causes),
        ]
    )
    return make_document(lambda: _story(values), NAME, f"Nomor {values.number}", specimen=specimen)


def _story(values: DestructionValues) -> Sequence[Flowable]:
    office = f"Dinas Kependudukan dan Pencatatan Sipil {in_capitals(values.office.regency)}"
    basis = f"Berdasarkan {CIRCULAR}, telah" if values.on >= CIRCULAR_FROM else "Telah"
    return [
        *letterhead(values.office),
        *title(NAME.upper(), values.number),
        paragraph(f"Pada hari ini, {date_in_words(values.on)}, kami yang bertanda tangan di bawah ini:"),
        people([(one.name, one.office) for one in values.signers]),
        paragraph(
            f"{basis} kami musnahkan dengan cara dibakar sampai habis, bertempat di {values.place}, "
            f"sebanyak {figures(values.count)} ({in_words(values.count)}) keping blangko KTP-el rusak milik "
            f"{office}. Pembakaran dilakukan oleh {values.burnt_by} dan disaksikan oleh:"
        ),
        people([(one.name, one.office) for one in values.witnesses]),
        paragraph("Rincian menurut sebab", SECTION),
        _causes(values),
        paragraph("Persediaan blangko rusak", SECTION),
        facts(
            [
                ("Sebelum pemusnahan", f"{figures(values.before)} keping"),
                ("Dimusnahkan", f"{figures(values.count)} keping"),
                ("Sesudah pemusnahan", f"{figures(values.after)} keping"),
            ]
        ),
        *_old_cards(values),
        paragraph("Daftar nomor seri chip", SECTION),
        *_serials(values),
        paragraph("", BODY),
        _signatures(values),
    ]


def _old_cards(values: DestructionValues) -> list[Flowable]:
    """Cards that holders gave back: they never stood among the blanks, so they stand apart."""
    if not values.old_cards:
        return []
    amount = f"{figures(values.old_cards)} ({in_words(values.old_cards)}) keping"
    return [
        paragraph("Kartu lama yang ditarik dari pemegangnya", SECTION),
        facts([("Ikut dimusnahkan", amount)]),
    ]


def _causes(values: DestructionValues) -> Flowable:
    columns = [
        Column("Sebab rusak", 44),
        Column("Bernomor chip", 18, Kind.NUMBER),
        Column("Tanpa nomor", 18, Kind.NUMBER),
        Column("Jumlah", 16, Kind.NUMBER),
    ]
    rows = [
        (row.cause, figures(row.cards), figures(row.nameless), figures(row.cards + row.nameless))
        for row in values.causes
    ]
    total = (
        "Jumlah",
        figures(sum(row.cards for row in values.causes)),
        figures(sum(row.nameless for row in values.causes)),
        figures(values.count),
    )
    return table(columns, rows, total=total)


def _serials(values: DestructionValues) -> list[Flowable]:
    columns = [
        Column("No.", 7, Kind.NUMBER),
        Column("Nomor seri chip (UID)", 32, Kind.SERIAL),
        Column("Tugas", 12, Kind.NUMBER),
        Column("Sebab rusak", 40),
        Column("Chip terkunci", 18),
    ]
    rows = [
        (f"{number}", row.serial, row.job, row.cause, "YA, batal" if row.is_void else "tidak")
        for number, row in enumerate(values.serials, 1)
    ]
    made = table(columns, rows, empty="Tidak ada blangko yang nomor chipnya diketahui.")
    if not any(row.is_void for row in values.serials):
        return [made]
    note = "YA, batal: chip sudah memuat identitas; kartu ini dinyatakan batal dan dilaporkan ke pusat."
    return [made, paragraph(note, NOTE)]


def _signatures(values: DestructionValues) -> Flowable:
    return signatures(
        [
            *(Signer("Yang memusnahkan,", one.name, one.office) for one in values.signers),
            Signer("Yang membakar,", values.burnt_by),
            *(
                Signer(f"Saksi {number},", one.name, one.office)
                for number, one in enumerate(values.witnesses, 1)
            ),
        ],
        f"{town(values.office.regency)}, {long_date(values.on)}",
        "Demikian Berita Acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
    )
