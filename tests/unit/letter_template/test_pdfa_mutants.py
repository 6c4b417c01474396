"""For every rule of our PDF/A judge a file that breaks it: each must be found, and by that rule."""

import re
from collections.abc import Callable
from copy import copy
from io import BytesIO

import pikepdf
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # the package has no types
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.pdfa.checker import check
from tests.pdfa.rules import RULES

Breaker = Callable[[Pdf], object]
ByteBreaker = Callable[[bytes], bytes]


def saved(pdf: Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return target.getvalue()


@pytest.fixture(scope="module")
def letter(press: Press, values: LetterValues) -> bytes:
    return press.one_letter(values)


def font(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources.Font["/F1+0"]


def photo(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources.XObject["/Photo"]


def form(pdf: Pdf) -> pikepdf.Object:
    objects = pdf.pages[0].obj.Resources.XObject
    return next(one for one in objects.values() if one.Subtype == Name.Form)


def put(holder: Callable[[Pdf], pikepdf.Object], key: str, value: object) -> Breaker:
    return lambda pdf: holder(pdf).__setitem__(key, value)


def drop(holder: Callable[[Pdf], pikepdf.Object], key: str) -> Breaker:
    return lambda pdf: holder(pdf).__delitem__(key)


def root(pdf: Pdf) -> pikepdf.Object:
    return pdf.Root


def page(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj


def paint(operators: bytes) -> Breaker:
    return lambda pdf: pdf.pages[0].contents_add(operators)


def state(**entries: object) -> Breaker:
    """A direct dictionary, without its Type, as a careless writer leaves it."""
    named = {f"/{key}": value for key, value in entries.items()}
    return lambda pdf: page(pdf).Resources.__setitem__("/ExtGState", Dictionary(G0=Dictionary(named)))


def annotate(**entries: object) -> Breaker:
    """A direct annotation, right but for the entries."""

    def breaker(pdf: Pdf) -> None:
        look = Stream(
            pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources=Dictionary()
        )
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Square,
            Rect=[10, 10, 20, 20],
            F=4,
            AP=Dictionary(N=pdf.make_indirect(look)),
        )
        for key, value in entries.items():
            if value is None:
                del note[f"/{key}"]
            else:
                note[f"/{key}"] = value
        page(pdf).Annots = Array([note])

    return breaker


def xmp(before: bytes, after: bytes) -> Breaker:
    def breaker(pdf: Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert before in packet
        pdf.Root.Metadata.write(packet.replace(before, after))

    return breaker


def profile(at: int, data: bytes) -> Breaker:
    def breaker(pdf: Pdf) -> None:
        stream = pdf.Root.OutputIntents[0].DestOutputProfile
        old = stream.read_bytes()
        stream.write(old[:at] + data + old[at + len(data) :])

    return breaker


def second_intent(pdf: Pdf) -> None:
    first = pdf.Root.OutputIntents[0]
    other = Stream(pdf, first.DestOutputProfile.read_bytes(), N=3)
    pdf.Root.OutputIntents.append(
        Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, DestOutputProfile=pdf.make_indirect(other))
    )


def program(change: Callable[[TTFont], None]) -> Breaker:
    def breaker(pdf: Pdf) -> None:
        file = font(pdf).FontDescriptor.FontFile2
        target = BytesIO()
        with TTFont(BytesIO(file.read_bytes())) as read:
            change(read)
            read.save(target)
        file.write(target.getvalue())

    return breaker


def two_tables(read: TTFont) -> None:
    first = read["cmap"].tables[0]
    other = copy(first)
    other.platformID, other.platEncID = 3, 1
    read["cmap"].tables.append(other)


def forget_e(read: TTFont) -> None:
    del read["cmap"].tables[0].cmap[ord("e")]


def e_is_missing(read: TTFont) -> None:
    read["cmap"].tables[0].cmap[ord("e")] = read.getGlyphOrder()[0]


def wide_e(read: TTFont) -> None:
    name = read["cmap"].tables[0].cmap[ord("e")]
    read["hmtx"].metrics[name] = (read["hmtx"].metrics[name][0] + 100, 0)


def widget_with_action(pdf: Pdf) -> None:
    annotate(Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String("x"), A=Dictionary(S=Name.URI))(pdf)
    page(pdf).Annots[0] = pdf.make_indirect(page(pdf).Annots[0])
    pdf.Root.AcroForm = Dictionary(Fields=Array([page(pdf).Annots[0]]))


def courier_in_a_stamp(pdf: Pdf) -> None:
    """What a signing library does by default: a font in a direct dictionary below the look of a stamp."""
    look = Stream(
        pdf,
        b"BT /C 9 Tf (x) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, 9, 9],
        Resources=Dictionary(
            Font=Dictionary(C=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
        ),
    )
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=[1, 1, 9, 9], F=4, AP=Dictionary(N=pdf.make_indirect(look))
    )
    page(pdf).Annots = Array([note])


def no_unicode(pdf: Pdf) -> None:
    stream = font(pdf).ToUnicode
    stream.write(stream.read_bytes().replace(b"<65> <0065>\n", b""))


def own_icc(pdf: Pdf) -> None:
    stream = pdf.make_indirect(Stream(pdf, b"no profile", N=3))
    page(pdf).Resources.ColorSpace = Dictionary(C0=Array([Name.ICCBased, stream]))


OBJECTS: list[tuple[str, Breaker]] = [
    ("6.1.7-3", put(photo, "/F", pikepdf.String("photo.jpg"))),
    ("6.1.8-1", lambda pdf: font(pdf).__setitem__("/BaseFont", pikepdf.Object.parse(b"/AAAAAA+#ff#fe"))),
    ("6.1.10-1", paint(b"BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID \x80\x0b\x60\x50\x22\x0c\x0c\x85\x01 EI")),
    ("6.1.13-1", put(root, "/Big", 2**40)),
    ("6.1.13-3", put(root, "/Long", pikepdf.String("x" * 40000))),
    ("6.1.13-4", put(root, "/Long", Name("/" + "x" * 200))),
    ("6.1.13-8", paint(b"q " * 30 + b"Q " * 30)),
    ("6.1.13-11", put(page, "/CropBox", Array([0, 0, 2, 100]))),
    ("6.2.2-1", paint(b"BX 1 2 fancy EX")),
    ("6.2.2-2", paint(b"/Nowhere Do")),
    ("6.2.3-1", profile(12, b"scnr")),
    ("6.2.3-1", profile(8, b"\x05")),
    ("6.2.3-1", lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.__setitem__("/N", 4)),
    ("6.2.3-2", second_intent),
    ("6.2.4.2-1", own_icc),
    ("6.2.4.3-2", drop(root, "/OutputIntents")),
    ("6.2.4.3-3", paint(b"0 0 0 1 k 0 0 1 1 re f")),
    ("6.2.4.3-4", drop(root, "/OutputIntents")),
    ("6.2.5-1", state(TR=Name.Identity)),
    ("6.2.5-2", state(TR2=Name.Identity)),
    ("6.2.5-3", state(HTP=Array([0, 0]))),
    ("6.2.6-1", state(RI=Name.Pretty)),
    ("6.2.6-1", paint(b"/Pretty ri")),
    ("6.2.8-1", put(photo, "/Alternates", Array())),
    ("6.2.8-2", put(photo, "/OPI", Dictionary())),
    ("6.2.8-3", put(photo, "/Interpolate", True)),
    ("6.2.8-3", paint(b"BI /W 1 /H 1 /BPC 8 /CS /G /I true ID \x80 EI")),
    ("6.2.9-1", put(form, "/PS", pikepdf.String("x"))),
    ("6.2.9-2", put(form, "/Ref", Dictionary())),
    ("6.2.9-3", put(photo, "/Subtype", Name.PS)),
    ("6.2.10-1", state(BM=Name.Rainbow)),
    ("6.2.11.2-1", put(font, "/Type", Name.Fount)),
    ("6.2.11.2-2", put(font, "/Subtype", Name.TrueTypo)),
    ("6.2.11.2-3", drop(font, "/BaseFont")),
    ("6.2.11.2-4", drop(font, "/FirstChar")),
    ("6.2.11.2-5", drop(font, "/LastChar")),
    ("6.2.11.2-6", lambda pdf: font(pdf).Widths.append(500)),
    ("6.2.11.4-1", lambda pdf: font(pdf).FontDescriptor.__delitem__("/FontFile2")),
    ("6.2.11.4-1", courier_in_a_stamp),
    ("6.2.11.4-2", program(forget_e)),
    ("6.2.11.5-1", program(wide_e)),
    ("6.2.11.5-1", lambda pdf: font(pdf).Widths.__setitem__(ord("e"), 999)),
    ("6.2.11.6-2", lambda pdf: font(pdf).FontDescriptor.__setitem__("/Flags", 32)),
    ("6.2.11.6-3", put(font, "/Encoding", Name.WinAnsiEncoding)),
    ("6.2.11.6-4", program(two_tables)),
    ("6.2.11.8-1", program(e_is_missing)),
    ("6.3.1-1", annotate(Subtype=Name.Movie)),
    ("6.3.2-1", annotate(F=None)),
    ("6.3.2-2", annotate(F=0)),
    ("6.3.2-2", annotate(F=4 | 2)),
    ("6.3.3-1", annotate(AP=None)),
    ("6.3.3-2", annotate(AP=Dictionary(N=Dictionary()))),
    ("6.4.1-1", put(root, "/AcroForm", Dictionary(Fields=Array([Dictionary(AA=Dictionary())])))),
    ("6.4.1-1", widget_with_action),
    ("6.4.1-3", put(root, "/AcroForm", Dictionary(Fields=Array(), NeedAppearances=True))),
    ("6.4.2-1", put(root, "/AcroForm", Dictionary(Fields=Array(), XFA=Array()))),
    ("6.4.2-2", put(root, "/NeedsRendering", True)),
    ("6.4.3-1", put(root, "/Seal", Dictionary(ByteRange=Array([0, 9, 10, 20])))),
    ("6.5.1-1", put(root, "/OpenAction", Dictionary(S=Name.JavaScript, JS=pikepdf.String("x")))),
    ("6.5.1-1", annotate(Subtype=Name.Link, A=Dictionary(S=Name.Launch))),
    ("6.5.1-2", put(root, "/OpenAction", Dictionary(S=Name.Named, N=Name.Print))),
    ("6.5.2-1", put(root, "/AA", Dictionary())),
    ("6.5.2-2", put(page, "/AA", Dictionary())),
    ("6.6.2.1-1", drop(root, "/Metadata")),
    ("6.6.2.1-2", xmp(b"<?xpacket begin", b"<?xpacket bytes='9' begin")),
    ("6.6.2.1-3", xmp(b"<?xpacket begin", b"<?xpacket encoding='UTF-8' begin")),
    ("6.6.2.1-4", xmp(b"</dc:title>", b"")),
    ("6.6.2.1-5", xmp(b"Surat", b"S\xff")),
    ("6.6.2.3-7", xmp(b"pdf:Producer", b"pdf:Trapped")),
    ("6.6.2.3-7", xmp(b"rdf:Seq", b"rdf:Bag")),
    ("6.6.4-1", xmp(b"ns/id/", b"ns/ie/")),
    ("6.6.4-2", xmp(b"part>2", b"part>3")),
    ("6.6.4-3", xmp(b"conformance>B", b"conformance>Z")),
    ("6.6.4-4", xmp(b"pdfaid", b"pdfa")),
    ("house-colour", lambda pdf: page(pdf).Resources.__setitem__(
        "/ColorSpace", Dictionary(C0=Array([Name.Separation, Name.Gold, Name.DeviceRGB, Dictionary()])))),
    ("house-transparency", state(ca=0.5)),
    ("house-transparency", put(page, "/Group", Dictionary(S=Name.Transparency))),
    ("house-image", put(photo, "/Filter", Name.JPXDecode)),
    ("house-font", put(font, "/Subtype", Name.Type1)),
    ("house-unicode", no_unicode),
    ("house-part", put(root, "/OCProperties", Dictionary())),
]  # fmt: skip


def swap(before: bytes, after: bytes) -> ByteBreaker:
    """Change bytes without moving any that follow."""

    def breaker(data: bytes) -> bytes:
        assert before in data
        assert len(before) == len(after)
        return data.replace(before, after, 1)

    return breaker


def bad_length(data: bytes) -> bytes:
    found = re.search(rb"/Length (\d+)/N 3", data)
    assert found
    return data.replace(found.group(), b"/Length %d/N 3" % (int(found.group(1)) - 1), 1)


def huge_number(data: bytes) -> bytes:
    found = re.search(rb"/ActualText(\(.*?\))", data)
    assert found
    return data.replace(found.group(1), b" 1".ljust(len(found.group(1)) - 2, b"0") + b".5", 1)


def garbled_stream(data: bytes) -> bytes:
    at = data.index(b"stream\n", data.index(b"/FlateDecode")) + 12
    return data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]


BYTES: list[tuple[str, ByteBreaker]] = [
    ("6.1.2-1", swap(b"%PDF-1.7", b"%PDF-2.0")),
    ("6.1.2-2", swap(b"\n%\xe2\xe3", b"\n%aa")),
    ("6.1.3-1", lambda data: re.sub(rb"/ID(\[.*?\])", rb"/IX\1", data)),
    ("6.1.3-3", lambda data: data + b"more"),
    ("6.1.4-2", lambda data: data.replace(b"\nxref\n0", b"\nxref \n0", 1)),
    ("6.1.6-1", lambda data: re.sub(rb"/ID\[<.", b"/ID[< ", data)),
    ("6.1.6-2", swap(b"/ActualText(", b"/ActualText<")),
    ("6.1.7-1", bad_length),
    ("6.1.7-2", swap(b"stream\n<?xp", b"stream\r<?xp")),
    ("6.1.7-4", swap(b"/DCTDecode", b"/LZWDecode")),
    ("6.1.9-1", swap(b"\nendobj\n", b" endobj\n")),
    ("6.1.13-2", huge_number),
    ("house-filter", garbled_stream),
    ("house-syntax", lambda data: data[: len(data) // 2]),
]  # fmt: skip


def test_a_letter_breaks_no_rule_even_when_written_again(letter: bytes) -> None:
    assert check(letter) == []
    with Pdf.open(BytesIO(letter)) as pdf:
        assert check(saved(pdf)) == []


@pytest.mark.parametrize(
    ("rule", "breaker"), OBJECTS, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(OBJECTS)]
)
def test_a_broken_object_is_found(letter: bytes, rule: str, breaker: Breaker) -> None:
    with Pdf.open(BytesIO(letter)) as pdf:
        breaker(pdf)
        assert rule in {finding.rule for finding in check(saved(pdf))}


@pytest.mark.parametrize(("rule", "breaker"), BYTES, ids=[rule for rule, _ in BYTES])
def test_broken_bytes_are_found(letter: bytes, rule: str, breaker: ByteBreaker) -> None:
    assert rule in {finding.rule for finding in check(breaker(letter))}


def test_an_encrypted_letter_is_found(letter: bytes) -> None:
    target = BytesIO()
    with Pdf.open(BytesIO(letter)) as pdf:
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            encryption=pikepdf.Encryption(owner="x", user=""),
        )
    assert "6.1.3-2" in {finding.rule for finding in check(target.getvalue())}


def test_every_rule_has_a_mutant() -> None:
    assert {rule for rule, _ in (*OBJECTS, *BYTES)} | {"6.1.3-2"} == RULES.keys()
