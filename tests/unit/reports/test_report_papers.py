"""The papers as a reader sees them: every figure, embedded fonts, SPESIMEN, the same bytes every time."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from templates.reports.daily import draw_daily_statement
from templates.reports.daily_values import HeadRow
from templates.reports.destruction import draw_destruction
from templates.reports.errors import ReportError
from templates.reports.fonts import ReportFonts
from templates.reports.handover import draw_loan_handover, draw_stock_handover
from tests.fakes.station import FONTS
from tests.unit.reports import report_samples as samples
from tests.unit.reports.report_samples import read

LOADED = ReportFonts.load(FONTS)
PAPERS: dict[str, Callable[[bool], bytes]] = {
    "daily": lambda specimen: draw_daily_statement(samples.daily(), LOADED, specimen=specimen),
    "destruction": lambda specimen: draw_destruction(samples.destruction(), LOADED, specimen=specimen),
    "stock": lambda specimen: draw_stock_handover(samples.stock(), LOADED, specimen=specimen),
    "loan": lambda specimen: draw_loan_handover(samples.loan(), LOADED, specimen=specimen),
}
AGAIN = """
import hashlib, sys
from tests.unit.reports.test_report_papers import PAPERS
sys.stdout.write("".join(hashlib.sha256(draw(True)).hexdigest() for draw in PAPERS.values()))
"""


@pytest.mark.parametrize("name", PAPERS)
def test_fonts_are_embedded_and_the_sheet_is_a4(name: str) -> None:
    shown = read(PAPERS[name](True))
    assert shown.fonts
    assert all(shown.fonts.values()), shown.fonts
    assert {font.partition("+")[2] for font in shown.fonts} <= {
        "LiberationSans",
        "LiberationSans-Bold",
        "LiberationMono",
    }
    assert shown.size == pytest.approx((595.28, 841.89), abs=0.01)


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_says_specimen_and_only_a_production_paper_would_not(name: str) -> None:
    assert all("SPESIMEN" in page for page in read(PAPERS[name](True)).pages)
    assert "SPESIMEN" not in read(PAPERS[name](False)).text


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_has_its_number_and_the_first_its_letterhead(name: str) -> None:
    pages = read(PAPERS[name](True)).pages
    for number, page in enumerate(pages, 1):
        assert f"Halaman {number} dari {len(pages)}" in page
    for line in ("PEMERINTAH KABUPATEN CONTOHARJO", "DINAS KEPENDUDUKAN", "PROVINSI JAWA REKAAN"):
        assert line in pages[0]


def test_the_same_values_give_the_same_bytes_here_and_in_another_process() -> None:
    here = "".join(hashlib.sha256(draw(True)).hexdigest() for draw in PAPERS.values())
    again = "".join(hashlib.sha256(draw(True)).hexdigest() for draw in PAPERS.values())
    elsewhere = subprocess.run(
        [sys.executable, "-c", AGAIN], capture_output=True, text=True, timeout=60, check=True
    )
    assert here == again == elsewhere.stdout


def test_a_daily_statement_shows_every_figure() -> None:
    text = read(PAPERS["daily"](True)).text
    for words in (
        "LAPORAN HARIAN BLANGKO KTP-EL",
        "Hari/tanggal: Jumat, 17 Maret 2017.",
        "Persediaan 100 0 10 90",
        "penerimaan 108 + pinjaman masuk 0 = persediaan 90 + di dalam printer 10 + kartu jadi 6 + rusak 2",
        "Persamaan blangko seimbang: 108 = 108.",
        "Dimuat ke wadah blangko persediaan \u2192 lajur A 10 1",
        "A 0 10 6 2",
        "Jumlah 3 13 6 2",
        "07.30 Hitungan awal Persediaan 100 99 \u22121 Siti & Rekan",
        "Isi chip tidak cocok 2 25,0",
        "5,0",
        "Pembanding: 4,7",
        "Pekalongan 2016: 2.707 dari 57.540 blangko",
        "Selisih \u22121 blangko di persediaan, sejak 17 Maret 2017 07.30 WIB.",
        "\u2013 tugas 3",
        "Dispendukcapil Lumajang 25 0",
        "Pertanyaan 17 (17 Maret 2017 08.00 WIB): Apakah kartu tercetak?",
        "1.234",
        "ab" * 32,
        "c0ffee\u2026",
    ):
        assert words in text.replace("\u00a0", " "), words


def test_a_statement_says_loudly_what_is_wrong_or_not_there() -> None:
    nothing = replace(
        samples.daily(),
        moves=(),
        lanes=(),
        counts=(),
        differences=(),
        loans=(),
        questions=(),
        head=None,
        until="14.05 WIB",
        equation=((("penerimaan", 108),), (("persediaan", 107),)),
    )
    text = read(draw_daily_statement(nothing, LOADED, specimen=True)).text
    for words in (
        "PERSAMAAN BLANGKO TIDAK SEIMBANG: selisih +1.",
        "TIDAK ADA hitungan fisik pada hari ini.",
        "Tidak ada pergerakan blangko.",
        "Nihil: tidak ada selisih, pinjaman, atau pertanyaan.",
        "Jurnal masih kosong.",
        "Keadaan sampai pukul 14.05 WIB; hari belum berakhir.",
    ):
        assert words in text


def test_a_head_that_nobody_has_signed_is_said_to_be_so() -> None:
    unsigned = replace(samples.daily(), head=HeadRow(7, "cd" * 32, None))
    assert "belum ditandatangani" in read(draw_daily_statement(unsigned, LOADED, specimen=True)).text


def test_minutes_of_a_destruction_name_everybody_and_every_card() -> None:
    text = read(PAPERS["destruction"](True)).text
    for words in (
        "BERITA ACARA PEMUSNAHAN BLANGKO KTP-EL NOMOR: 001/BA-PEMUSNAHAN/2017",
        "Jumat, tanggal tujuh belas bulan Maret tahun dua ribu tujuh belas (17-03-2017)",
        "bertempat di halaman kantor, sebanyak 5 (lima) keping",
        "Pembakaran dilakukan oleh Slamet",
        "Joko",
        "Satpol PP",
        "Inspektorat",
        "Gagal mutu 2 0 2",
        "Macet 0 3 3",
        "Jumlah 2 3 5",
        "Sebelum pemusnahan : 12 keping",
        "Sesudah pemusnahan : 7 keping",
        "1 0000000000000001 1 Gagal mutu YA, batal",
        "2 0000000000000002 2 Gagal mutu tidak",
        "Saksi 2,",
        "Contoharjo, 17 Maret 2017",
    ):
        assert words in text, words


def test_minutes_rest_on_the_circular_only_from_its_day_on() -> None:
    before = draw_destruction(samples.destruction(on=date(2018, 12, 12)), LOADED, specimen=True)
    after = draw_destruction(samples.destruction(on=date(2018, 12, 13)), LOADED, specimen=True)
    assert "470.13/11176/SJ" not in read(before).text
    assert "Nomor 470.13/11176/SJ tanggal 13 Desember 2018" in read(after).text


def test_a_long_list_goes_over_pages_with_its_head_and_loses_no_card() -> None:
    shown = read(draw_destruction(samples.destruction(serials=400), LOADED, specimen=True))
    assert len(shown.pages) > 6
    assert all(f"{number:016x}" in shown.text for number in range(1, 401))
    listing = [page for page in shown.pages if "0000000000000" in page]
    assert all("Nomor seri chip (UID)" in page for page in listing)
    assert "Demikian Berita Acara" in shown.pages[-1], "the closing stands where the signatures are"


def test_minutes_of_a_handover_name_what_is_handed_over() -> None:
    text = read(PAPERS["stock"](True)).text
    for words in (
        "2.017 (dua ribu tujuh belas) keping blangko KTP-el kosong",
        "Persediaan 2.000 1.999 17 Maret 2017",
        "Lajur A 17 \u2013 belum pernah dihitung",
        "Gagal mutu 4",
        "di antaranya chip terkunci (batal) 1",
        "Blangko dinyatakan hilang : 2 keping",
        "PIHAK KESATU",
    ):
        assert words in text, words


def test_minutes_of_a_loan_name_both_offices() -> None:
    text = read(PAPERS["loan"](True)).text
    for words in ("Dispendukcapil Lumajang", "25 (dua puluh lima) keping", "pinjaman dari dinas ini"):
        assert words in text


def test_words_that_look_like_markup_are_only_words() -> None:
    drawn = draw_destruction(samples.destruction(burnt_by="<b>A&B</b> <img src='x'/>"), LOADED, specimen=True)
    assert "<b>A&B</b> <img src='x'/>" in read(drawn).text


def test_what_no_font_can_draw_is_refused_and_not_drawn_as_a_black_square() -> None:
    with pytest.raises(ReportError, match=r"U\+1F525"):
        draw_destruction(samples.destruction(burnt_by="\U0001f525"), LOADED, specimen=True)


def test_what_is_larger_than_a_page_is_refused() -> None:
    with pytest.raises(ReportError, match="larger than a page"):
        draw_destruction(samples.destruction(burnt_by="A" * 50_000), LOADED, specimen=True)


def test_fonts_that_are_missing_or_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"LiberationSans-Regular.ttf is not in the font folder"):
        ReportFonts.load(tmp_path)
    (tmp_path / "LiberationSans-Regular.ttf").write_bytes(b"no font at all")
    with pytest.raises(ReportError, match=r"LiberationSans-Regular.ttf"):
        ReportFonts.load(tmp_path)
