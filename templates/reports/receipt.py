"""The receipt of a card (tanda terima KTP-el): who took it, how the finger was checked, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from .fonts import ReportFonts
from .page import NOTE, SECTION, Letterhead, letterhead, make_document, paragraph, title
from .tables import Signer, facts, signatures
from .words import day_and_date, figures, long_date, town

NAME = "Tanda Terima KTP-el"
UNKNOWN_NAME = "\u2026" * 20  # to be filled in by hand


@dataclass(frozen=True)
class ReceiptValues:
    """One card that was handed over.

    Attributes:
        number: journal row of the handover; it names the receipt.
        time: with the office's time zone.
        holder: name as on the record; None when it can no longer be read.
        nik: masked; None as before.
        card: chip number, hexadecimal.
        check: how the finger was checked, or why it was not: pairs of a label and its words.
        letter: number of the substitute letter that was taken back.
        old_cards: words for the old cards that were taken in.
        given_by, second: members of staff; the second one only of an exception.
    """

    office: Letterhead
    number: int
    on: date
    time: str
    holder: str | None
    nik: str | None
    card: str
    issue: int
    check: tuple[tuple[str, str], ...]
    letter: str | None
    old_cards: tuple[str, ...]
    given_by: str
    second: str | None


def draw_receipt(values: ReceiptValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw a receipt.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    texts = (values.holder or "", values.given_by, values.second or "", values.letter or "")
    fonts.check([values.office.province, values.office.regency, *texts, *values.old_cards])
    fonts.check([text for pair in values.check for text in pair])
    return make_document(lambda: _story(values), NAME, f"Nomor {values.number}", specimen=specimen)


def _story(values: ReceiptValues) -> Sequence[Flowable]:
    return [
        *letterhead(values.office),
        *title(NAME.upper(), f"{values.number:05}/TT-KTP/{values.on.year}"),
        paragraph(
            f"Pada hari {day_and_date(values.on)}, pukul {values.time}, satu keping KTP-el telah diserahkan "
            "kepada pemegangnya:"
        ),
        facts(
            [
                ("Nama", values.holder or UNKNOWN_NAME),
                ("NIK", values.nik or UNKNOWN_NAME),
                ("Nomor chip", values.card),
                ("Terbitan ke-", figures(values.issue)),
            ]
        ),
        paragraph("Pemeriksaan jari", SECTION),
        facts(list(values.check)),
        paragraph("Yang diterima kembali oleh kantor", SECTION),
        facts(
            [
                ("Surat keterangan", f"Nomor {values.letter}" if values.letter else "tidak ada"),
                ("Kartu lama", ", ".join(values.old_cards) or "tidak ada"),
            ]
        ),
        paragraph("", NOTE),
        _signatures(values),
    ]


def _signatures(values: ReceiptValues) -> Flowable:
    signers = [Signer("Yang menerima,", values.holder), Signer("Yang menyerahkan,", values.given_by)]
    if values.second is not None:
        signers.append(Signer("Mengetahui,", values.second))
    return signatures(signers, f"{town(values.office.regency)}, {long_date(values.on)}")
