"""pyHanko's part: an incremental update with the signature's field and a gap for the container."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from station.errors import InputFault

FIELD: Final = "TTE_1"
DIGEST: Final = "sha256"


@dataclass(frozen=True)
class PreparedFile:
    """A file with everything but its signature.

    Attributes:
        content: the file; its gap is filled with zeros.
        digest: SHA-256 of all but the gap.
        start, end: the gap with its angle brackets.
    """

    content: bytes
    digest: bytes
    start: int
    end: int

    def filled(self, container: bytes) -> bytes:
        """The signed file."""
        target = BytesIO(self.content)
        gap = PreparedByteRangeDigest(self.digest, self.start, self.end)
        gap.fill_with_cms(target, container)
        return target.getvalue()


class _LetterWriter(IncrementalPdfFileWriter):
    """Leaves title, XMP and dates as they are: pyHanko would write the machine's time beside the station's.

    It has no option for that. A test would see a version that no longer asks this method.
    """

    def _update_meta(self) -> None:
        """Change nothing."""


def prepare(pdf: bytes, moment: datetime, room: int) -> PreparedFile:
    """Add the signature's field, invisible, and a gap.

    Args:
        pdf: a file without a signature.
        moment: when it is signed, aware.
        room: hexadecimal digits of the gap.

    Raises:
        InputFault: LETTER_FILE_UNSIGNABLE.
    """
    # No box: Rect is zero and F is 132 (print, locked), which needs no picture (ISO 19005-2 clause 6.3.3).
    signature = SignatureObject(subfilter=SigSeedSubFilter.PADES, timestamp=moment, bytes_reserved=room)
    try:
        steps = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, _LetterWriter(BytesIO(pdf)))
        next(steps)
        steps.send(SigObjSetup(sig_placeholder=signature))
        gap, output = steps.send(SigIOSetup(md_algorithm=DIGEST))
    except (PdfError, SigningError) as error:
        raise InputFault("LETTER_FILE_UNSIGNABLE", problem=error) from error
    return PreparedFile(
        output.getvalue(), gap.document_digest, gap.reserved_region_start, gap.reserved_region_end
    )
