"""The notice at the counter: what goes on and what does not, while the data centre is away.

What it says follows the Ditjen's letter 471.13/3256/DUKCAPIL of 17 March 2017 (recording goes on, print-ready
records may be printed) and the practice of the substitute letter (facts: domain.md sections 1 and 4). No
official form of such a notice was read; the words are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from .fonts import ReportFonts
from .page import BODY, CENTRE, Letterhead, gap, letterhead, make_document, paragraph, title
from .tables import Signer, signatures
from .words import long_date, town

NAME = "Pengumuman Pelayanan KTP-el"
LARGE = ParagraphStyle("notice", parent=BODY, fontSize=14, leading=20, spaceAfter=10)
UNDER = ParagraphStyle("notice under title", parent=CENTRE, fontSize=12, leading=16)


@dataclass(frozen=True)
class NoticeValues:
    """What the notice depends on.

    Attributes:
        since: when the outage began; None while everything works.
        letter: number of the letter that the office goes by, if there is one.
        receives: the centre receives and de-duplicates.
        may_print: print-ready records are printed.
        letters_ask_centre: before a letter the centre is asked whether it has the person.
    """

    office: Letterhead
    on: date
    since: date | None
    letter: str | None
    receives: bool
    may_print: bool
    letters_ask_centre: bool


def draw_centre_notice(values: NoticeValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw the notice on one A4 page.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    fonts.check([values.office.province, values.office.regency, values.letter or ""])
    return make_document(lambda: _story(values), NAME, long_date(values.on), specimen=specimen)


def _story(values: NoticeValues) -> Sequence[Flowable]:
    points = (_recording(values), _printing(values), _letters(values), _patience(values))
    return [
        *letterhead(values.office),
        *title("PENGUMUMAN"),
        paragraph("Pelayanan KTP-el di kantor ini", UNDER),
        gap(6),
        paragraph(_opening(values), LARGE),
        *(paragraph(f"{number}. {text}", LARGE) for number, text in enumerate(filter(None, points), 1)),
        gap(4),
        signatures(
            [Signer("Kepala Dinas,", "", "")],
            f"{town(values.office.regency)}, {long_date(values.on)}",
            "Terima kasih atas pengertian Anda.",
        ),
    ]


def _opening(values: NoticeValues) -> str:
    since = f" sejak {long_date(values.since)}" if values.since else ""
    basis = f" (surat nomor {values.letter})" if values.letter else ""
    if values.receives and values.may_print:
        return "Pelayanan KTP-el berjalan seperti biasa."
    if values.receives:
        return f"Pencetakan KTP-el dihentikan sementara{since}{basis}."
    if values.may_print:
        return (
            f"Pusat data kependudukan belum dapat menerima dan memeriksa data perekaman{since}{basis}. "
            "Pelayanan di kantor ini tetap berjalan sebagai berikut."
        )
    return (
        "Pusat data kependudukan belum dapat menerima dan memeriksa data perekaman, dan pencetakan KTP-el "
        f"dihentikan sementara{since}{basis}. Pelayanan di kantor ini berjalan sebagai berikut."
    )


def _recording(values: NoticeValues) -> str:
    if values.receives:
        return "Perekaman KTP-el tetap berjalan, dan data Anda dikirim ke pusat data."
    return (
        "Perekaman KTP-el tetap berjalan. Data Anda disimpan dengan aman di kantor ini dan dikirim setelah "
        "pusat data melayani kembali. Anda tidak perlu merekam ulang."
    )


def _printing(values: NoticeValues) -> str:
    if values.may_print:
        return "KTP-el dicetak bagi warga yang datanya sudah berstatus siap cetak (PRR)."
    return "KTP-el belum dapat dicetak, juga bagi warga yang datanya sudah berstatus siap cetak (PRR)."


def _letters(values: NoticeValues) -> str:
    if values.receives and values.may_print:
        return ""
    who = (
        "Warga yang sudah merekam tetapi datanya belum siap cetak"
        if values.may_print
        else "Warga yang sudah merekam"
    )
    how = "" if values.letters_ask_centre else " Bawalah kartu keluarga (KK) Anda."
    return (
        f"{who} dapat meminta surat keterangan pengganti KTP-el di loket, sesuai ketentuan yang berlaku.{how}"
    )


def _patience(values: NoticeValues) -> str:
    if values.receives and values.may_print:
        return ""
    return "Sebelum datang lagi untuk mengambil KTP-el, tanyakan dahulu status data Anda di loket."
