"""Rules about colour, images and graphics states (ISO 19005-2, 6.2.3 to 6.2.10)."""

from collections.abc import Iterator
from typing import Final

import pikepdf

from .content import INTENTS, Shown
from .objects import PdfFile, Placed
from .rules import Finding

PROFILE_SPACES: Final = {b"RGB ": "/DeviceRGB", b"CMYK": "/DeviceCMYK", b"GRAY": "/DeviceGray"}
RULE_OF_SPACE: Final = {
    "/DeviceRGB": "6.2.4.3-2",
    "/DeviceCMYK": "6.2.4.3-3",
    "/DeviceGray": "6.2.4.3-4",
}
CHANNELS: Final = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1, b"Lab ": 3}
# ISO 32000-1, tables 136 and 137
BLEND_MODES: Final = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge",
    "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color",
    "/Luminosity",
}  # fmt: skip


def check_colour(file: PdfFile, shown: Shown) -> Iterator[Finding]:
    """Output intents, the colours that are used, images, forms and graphics states."""
    intents = list(file.of_type("/S", "/GTS_PDFA1", "/GTS_PDFX"))
    yield from _intents(intents)
    for placed in file.of_type("/Subtype", "/Image"):
        yield from _image(placed, shown)
    yield from _spaces(intents, shown)
    for placed in file.of_type("/Subtype", "/Form"):
        yield from _form(placed)
    yield from (Finding("6.2.9-3", placed.where) for placed in file.of_type("/Subtype", "/PS"))
    for placed in _graphics_states(file):
        yield from _graphics_state(placed)
    for placed in file.objects:
        yield from _colour_array(placed)
    yield from (Finding("house-transparency", placed.where) for placed in file.of_type("/S", "/Transparency"))


def _profile(intent: Placed) -> bytes:
    stream = intent.value.get("/DestOutputProfile")
    return bytes(stream.read_bytes()) if isinstance(stream, pikepdf.Stream) else b""


def _intents(intents: list[Placed]) -> Iterator[Finding]:
    profiles = {
        intent.value.DestOutputProfile.objgen for intent in intents if "/DestOutputProfile" in intent.value
    }
    if len(profiles) > 1:
        yield Finding("6.2.3-2", "OutputIntents")
    for intent in intents:
        data = _profile(intent)
        # ICC.1:2001-12, 6.1: bytes 8 version, 12 device class, 16 colour space, 36 signature
        good = data[12:16] in (b"mntr", b"prtr") and data[16:20] in PROFILE_SPACES and data[8:9] < b"\x05"
        whole = data[36:40] == b"acsp" and len(data) == int.from_bytes(data[:4], "big")
        if not (good and whole and intent.value.DestOutputProfile.get("/N") == CHANNELS[data[16:20]]):
            yield Finding("6.2.3-1", intent.where)


def _spaces(intents: list[Placed], shown: Shown) -> Iterator[Finding]:
    ours = [PROFILE_SPACES.get(_profile(one)[16:20]) for one in intents if str(one.value.S) == "/GTS_PDFA1"]
    for space, where in shown.spaces.items():
        if not ours or (space != "/DeviceGray" and space not in ours):
            yield Finding(RULE_OF_SPACE[space], where)


def _image(placed: Placed, shown: Shown) -> Iterator[Finding]:
    image = placed.value
    for key, rule in (("/Alternates", "6.2.8-1"), ("/OPI", "6.2.8-2")):
        if key in image:
            yield Finding(rule, placed.where)
    if image.get("/Interpolate", False):
        yield Finding("6.2.8-3", placed.where)
    if "/SMask" in image or "/SMaskInData" in image:
        yield Finding("house-transparency", placed.where)
    if "/Intent" in image and str(image.Intent) not in INTENTS:
        yield Finding("6.2.6-1", placed.where)
    space = str(image.get("/ColorSpace", "/DeviceGray"))
    if space in RULE_OF_SPACE:
        shown.spaces.setdefault(space, placed.where)
    if "/JPXDecode" in str(image.get("/Filter", "")) or "/Mask" in image:
        yield Finding("house-image", placed.where)


def _form(placed: Placed) -> Iterator[Finding]:
    form = placed.value
    if "/PS" in form or "/OPI" in form or str(form.get("/Subtype2", "")) == "/PS":
        yield Finding("6.2.9-1", placed.where)
    if "/Ref" in form:
        yield Finding("6.2.9-2", placed.where)


def _graphics_states(file: PdfFile) -> Iterator[Placed]:
    """Those that resources name, with their Type or without, and those that have one."""
    for placed in file.dictionaries():
        if str(placed.value.get("/Type", "")) == "/ExtGState":
            yield placed
        states = placed.value.get("/ExtGState")
        if isinstance(states, pikepdf.Dictionary):
            yield from (
                Placed(f"{placed.where} {name}", state)
                for name, state in states.items()
                if isinstance(state, pikepdf.Dictionary) and "/Type" not in state
            )


def _graphics_state(placed: Placed) -> Iterator[Finding]:
    state = placed.value
    if "/TR" in state:
        yield Finding("6.2.5-1", placed.where)
    if str(state.get("/TR2", "/Default")) != "/Default":
        yield Finding("6.2.5-2", placed.where)
    if "/HTP" in state:
        yield Finding("6.2.5-3", placed.where)
    if "/HT" in state and str(state.HT) != "/Default":
        yield Finding("house-part", placed.where)
    if "/RI" in state and str(state.RI) not in INTENTS:
        yield Finding("6.2.6-1", placed.where)
    if str(state.get("/BM", "/Normal")) not in BLEND_MODES:
        yield Finding("6.2.10-1", placed.where)
    see_through = float(state.get("/CA", 1)) != 1 or float(state.get("/ca", 1)) != 1
    blended = str(state.get("/BM", "/Normal")) not in ("/Normal", "/Compatible")
    if see_through or blended or str(state.get("/SMask", "/None")) != "/None":
        yield Finding("house-transparency", placed.where)


def _colour_array(placed: Placed) -> Iterator[Finding]:
    """A colour space that is an array: ICC profiles are looked at, spot colours are refused."""
    array = placed.value
    if not isinstance(array, pikepdf.Array) or not len(array) or not isinstance(array[0], pikepdf.Name):
        return
    kind = str(array[0])
    if kind == "/ICCBased" and len(array) > 1:
        data = array[1].read_bytes() if isinstance(array[1], pikepdf.Stream) else b""
        known = data[12:16] in (b"prtr", b"mntr", b"scnr", b"spac") and data[16:20] in CHANNELS
        if not known or data[8:9] >= b"\x05" or array[1].get("/N") != CHANNELS[data[16:20]]:
            yield Finding("6.2.4.2-1", placed.where)
    elif kind in ("/Separation", "/DeviceN", "/Indexed", "/CalRGB", "/CalGray", "/Lab", "/Pattern"):
        yield Finding("house-colour", placed.where)
