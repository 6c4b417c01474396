"""Rules about XMP (ISO 19005-2, 6.6)."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

import pikepdf

from .objects import PdfFile
from .rules import Finding

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFAID: Final = "{http://www.aiim.org/pdfa/ns/id/}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
XMP: Final = "{http://ns.adobe.com/xap/1.0/}"
PDF: Final = "{http://ns.adobe.com/pdf/1.3/}"
# Properties of the predefined schemas that letters use, and their shape (XMP Specification, September 2005).
PROPERTIES: Final = {
    f"{DC}format": "text",
    f"{DC}title": "Alt",
    f"{DC}creator": "Seq",
    f"{DC}language": "Bag",
    f"{PDF}Producer": "text",
    f"{XMP}CreatorTool": "text",
    f"{PDFAID}part": "text",
    f"{PDFAID}conformance": "text",
}


def check_metadata(file: PdfFile) -> Iterator[Finding]:
    """The document's XMP packet."""
    stream = file.pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream) or str(stream.get("/Type", "")) != "/Metadata":
        yield Finding("6.6.2.1-1", "catalog")
        return
    packet = bytes(stream.read_bytes())
    head = packet[: packet.find(b"?>")]
    for rule, attribute in (("6.6.2.1-2", rb"\sbytes\s*="), ("6.6.2.1-3", rb"\sencoding\s*=")):
        if re.search(attribute, head):
            yield Finding(rule, "XMP")
    try:
        text = packet.decode("utf-8")
    except UnicodeDecodeError:
        yield Finding("6.6.2.1-5", "XMP")
        return
    try:
        tree = ElementTree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", text).strip())
    except ElementTree.ParseError:
        yield Finding("6.6.2.1-4", "XMP")
        return
    yield from _properties(tree)
    if (
        "http://www.aiim.org/pdfa/ns/id/" in text
        and 'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"' not in text
    ):
        yield Finding("6.6.4-4", "XMP")


def _properties(tree: ElementTree.Element) -> Iterator[Finding]:
    found: dict[str, str] = {}
    for description in tree.iter(f"{RDF}Description"):
        for name, value in description.attrib.items():
            if name != f"{RDF}about":
                found[name] = value
        for element in description:
            found[element.tag] = element.text or ""
            yield from _shape(element)
    yield from (Finding("6.6.2.3-7", name) for name in found if name not in PROPERTIES)
    part, conformance = found.get(f"{PDFAID}part"), found.get(f"{PDFAID}conformance")
    if part is None and conformance is None:
        yield Finding("6.6.4-1", "XMP")
        return
    if part != "2":
        yield Finding("6.6.4-2", "XMP")
    if conformance != "B":
        yield Finding("6.6.4-3", "XMP")


def _shape(element: ElementTree.Element) -> Iterator[Finding]:
    shape = PROPERTIES.get(element.tag, "")
    below = [child.tag for child in element]
    if shape and below != ([] if shape == "text" else [f"{RDF}{shape}"]):
        yield Finding("6.6.2.3-7", element.tag)
