"""One letter of a made-up person, as its template takes it."""

import datetime
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from templates.letters.values import Holder, Letterhead, LetterValues, Signer

FACE = Path(__file__).parents[1] / "unit" / "card_face" / "golden" / "photo.jpg"
NUMBER = "471.13/01234/99.01.325/2026"
HEAD: Final = Letterhead(
    regency="KABUPATEN CONTOHARJO",
    office="DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    address="Jalan Contoh Raya Nomor 12, Contoharjo 00000",
    contact="Telepon (000) 000000",
    town="Contoharjo",
)
SIGNER: Final = Signer(
    position="Kepala Dinas Kependudukan\ndan Pencatatan Sipil",
    name="Drs. H. BUDI CONTOH, M.Si.",
    rank="Pembina Utama Muda",
    nip="196501011990011001",
)


def sample_photo() -> bytes:
    """A photo of the size that is printed."""
    target = BytesIO()
    with Image.open(FACE) as image:
        image.resize((354, 472)).save(target, "JPEG", quality=80)
    return target.getvalue()


def sample_letter(photo: bytes) -> LetterValues:
    """The letter."""
    head = replace(HEAD, contact="Telepon (000) 000000, pos elektronik kantor@contoharjo.example")
    holder = Holder(
        nik="9901015208900001",
        name="SITI NURAINI RAHMAWATI",
        birthplace="CONTOHARJO",
        birth_date=datetime.date(1990, 8, 12),
        sex="PEREMPUAN",
        blood_group="AB+",
        religion="ISLAM",
        marital_status="BELUM KAWIN",
        occupation="KARYAWAN SWASTA",
        nationality="WNI",
        address="JL. MELATI NO. 12",
        rt_rw="001/002",
        village="SUMBERCONTOH",
        district="KALICONTOH",
        regency="KABUPATEN CONTOHARJO",
        province="JAWA REKAAN",
        photo=photo,
    )
    return LetterValues(
        letterhead=head,
        holder=holder,
        signer=SIGNER,
        number=NUMBER,
        issued=datetime.date(2026, 11, 28),
        valid_until=datetime.date(2027, 5, 28),
        status_code="SFE",
        qr_payload="NCFOXN%TS3DHC*S:/9FZ5" * 17,
        specimen=True,
    )
