"""What makes a PDF a PDF/A: output intent, XMP, and the language of its text."""

from dataclasses import dataclass
from enum import Enum
from typing import Final
from xml.sax.saxutils import escape

import reportlab
from reportlab.pdfbase.pdfdoc import PDFString

from .document import LetterDocument
from .fonts import packed_stream

AUTHOR: Final = "Dinas Kependudukan dan Pencatatan Sipil"
CREATOR: Final = "station"
PRODUCER: Final = f"ReportLab {reportlab.Version}"
LANGUAGE: Final = "id-ID"
COMPONENTS: Final = 3  # of an RGB profile


class Conformance(Enum):
    """Which standard the file names: part, and the minor version of PDF in its header.

    The A-1b twin is for PDFBox Preflight, which judges no other part.
    """

    A_2B = (2, 7)
    A_1B = (1, 4)

    @property
    def part(self) -> int:
        """The part of ISO 19005."""
        return self.value[0]

    @property
    def minor_version(self) -> int:
        """The y in PDF 1.y."""
        return self.value[1]


@dataclass(frozen=True)
class ColourProfile:
    """An ICC profile as a stream object, and the name of its condition."""

    stream: bytes
    condition: str

    @classmethod
    def pack(cls, data: bytes, condition: str) -> "ColourProfile":
        """Compress a profile, once for all documents."""
        return cls(packed_stream(data, f"/N {COMPONENTS}"), condition)


def catalog_entries(
    document: LetterDocument, title: str, conformance: Conformance, profile: ColourProfile
) -> bytes:
    """Write XMP and colour profile, and return the catalog's entries for them."""
    packet = _packet(title, conformance.part).encode("utf-8")
    # ISO 19005-1, 6.7.2: the packet is not compressed
    metadata = document.add(
        b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%bendstream\n" % (len(packet), packet)
    )
    colours = document.add(profile.stream)
    condition = PDFString(profile.condition).format(document)
    intent = (
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier%b/Info%b/DestOutputProfile %d 0 R>>"
        % (condition, condition, colours)
    )  # ISO 19005-2, 6.2.3
    return b"/Lang(%b)/Metadata %d 0 R/OutputIntents[%b]/ViewerPreferences<</DisplayDocTitle true>>" % (
        LANGUAGE.encode("ascii"),
        metadata,
        intent,
    )


def information(document: LetterDocument, title: str) -> bytes:
    """Return the information dictionary. It says what the XMP says, as ISO 19005-1, 6.7.3 asks."""
    texts = {"Title": title, "Author": AUTHOR, "Creator": CREATOR, "Producer": PRODUCER}
    entries = (
        b"/%b%b" % (key.encode("ascii"), PDFString(text).format(document)) for key, text in texts.items()
    )
    return b"<<%b>>" % b"".join(entries)


def _packet(title: str, part: int) -> str:
    # ISO 19005-2, 6.6.2.1: no bytes or encoding attribute in the header; 6.6.2.3: predefined schemas only
    return _PACKET.format(
        title=escape(title), author=AUTHOR, creator=CREATOR, producer=PRODUCER, part=part, language=LANGUAGE
    )


_PACKET: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
