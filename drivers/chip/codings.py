"""Codings of the files' content; each brings its own sample vectors (docs/reference/ktp-el-open.md)."""

import struct
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

from drivers.chip.biodata import Biodata
from drivers.chip.card_control import CardControl
from drivers.chip.errors import ContentError
from drivers.chip.samples import BIODATA, CARD_CONTROL, JPEG, MINUTIAE, PNG, SIGNATURE


class Coding(ABC):
    """How the content of one file is coded.

    Attributes:
        name: as profiles call it.
        samples: contents that are right.
        refused: contents that are wrong.
    """

    name: ClassVar[str]
    samples: ClassVar[tuple[bytes, ...]] = ()
    refused: ClassVar[tuple[bytes, ...]] = ()

    @abstractmethod
    def check(self, content: bytes) -> None:
        """Make sure that content keeps the coding.

        Raises:
            ContentError: it does not.
        """


class BiodataCoding(Coding):
    """6FF1: 21 quoted fields."""

    name = "biodata"
    samples = (BIODATA,)
    refused = (b"", b'"', b'""', BIODATA[:-1], BIODATA + b" ", BIODATA.replace(b"/", b"\n"))

    def check(self, content: bytes) -> None:
        """Decode it; see `Biodata.decode`."""
        Biodata.decode(content)


class CardControlCoding(Coding):
    """6FF0: card control."""

    name = "card-control"
    samples = (CARD_CONTROL,)
    refused = (b"", CARD_CONTROL[:-1], b"KEO2" + CARD_CONTROL[4:], CARD_CONTROL[:-1] + b"\x01")

    def check(self, content: bytes) -> None:
        """Decode it; see `CardControl.decode`."""
        CardControl.decode(content)


class JpegCoding(Coding):
    """6FF2: a baseline JPEG (ITU-T T.81, annex B), from SOI to EOI."""

    name = "jpeg-baseline"
    samples = (JPEG,)
    refused = (b"", JPEG[:-2], JPEG + b"\x00", JPEG.replace(b"\xff\xc0", b"\xff\xc2"))

    def check(self, content: bytes) -> None:
        """Walk the marker segments up to the first scan.

        Raises:
            ContentError: no JPEG, cut short, or not baseline.
        """
        if content[:2] != b"\xff\xd8" or content[-2:] != b"\xff\xd9":
            raise ContentError(self.name, "SOI or EOI is missing")
        offset, frame = 2, None
        while offset + 4 <= len(content):
            prefix, marker, length = struct.unpack_from(">BBH", content, offset)
            if prefix != 0xFF:
                raise ContentError(self.name, f"no marker at offset {offset}")
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                frame = marker
            if marker == 0xDA:  # start of scan
                break
            offset += 2 + length
        if frame != 0xC0:  # SOF0 is baseline
            raise ContentError(self.name, "no baseline frame")


class PngCoding(Coding):
    """6FF3: a PNG (ISO/IEC 15948) of one bit a pixel."""

    name = "png-1-bit"
    samples = (PNG,)
    refused = (b"", PNG[:-1], PNG[:24] + b"\x08" + PNG[25:])

    def check(self, content: bytes) -> None:
        """Look at signature, IHDR and IEND.

        Raises:
            ContentError: no PNG, cut short, or of more bits.
        """
        if content[:16] != b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" or content[-8:-4] != b"IEND":
            raise ContentError(self.name, "signature, IHDR or IEND is missing")
        if content[24] != 1:  # bit depth stands after width and height
            raise ContentError(self.name, f"bit depth {content[24]}")


class MinutiaeCoding(Coding):
    """6FF4, 6FF5: a finger minutiae record (ISO/IEC 19794-2:2005 clause 7) with one view."""

    name = "iso-19794-2"
    samples = (MINUTIAE,)
    refused = (
        b"",
        MINUTIAE[:-1],
        MINUTIAE[:22] + b"\x02" + MINUTIAE[23:],
        MINUTIAE[:27] + b"\x02" + MINUTIAE[28:],
    )

    def check(self, content: bytes) -> None:
        """Look at the header, the number of views and the lengths.

        Raises:
            ContentError: no such record, not one view, or lengths that do not add up.
        """
        if content[:8] != b"FMR\x00 20\x00" or len(content) < 30:
            raise ContentError(self.name, "the record header is missing")
        if int.from_bytes(content[8:12], "big") != len(content):
            raise ContentError(self.name, "the record length is wrong")
        if content[22] != 1:  # number of finger views
            raise ContentError(self.name, f"{content[22]} views, one is wanted")
        # 24 bytes of record header, 4 of view header whose last is the count, 6 for each minutia.
        extended = 28 + 6 * content[27]
        length = int.from_bytes(content[extended : extended + 2], "big")
        if extended + 2 + length != len(content):
            raise ContentError(self.name, "the minutiae do not fill the record")


class RawSignatureCoding(Coding):
    """6FF6: an ECDSA P-256 signature, r || s (BSI TR-03111 clause 5.2.1, "plain")."""

    name = "ecdsa-p256-raw"
    samples = (SIGNATURE,)
    refused = (b"", SIGNATURE[:-1], SIGNATURE + b"\x00", bytes(64))

    def check(self, content: bytes) -> None:
        """Look at the length; r and s may not be 0.

        Raises:
            ContentError: it is no such signature.
        """
        if len(content) != 64 or not any(content[:32]) or not any(content[32:]):
            raise ContentError(self.name, "not two numbers of 32 bytes")


CODINGS: Final[Mapping[str, Coding]] = {
    coding.name: coding
    for coding in (
        BiodataCoding(),
        CardControlCoding(),
        JpegCoding(),
        PngCoding(),
        MinutiaeCoding(),
        RawSignatureCoding(),
    )
}
