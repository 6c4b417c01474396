"""Making a letter from a record and the facts that its number was taken with: code, page, signature."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from station.errors import InputFault, Refused
from station.letter_settings import LetterSettings, LetterSignerSettings
from station.letters.claim import cose
from station.letters.claim.code import write_code
from station.letters.claim.statement import LetterStatement
from station.letters.files import LetterFile
from station.letters.rows import NumberTaken
from station.records.record import Record
from station.settings import OfficeSettings
from templates.letters.errors import (
    LetterError,
    LetterGlyphError,
    LetterLayoutError,
    LetterOverflowError,
    LetterPhotoError,
    LetterValueError,
    MaterialError,
)
from templates.letters.press import Press
from templates.letters.values import Holder, Letterhead, LetterValues, Signer

if TYPE_CHECKING:
    from station.letters.signing.plug import PdfSigner


@dataclass(frozen=True)
class Composed:
    """A letter with its signed code, and its page without the signature of the file."""

    facts: NumberTaken
    code: str = field(repr=False)
    body: bytes = field(repr=False)


class _Unsigned:
    """Stands for the key while it is tried whether a letter can be made: the code has the same length."""

    def __init__(self, key: cose.ClaimSigner) -> None:
        self.algorithm, self.key_id = key.algorithm, key.key_id

    def sign(self, data: bytes) -> bytes:
        """No signature, of the right length."""
        _ = data
        return bytes(cose.SIGNATURE_LENGTH)


class LetterMaker:
    """Makes letters of one office. Fonts and layout are read once."""

    def __init__(
        self, press: Press, office: OfficeSettings, settings: LetterSettings, key: cose.ClaimSigner
    ) -> None:
        self._press, self._office, self._settings, self._key = press, office, settings, key

    @property
    def key(self) -> cose.ClaimSigner:
        """The key that signs codes."""
        return self._key

    def signer(self, name: str | None) -> LetterSignerSettings:
        """The signer of this name, or the first.

        Raises:
            Refused: LETTER_SIGNER_UNKNOWN.
        """
        signers = self._settings.signers
        for signer in signers:
            if name in (None, signer.key):
                return signer
        known = ", ".join(signer.key for signer in signers)
        raise Refused("LETTER_SIGNER_UNKNOWN", signer=name, known=known)

    def check(self, record: Record, facts: NumberTaken) -> None:
        """See whether the letter can be made, before a number is used.

        Raises:
            InputFault: LETTER_UNDRAWABLE, PHOTO_UNREADABLE.
            Refused: LETTER_SIGNER_UNKNOWN.
        """
        code = write_code(self._statement(record, facts), _Unsigned(self._key))
        with letter_errors():
            self._press.check(self._values(record, facts, code), self._settings.paper)

    def compose(self, record: Record, facts: NumberTaken) -> Composed:
        """Sign the code and draw the page. Of one key that signs with EdDSA it is the same bytes each time.

        Raises:
            InputFault: LETTER_UNDRAWABLE, PHOTO_UNREADABLE.
            DeviceAbsent: TOKEN_ABSENT.
        """
        code = write_code(self._statement(record, facts), self._key)
        with letter_errors():
            body = self._press.one_letter(self._values(record, facts, code), self._settings.paper)
        return Composed(facts, code, body)

    def page_again(self, record: Record, facts: NumberTaken, file: LetterFile) -> LetterValues:
        """What the page of an issued letter is drawn from, to draw it into a file with others.

        Raises:
            InputFault: LETTER_PAGE_CHANGED: it would not be the page that was issued. LETTER_UNDRAWABLE.
            Refused: LETTER_SIGNER_UNKNOWN.
        """
        values = self._values(record, facts, file.code)
        with letter_errors():
            page = self._press.one_letter(values, self._settings.paper)
        if not file.pdf.startswith(page):  # a signature only adds to the end (ISO 32000-1 clause 7.5.6)
            raise InputFault("LETTER_PAGE_CHANGED", number=facts.number)
        return values

    def write_pages(self, pages: Iterable[LetterValues], target: BinaryIO) -> int:
        """Write pages into one file without a signature; return how many. Memory does not grow with them.

        Raises:
            InputFault: LETTER_UNDRAWABLE, PHOTO_UNREADABLE: what was written by then is no PDF.
        """
        with letter_errors():
            return self._press.many_letters(pages, target, self._settings.paper)

    def _statement(self, record: Record, facts: NumberTaken) -> LetterStatement:
        return LetterStatement(
            issuer=self._settings.issuer,
            number=facts.number,
            year=facts.year,
            place=facts.place,
            nik=record.data.nik,
            name=record.data.name,
            birth_date=record.data.birth_date,
            issued=facts.issued,
            expires=facts.expires,
        )

    def _values(self, record: Record, facts: NumberTaken, code: str) -> LetterValues:
        head, signer = self._settings.letterhead, self.signer(facts.signer)
        return LetterValues(
            letterhead=Letterhead(
                regency=self._office.regency,
                office=head.office,
                address=head.address,
                contact=head.contact,
                town=head.town,
            ),
            holder=holder_of(record),
            signer=Signer(position=signer.position, name=signer.name, rank=signer.rank, nip=signer.nip),
            number=facts.number,
            issued=date.fromisoformat(facts.issued_on),
            valid_until=date.fromisoformat(facts.valid_until),
            status_code=facts.status_code,
            qr_payload=code,
            specimen=not record.from_production,
        )


def sign_file(composed: Composed, signer: "PdfSigner") -> LetterFile:
    """Sign a composed letter's file. A batch calls it in threads of their own.

    Raises:
        DeviceAbsent, InputFault: as the signer.
    """
    return LetterFile(composed.code, signer.sign(composed.body))


def holder_of(record: Record) -> Holder:
    """Take from a record what the letter shows."""
    data = record.data
    return Holder(
        nik=data.nik,
        name=data.name,
        birthplace=data.birthplace,
        birth_date=data.birth_date,
        sex=data.sex,
        blood_group=data.blood_group,
        religion=data.religion,
        marital_status=data.marital_status,
        occupation=data.occupation,
        nationality=data.nationality,
        address=data.address,
        rt_rw=f"{data.rt}/{data.rw}",
        village=data.village,
        district=data.district,
        regency=data.regency,
        province=data.province,
        photo=record.photo,
    )


def load_press(folders: Iterable[Path]) -> Press:
    """Read layout, fonts and colour profile.

    Raises:
        InputFault: FONT_UNUSABLE.
    """
    with letter_errors():
        return Press.load(folders)


@contextmanager
def letter_errors() -> Iterator[None]:
    """Turn the template's exceptions into the station's errors."""
    try:
        yield
    except (LetterGlyphError, LetterOverflowError, LetterValueError) as error:
        raise InputFault("LETTER_UNDRAWABLE", field=error.field, problem=error.reason) from error
    except LetterPhotoError as error:
        raise InputFault("PHOTO_UNREADABLE", problem=error.reason) from error
    except MaterialError as error:
        raise InputFault("FONT_UNUSABLE", font=error.file, details=error.reason) from error
    except LetterLayoutError as error:
        raise InputFault("FONT_UNUSABLE", font=error.layout.name, details=error.reason) from error
    except LetterError as error:
        raise InputFault("LETTER_UNDRAWABLE", field="-", problem="-", details=str(error)) from error
