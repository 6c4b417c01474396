"""Values of reports, and reading what a PDF shows."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from templates.reports import daily_values as values
from templates.reports.destruction import CauseRow, DestructionValues, SerialRow, WitnessRow
from templates.reports.handover import LoanValues, PartyRow, PlaceRow, StockValues
from templates.reports.page import Letterhead

OFFICE = Letterhead("JAWA REKAAN", "KABUPATEN CONTOHARJO")
ON = date(2017, 3, 17)
EQUATION = (
    (("penerimaan", 108), ("pinjaman masuk", 0)),
    (("persediaan", 90), ("di dalam printer", 10), ("kartu jadi", 6), ("rusak", 2)),
)


def daily() -> values.DailyValues:
    """An ordinary day."""
    return values.DailyValues(
        office=OFFICE,
        on=ON,
        until=None,
        accounts=(values.AccountRow("Persediaan", 100, 0, 10, 90),),
        moves=(values.MoveRow("Dimuat ke wadah blangko", "persediaan \u2192 lajur A", "", 10, 1),),
        lanes=(values.LaneRow("A", 0, 10, 6, 2), values.LaneRow("B", 3, 3, 0, 0)),
        equation=EQUATION,
        counts=(values.CountRow("07.30", "Hitungan awal", "Persediaan", 100, 99, "Siti & Rekan"),),
        differences=(values.DifferenceRow("persediaan", -1, "17 Maret 2017 07.30 WIB", ("tugas 3",)),),
        spoilage=values.Spoilage(
            (values.SpoilRow("Isi chip tidak cocok", 2, 5),),
            8,
            100,
            benchmark_spoiled=2707,
            benchmark_used=57540,
        ),
        loans=(values.LoanRow("Dispendukcapil Lumajang", 25, 0),),
        questions=(values.QuestionRow(17, "17 Maret 2017 08.00 WIB", "Apakah kartu tercetak?"),),
        head=values.HeadRow(1234, "ab" * 32, "c0ffee"),
    )


def destruction(serials: int = 2, on: date = ON, burnt_by: str = "Slamet") -> DestructionValues:
    """A destruction of some cards, the first of them void, and three blanks without a number."""
    return DestructionValues(
        office=OFFICE,
        number="001/BA-PEMUSNAHAN/2017",
        on=on,
        place="halaman kantor",
        burnt_by=burnt_by,
        signers=(WitnessRow("Siti", "Supervisor"), WitnessRow("Budi", "Operator")),
        witnesses=(WitnessRow("Joko", "Satpol PP"), WitnessRow("Rina", "Inspektorat")),
        causes=(CauseRow("Gagal mutu", serials, 0), CauseRow("Macet", 0, 3)),
        serials=tuple(
            SerialRow(f"{number:016x}", str(number), "Gagal mutu", number == 1)
            for number in range(1, serials + 1)
        ),
        before=serials + 10,
        after=7,
    )


def stock() -> StockValues:
    """A handover between two people."""
    return StockValues(
        office=OFFICE,
        number="001/BAST/2017",
        on=ON,
        time="15.00 WIB",
        giver=PartyRow("Siti", "Supervisor"),
        receiver=PartyRow("Budi", "Operator"),
        places=(PlaceRow("Persediaan", 2000, 1999, "17 Maret 2017"), PlaceRow("Lajur A", 17, None, None)),
        spoiled=(("Gagal mutu", 4),),
        void=1,
        missing=2,
        differences=1,
        questions=3,
    )


def loan() -> LoanValues:
    """A loan to another office."""
    return LoanValues(
        office=OFFICE,
        number="00009/BAST/2017",
        on=ON,
        giver=PartyRow("Siti", "Dinas Dukcapil"),
        receiver=PartyRow("Hendra", "Dispendukcapil Lumajang"),
        what="pinjaman dari dinas ini",
        quantity=25,
        journal_row=9,
    )


@dataclass(frozen=True)
class Shown:
    """What a reader of the PDF sees: the words of each page, and its fonts with whether they are embedded."""

    pages: tuple[str, ...]
    fonts: dict[str, bool]
    size: tuple[float, float]

    @property
    def text(self) -> str:
        """All words, with single blanks between them."""
        return " ".join(" ".join(self.pages).split())


def _inside(value: PdfObject) -> DictionaryObject:
    found = value.get_object()
    assert isinstance(found, DictionaryObject)
    return found


def read(paper: bytes) -> Shown:
    """Read a PDF with another library than the one that wrote it."""
    reader = PdfReader(BytesIO(paper), strict=True)
    fonts: dict[str, bool] = {}
    for page in reader.pages:
        for reference in _inside(_inside(page["/Resources"])["/Font"]).values():
            font = _inside(reference)
            descriptor = _inside(font["/FontDescriptor"]) if "/FontDescriptor" in font else {}
            fonts[str(font["/BaseFont"])] = "/FontFile2" in descriptor
    box = reader.pages[0].mediabox
    return Shown(
        tuple(page.extract_text() for page in reader.pages), fonts, (float(box.width), float(box.height))
    )
