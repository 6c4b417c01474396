"""Rules about annotations, forms, actions, and parts that no letter has (ISO 19005-2, 6.3 to 6.11)."""

from collections.abc import Iterator
from typing import Final

import pikepdf

from .objects import PdfFile, Placed
from .rules import Finding

# ISO 32000-1, table 169, without 3D, Sound, Screen and Movie
ANNOTATIONS: Final = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight",
    "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/FileAttachment",
    "/Widget", "/PrinterMark", "/TrapNet", "/Watermark", "/Redact",
}  # fmt: skip
ACTIONS: Final = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
NAMED: Final = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
OTHER_ACTIONS: Final = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition",
    "/Trans", "/GoTo3DView", "/JavaScript",
}  # fmt: skip
PRINT: Final = 4
BAD_FLAGS: Final = 1 | 2 | 32 | 256  # Invisible, Hidden, NoView, ToggleNoView: ISO 32000-1, table 165
# 6.1.12, 6.8, 6.9, 6.10, 6.11: not judged here, so not accepted
REFUSED: Final = ("/Perms", "/OCProperties", "/Requirements", "/Collection")
REFUSED_NAMES: Final = ("/EmbeddedFiles", "/AlternatePresentations", "/JavaScript")


def check_parts(file: PdfFile) -> Iterator[Finding]:
    """Annotations, fields, actions, and what is refused whole."""
    root = file.pdf.Root
    for placed in file.of_type("/Type", "/Page"):
        for annotation in placed.value.get("/Annots", pikepdf.Array()):
            yield from _annotation(Placed(f"{placed.where} /Annots", annotation))
        if "/AA" in placed.value:
            yield Finding("6.5.2-2", placed.where)
        if "/PresSteps" in placed.value:
            yield Finding("house-part", placed.where)
    yield from _form(root)
    yield from _actions(file)
    yield from _signatures(file)
    if "/AA" in root:
        yield Finding("6.5.2-1", "catalog")
    names = root.get("/Names", pikepdf.Dictionary())
    if any(key in root for key in REFUSED) or any(key in names for key in REFUSED_NAMES):
        yield Finding("house-part", "catalog")
    yield from (
        Finding("house-part", placed.where) for placed in file.dictionaries() if "/EF" in placed.value
    )


def _annotation(placed: Placed) -> Iterator[Finding]:
    annotation, where = placed.value, placed.where
    kind = str(annotation.get("/Subtype", ""))
    if kind not in ANNOTATIONS:
        yield Finding("6.3.1-1", where)
    if "/F" not in annotation:
        if kind != "/Popup":
            yield Finding("6.3.2-1", where)
    elif not int(annotation.F) & PRINT or int(annotation.F) & BAD_FLAGS:
        yield Finding("6.3.2-2", where)
    left, bottom, right, top = (float(side) for side in annotation.get("/Rect", [0, 0, 1, 1]))
    appearance = annotation.get("/AP")
    if appearance is None and (left, bottom) != (right, top) and kind not in ("/Popup", "/Link"):
        yield Finding("6.3.3-1", where)
    if appearance is not None:
        normal = appearance.get("/N")
        if set(appearance.keys()) != {"/N"} or not isinstance(normal, pikepdf.Stream):
            yield Finding("6.3.3-2", where)
    if kind == "/Widget" and ("/A" in annotation or "/AA" in annotation):
        yield Finding("6.4.1-1", where)


def _form(root: pikepdf.Object) -> Iterator[Finding]:
    form = root.get("/AcroForm", pikepdf.Dictionary())
    if form.get("/NeedAppearances", False):
        yield Finding("6.4.1-3", "AcroForm")
    if "/XFA" in form:
        yield Finding("6.4.2-1", "AcroForm")
    if root.get("/NeedsRendering", False):
        yield Finding("6.4.2-2", "catalog")
    for field in form.get("/Fields", pikepdf.Array()):
        if "/A" in field or "/AA" in field:
            yield Finding("6.4.1-1", "AcroForm")


def _actions(file: PdfFile) -> Iterator[Finding]:
    for placed in file.dictionaries():
        for key in ("/A", "/OpenAction", "/Next"):
            action = placed.value.get(key)
            if isinstance(action, pikepdf.Dictionary) and "/S" in action and str(action.S) not in ACTIONS:
                yield Finding("6.5.1-1", f"{placed.where} {key}")
        kind = str(placed.value.get("/S", ""))
        declared = str(placed.value.get("/Type", "")) == "/Action"
        # A structure element has an S too, and a parent.
        if (declared and kind not in ACTIONS) or (kind in OTHER_ACTIONS and "/P" not in placed.value):
            yield Finding("6.5.1-1", placed.where)
        elif kind == "/Named" and str(placed.value.get("/N", "")) not in NAMED:
            yield Finding("6.5.1-2", placed.where)


def _signatures(file: PdfFile) -> Iterator[Finding]:
    ranges = [
        [int(number) for number in placed.value.ByteRange]
        for placed in file.dictionaries()
        if "/ByteRange" in placed.value
    ]
    # The last signature covers the whole file; an earlier one covered what was the file then.
    if ranges and max(ends[2] + ends[3] for ends in ranges if len(ends) == 4) != len(file.data):
        yield Finding("6.4.3-1", "ByteRange")
