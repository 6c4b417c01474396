"""Letters that are hard to set."""

import datetime
from dataclasses import replace

from templates.letters.values import Holder, Letterhead, LetterValues, Signer

LONGEST_NAME = "MUHAMMAD ABDURRAHMAN WIRYAWAN KUSUMANINGRAT SASTRODIPUTRA II"
WIDEST_NAME = "WM" * 30
LONG_ADDRESS = (
    "PERUMAHAN GRIYA CONTOH INDAH PERMAI TAHAP KEDUA BLOK AA NOMOR 123 GANG CEMPAKA PUTIH BELAKANG PASAR "
    "CONTOH BARU SEBELAH TIMUR MASJID RAYA DUSUN KRAJAN KIDUL LINGKUNGAN SUMBERGEMPOL UTARA BARAT LAUT DAYA"
)


def longest(values: LetterValues) -> LetterValues:
    """The longest words that each element may hold, as real registers have them, all in one letter."""
    holder = replace(
        values.holder,
        name=LONGEST_NAME,
        birthplace="KEPULAUAN TANIMBAR SELATAN",
        religion="KEPERCAYAAN TERHADAP TUHAN YME",
        marital_status="CERAI HIDUP",
        occupation="TENTARA NASIONAL INDONESIA (TNI)",
        address=LONG_ADDRESS,
        village="KARANGANYAR SUMBERGEMPOL KULON",
        district="PANGKALAN KERINCI TIMUR LAUT",
        regency="KABUPATEN KEPULAUAN SIAU TAGULANDANG BIARO",
        province="KEPULAUAN BANGKA BELITUNG",
    )
    head = Letterhead(
        regency="KABUPATEN KEPULAUAN SIAU TAGULANDANG BIARO",
        office="DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL SERTA PEMBERDAYAAN MASYARAKAT",
        address="Jalan Jenderal Contoh Raya Nomor 123 Kilometer 7, Kelurahan Contoh Indah, Contoh 00000",
        contact="Telepon (000) 0000000, faksimile (000) 0000001, pos elektronik kantor@siau-contoh.example",
        town="Ondong Siau",
    )
    signer = Signer(
        position="a.n. Kepala Dinas Kependudukan dan Pencatatan Sipil\n"
        "Kabupaten Kepulauan Siau Tagulandang Biaro\n"
        "Sekretaris",
        name="Dr. Ir. Hj. RADEN AYU CONTOHNINGSIH WIRYAWAN, S.Sos., M.Si.",
        rank="Pembina Utama Madya (IV/d)",
        nip="196501011990012001",
    )
    return replace(
        values, letterhead=head, holder=holder, signer=signer, status_code="DUP", qr_payload="9" * 700
    )


def foreigner(values: LetterValues) -> LetterValues:
    """Letters beyond ASCII, an apostrophe, an old birth date, and no SPESIMEN."""
    holder: Holder = replace(
        values.holder,
        name="RENÉ O'SAMPLE-ŁUKASZEWIČ",
        birth_date=datetime.date(1925, 2, 28),
        blood_group="-",
        nationality="WNA",
    )
    return replace(values, holder=holder, status_code="PRR", specimen=False)
