"""A station that issues letters: real database, vault, journal and page; keys that are no secret."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import text

from station.audit.fault import Fault
from station.audit.verify import verify
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.claim_keys import Algorithm
from station.database import Database
from station.gate.gate import PrintGate
from station.journal.store import Journal, Place
from station.letter_settings import LetterReason, LetterSettings
from station.letters import store
from station.letters.deciding import LetterOrder
from station.letters.files import LetterFile, LetterFiles
from station.letters.issuing import Issuing, LetterDesk
from station.letters.making import LetterMaker, load_press
from station.letters.numbers import take, void
from station.letters.rows import ISSUED, LetterIssued, NumberTaken, VoidCause, WithdrawalCause
from station.letters.rules import LetterRules
from station.letters.signing.plug import PdfSigner
from station.letters.store import Letter
from station.letters.withdrawing import withdraw
from station.local_time import TimeZone
from station.settings import OfficeSettings
from station.vault.holding import Holding
from station.vault.segments import SegmentPlace
from station.vault.vault import Kept, Vault
from templates.letters.press import Press
from tests.fakes.software_keys import SoftSigner
from tests.fakes.station import FakeKeys
from tests.fakes.vault import SoftMasterKey
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey
from tests.unit.vault.vault_station import Guest, hold

FOLDERS = [Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc")]  # where Debian puts them
SETTINGS = LetterSettings.model_validate(
    {
        "issuer": ISSUER,
        "number": "471.13/{number:05d}/99.01.325/{year}",
        "letterhead": {
            "office": "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
            "address": "Jalan Contoh Raya Nomor 12, Contoharjo 00000",
            "town": "Contoharjo",
        },
        "signers": [
            {
                "key": "kadis",
                "position": "Kepala Dinas Kependudukan\ndan Pencatatan Sipil",
                "name": "Drs. H. BUDI CONTOH, M.Si.",
                "rank": "Pembina Utama Muda",
                "nip": "196501011990011001",
            },
            {
                "key": "sekretaris",
                "position": "a.n. Kepala Dinas\nSekretaris",
                "name": "Dra. SRI CONTOHWATI",
                "rank": "Pembina",
                "nip": "197001011995012001",
            },
        ],
    }
)
OFFICE = OfficeSettings(province="JAWA REKAAN", regency="KABUPATEN CONTOHARJO")
LOST = LetterOrder(LetterReason.LOST, None, "Siti")


class LetterClock:
    """Time stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, duration: float) -> None:
        self.moment += timedelta(seconds=duration)


class SoftPdfSigner:
    """Stands for the signature of the file: a comment after its end, with a digest of what stands before."""

    def sign(self, pdf: bytes) -> bytes:
        return pdf + b"\n%signed " + hashlib.sha256(pdf).hexdigest().encode() + b"\n"


@cache
def press() -> Press:
    """The office's press, read once."""
    return load_press(FOLDERS)


class LetterStation:
    """Opens the same folder again and again, as a station does that is restarted."""

    def __init__(
        self,
        folder: Path,
        clock: LetterClock | None = None,
        settings: LetterSettings = SETTINGS,
        pdf_signer: PdfSigner | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.clock, self.settings = folder, clock or LetterClock(), settings
        self.database = Database("sqlite:///station.db", folder)
        self.database.migrate()
        self.journal = Journal(self.clock)
        self.key = SoftClaimKey(Algorithm.EDDSA)
        vault = Vault(folder / "vault", SoftMasterKey())
        self.holding = Holding(self.database, self.journal, self.clock, vault, FakeKeys())
        self.files = LetterFiles(self.database, Vault(folder / "letters", SoftMasterKey()))
        self.has_room: Callable[[], None] = lambda: None
        self.desk = LetterDesk(
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            zone=TimeZone.WIB,
            settings=settings,
            holding=self.holding,
            files=self.files,
            rules=LetterRules(settings, PrintGate()),
            maker=LetterMaker(press(), OFFICE, settings, self.key),
            require_room=lambda: self.has_room(),
        )
        self.issuing = Issuing(self.desk, pdf_signer or SoftPdfSigner())

    def hold(self, *guests: Guest, origin: str = "centre:test") -> None:
        """Hold records; what the centre has sent it knows."""
        hold(self.database, self.holding, guests, origin)

    def stock(self, count: int) -> None:
        """Receive blanks."""
        with self.database.transaction() as transaction:
            move = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=count)
            blanks.book(transaction, self.journal, move)

    def issue(self, guest: Guest, order: LetterOrder = LOST) -> Letter:
        return self.issuing.issue(guest.record, order)

    def file(self, letter: Letter) -> LetterFile:
        return self.files.open(letter)

    def letters(self, year: int = 2026) -> list[Letter]:
        with self.database.reading() as transaction:
            return store.of_year(transaction, year)

    def find(self, number: str) -> Letter:
        with self.database.reading() as transaction:
            found = store.find(transaction, number)
        assert found is not None
        return found

    def events(self, name: str) -> Sequence[str]:
        """Payloads of the events of a name."""
        with self.database.reading() as transaction:
            found = transaction.execute(
                text("SELECT payload FROM journal WHERE name = :name ORDER BY sequence"), {"name": name}
            )
            return [str(payload) for payload in found.scalars()]

    def audit(self) -> list[Fault]:
        return verify(self.database, SoftSigner(), self.folder / "journal-heads.log").faults

    def close(self) -> None:
        self.database.close()


def fill_register(database: Database, journal: Journal) -> None:
    """Four places by hand, without their files: issued, withdrawn, void, begun."""
    with database.transaction() as transaction:
        for place, person in enumerate(("one", "two", "three", "four"), start=1):
            take(transaction, journal, person, _facts(place), "Siti")
        for place, person in ((1, "one"), (2, "two")):
            issued = LetterIssued(
                **_facts(place).model_dump(include={"year", "place", "number"}),
                content_hash=f"{place:064}",
                pdf_sha256="0" * 64,
                key="00000000",
            )
            row = journal.event(transaction, ISSUED, issued, Place(person=person))
            kept = Kept("", issued.content_hash, SegmentPlace(1, place, 1), b"wrapped")
            store.put_issued(transaction, row, 2026, place, kept)
        second, third = store.at(transaction, 2026, 2), store.at(transaction, 2026, 3)
        assert second is not None
        assert third is not None
        withdraw(transaction, journal, second, WithdrawalCause.MISTAKE, "Siti")
        void(transaction, journal, third, (VoidCause.NOT_FINISHED, ""), "Siti")


def _facts(place: int) -> NumberTaken:
    return NumberTaken(
        year=2026,
        place=place,
        number=f"471.13/{place:05}/2026",
        record=f"record-{place}",
        reason=LetterReason.LOST,
        issued=1,
        expires=2,
        issued_on="2026-11-28",
        valid_until="2027-05-28",
        signer="kadis",
        status_code="PRR",
    )
