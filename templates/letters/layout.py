"""The layout of the letter: lengths and sizes kept as data in a TOML file."""

import tomllib
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from reportlab.lib.units import mm

from .errors import LetterLayoutError

SUKET: Final = Path(__file__).with_name("layout.toml")

PaperName = Literal["a4", "folio"]
FontRole = Literal["regular", "bold"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Material(_Model):
    """A file that every letter carries, and the digest of the one that the layout was made with."""

    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Profile(Material):
    """The colour profile of the output intent, and the name of its condition."""

    condition: str


class Paper(_Model):
    """A sheet, in millimetres."""

    width: float = Field(gt=0)
    height: float = Field(gt=0)


class Margins(_Model):
    """The white edge, in millimetres."""

    left: float
    right: float
    top: float
    bottom: float


class LetterheadStyle(_Model):
    """Sizes of the office's lines, in points; the gap above the double line, in millimetres."""

    government: float
    office: float
    address: float
    gap: float
    thick: float
    thin: float


class TitleStyle(_Model):
    """Sizes of title and number, in points; the room around them, in millimetres."""

    size: float
    number: float
    above: float
    below: float


class BodyStyle(_Model):
    """Letter sizes of the text, in points, tried from `size` down to `smallest`."""

    size: float = Field(gt=0)
    smallest: float = Field(gt=0)
    step: float = Field(gt=0)
    leading: float = Field(ge=1)
    between: float


class RowsStyle(_Model):
    """The columns of the particulars, in millimetres from the left margin."""

    indent: float
    label: float
    colon: float
    above: float
    squeeze: float = Field(gt=0, le=1)


class SignatureStyle(_Model):
    """The signer's block, in millimetres."""

    width: float
    above: float
    seal: float


class PhotoStyle(_Model):
    """The photo's frame: millimetres, its line in points."""

    left: float
    width: float
    height: float
    frame: float
    beneath: float


class StripStyle(_Model):
    """The foot of the sheet with QR code, barcode and status: millimetres, letter sizes in points."""

    above: float
    qr: float
    quiet: int = Field(ge=4)  # ISO/IEC 18004: four modules
    note: float
    barcode_module: float
    barcode_height: float
    barcode_text: float
    status: float
    status_note: float


class SpecimenStyle(_Model):
    """The word across the sheet: points, degrees, RGB from 0 to 1."""

    word: str
    size: float
    turn: float
    colour: tuple[float, float, float]


class LetterLayout(_Model):
    """A whole letter."""

    name: str
    version: int = Field(ge=1)
    papers: dict[PaperName, Paper]
    margins: Margins
    letterhead: LetterheadStyle
    title: TitleStyle
    body: BodyStyle
    rows: RowsStyle
    signature: SignatureStyle
    photo: PhotoStyle
    strip: StripStyle
    specimen: SpecimenStyle
    fonts: dict[FontRole, Material]
    profile: Profile

    def sheet(self, paper: PaperName) -> "Sheet":
        """Return the usable area of a paper, in points."""
        size, margins = self.papers[paper], self.margins
        return Sheet(
            width=size.width * mm,
            height=size.height * mm,
            left=margins.left * mm,
            right=(size.width - margins.right) * mm,
            top=(size.height - margins.top) * mm,
            bottom=margins.bottom * mm,
        )


class Sheet(_Model):
    """A paper and its usable area in points, the origin in the lower left corner as PDF has it."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def text_width(self) -> float:
        """From margin to margin."""
        return self.right - self.left


def load_layout(path: Path = SUKET) -> LetterLayout:
    """Read a layout file.

    Raises:
        LetterLayoutError: the file is absent, is not TOML, or breaks a rule of the format.
    """
    try:
        return LetterLayout.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LetterLayoutError(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LetterLayoutError(path, f"{where}: {first['msg']}") from error
