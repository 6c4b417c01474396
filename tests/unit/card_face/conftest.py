import datetime
from pathlib import Path

import pytest

from templates.card import CardValues
from templates.card.fonts import FontSet, find_font_files
from templates.card.layout import Layout, load_layout
from templates.card.raster import Raster

FONT_FOLDERS = [Path("/usr/share/fonts/truetype")]  # where Debian puts fonts-liberation and fonts-ocr-a


@pytest.fixture(scope="session")
def golden() -> Path:
    return Path(__file__).with_name("golden")


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout()


@pytest.fixture(scope="session")
def font_files(layout: Layout) -> dict[str, Path]:
    return find_font_files(layout, FONT_FOLDERS)


@pytest.fixture(scope="session")
def fonts(layout: Layout, font_files: dict[str, Path]) -> FontSet:
    return FontSet.load(layout, font_files)


@pytest.fixture(scope="session")
def primacy() -> Raster:
    return Raster(1016, 648, 300, 300)


@pytest.fixture(scope="session")
def badgy() -> Raster:
    return Raster(1016, 562, 300, 260)


@pytest.fixture(scope="session")
def agilia() -> Raster:
    return Raster(2032, 1296, 600, 600)


@pytest.fixture(scope="session")
def values(golden: Path) -> CardValues:
    return CardValues(
        province="JAWA REKAAN",
        regency="KABUPATEN CONTOHARJO",
        nik="9901015208900001",
        name="SITI NURAINI RAHMAWATI",
        birthplace="CONTOHARJO",
        birth_date=datetime.date(1990, 8, 12),
        sex="PEREMPUAN",
        blood_group="AB+",
        address="JL. MELATI NO. 12",
        rt_rw="001/002",
        village="SUMBERCONTOH",
        district="KALICONTOH",
        religion="ISLAM",
        marital_status="BELUM KAWIN",
        occupation="KARYAWAN SWASTA",
        nationality="WNI",
        valid_until=None,
        place_issued="CONTOHARJO",
        date_issued=datetime.date(2026, 11, 3),
        photo=(golden / "photo.jpg").read_bytes(),
        signature=(golden / "signature.png").read_bytes(),
    )
