"""What no letter may carry is refused, by a code, before a number is used."""

import datetime
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from templates.card.vocabulary import BLOOD_GROUPS, MARITAL_STATUSES, NATIONALITIES, RELIGIONS, SEXES
from templates.letters.errors import (
    LetterError,
    LetterGlyphError,
    LetterLayoutError,
    LetterOverflowError,
    LetterPhotoError,
    LetterValueError,
    MaterialError,
)
from templates.letters.layout import SUKET, load_layout
from templates.letters.press import Press
from templates.letters.texts import printed
from templates.letters.values import Holder, LetterValues
from tests.unit.letter_template.conftest import FOLDERS


def holder(values: LetterValues, **changes: str | bytes) -> LetterValues:
    return replace(values, holder=Holder(**{**vars(values.holder), **changes}))


@pytest.mark.parametrize(
    "name",
    [
        "\u0421\u0418\u0422\u0418",
        "名前",
        "سيتي",
        "SITI\u0301X\u0301",
        "SITI\tX",
        "SITI\u00a0X",
        "SI\u200bTI",
        "😀",
    ],
)
def test_a_character_that_cannot_be_shown_is_refused(press: Press, values: LetterValues, name: str) -> None:
    bad = holder(values, name=name)
    with pytest.raises(LetterGlyphError) as refused:
        press.check(bad)
    assert refused.value.field == "name"
    assert "SITI" not in str(refused.value)
    with pytest.raises(LetterGlyphError):
        press.one_letter(bad)


def test_a_composed_letter_is_taken_however_it_is_coded(press: Press, values: LetterValues) -> None:
    one, other = holder(values, name="RENE\u0301"), holder(values, name="REN\u00c9")
    assert press.one_letter(one) == press.one_letter(other)


def test_other_texts_are_looked_at_too(press: Press, values: LetterValues) -> None:
    with pytest.raises(LetterGlyphError):
        press.check(replace(values, number="\u0416"))
    with pytest.raises(LetterGlyphError):
        press.check(replace(values, status_code="\u0416"))
    with pytest.raises(LetterGlyphError):
        press.check(replace(values, letterhead=replace(values.letterhead, contact="電話")))
    with pytest.raises(LetterGlyphError):
        press.check(replace(values, signer=replace(values.signer, position="Kepala\n\u0414")))


def test_every_character_that_is_taken_has_a_glyph(press: Press, values: LetterValues) -> None:
    """Every Latin letter of the fonts, and all of printable ASCII, is drawn by a glyph of its own."""
    assert press.fonts.characters >= {chr(code) for code in range(32, 127)}
    for role in ("regular", "bold"):
        table = press.fonts[role].face.charToGlyph
        assert all(table[ord(character)] for character in press.fonts.characters)
    several = [
        one for one in sorted(press.fonts.characters) if press.fonts.characters.issuperset(printed(one))
    ]
    assert len(several) > 400
    for start in range(0, len(several), 50):
        press.check(holder(values, name="X" + "".join(several[start : start + 50])))


@pytest.mark.parametrize("nik", ["", "123", "99010152089000012", "990101520890000A", "٩٩٠١٠١٥٢٠٨٩٠٠٠٠١"])
def test_a_malformed_nik_is_refused(press: Press, values: LetterValues, nik: str) -> None:
    with pytest.raises(LetterValueError, match="nik"):
        press.check(holder(values, nik=nik))


def test_a_malformed_nip_is_refused(press: Press, values: LetterValues) -> None:
    with pytest.raises(LetterValueError, match="nip"):
        press.check(replace(values, signer=replace(values.signer, nip="19650101 199001 1 001")))


@pytest.mark.parametrize("field", ["name", "address", "village", "birthplace", "province"])
def test_an_empty_particular_is_refused(press: Press, values: LetterValues, field: str) -> None:
    with pytest.raises(LetterValueError, match=field):
        press.check(holder(values, **{field: " "}))


def test_dates_out_of_order_are_refused(press: Press, values: LetterValues) -> None:
    with pytest.raises(LetterValueError, match="valid_until"):
        press.check(replace(values, valid_until=values.issued - datetime.timedelta(days=1)))


@pytest.mark.parametrize("payload", ["", b"", "9" * 2000, "x" * 5000])
def test_a_qr_code_without_or_with_too_much_content_is_refused(
    press: Press, values: LetterValues, payload: str | bytes
) -> None:
    with pytest.raises(LetterValueError, match="qr_payload"):
        press.check(replace(values, qr_payload=payload))


def picture(mode: str, size: tuple[int, int], kind: str = "JPEG") -> bytes:
    target = BytesIO()
    Image.new(mode, size, 128).save(target, kind)
    return target.getvalue()


BAD_PHOTOS = {
    "missing": b"",
    "no picture": b"photo",
    "png": picture("RGB", (354, 472), "PNG"),
    "grey": picture("L", (354, 472)),
    "cmyk": picture("CMYK", (354, 472)),
    "small": picture("RGB", (90, 120)),
    "wide": picture("RGB", (640, 480)),
    "too large": picture("RGB", (6100, 8000)),
}


@pytest.mark.parametrize("kind", BAD_PHOTOS)
def test_a_bad_photo_is_refused(press: Press, values: LetterValues, kind: str) -> None:
    bad = holder(values, photo=BAD_PHOTOS[kind])
    for make in (press.check, press.one_letter):
        with pytest.raises(LetterPhotoError):
            make(bad)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_half_a_photo_is_refused(press: Press, values: LetterValues, share: float) -> None:
    whole = values.holder.photo
    with pytest.raises(LetterPhotoError):
        press.one_letter(holder(values, photo=whole[: int(len(whole) * share)]))


def test_a_photo_that_only_its_exif_data_turn_is_turned(press: Press, values: LetterValues) -> None:
    lying = Image.open(BytesIO(values.holder.photo)).transpose(Image.Transpose.ROTATE_90)
    data = Image.Exif()
    data[0x0112] = 6
    target = BytesIO()
    lying.save(target, "JPEG", exif=data)
    assert b"/Width 354/Height 472/" in press.one_letter(holder(values, photo=target.getvalue()))


def test_every_word_of_the_vocabularies_can_be_printed(press: Press, values: LetterValues) -> None:
    for field, words in {
        "sex": SEXES,
        "blood_group": (*BLOOD_GROUPS, "-"),
        "religion": RELIGIONS,
        "marital_status": MARITAL_STATUSES,
        "nationality": NATIONALITIES,
    }.items():
        for word in words:
            press.check(holder(values, **{field: word}))


def test_a_line_that_must_stay_one_is_shrunk_or_refused(press: Press, values: LetterValues) -> None:
    signer = replace(values.signer, name="Dr. Ir. Hj. RADEN AYU CONTOHNINGSIH WIRYAWAN, S.Sos., M.Si.")
    press.check(replace(values, signer=signer))
    with pytest.raises(LetterOverflowError, match="signer"):
        press.check(replace(values, signer=replace(signer, name=signer.name * 2)))
    with pytest.raises(LetterOverflowError, match="number"):
        press.check(replace(values, number="471.13/" * 30))


def test_a_letterhead_that_is_too_long_is_refused(press: Press, values: LetterValues) -> None:
    with pytest.raises(LetterOverflowError, match="letterhead"):
        press.check(replace(values, letterhead=replace(values.letterhead, office="DINAS " * 40)))


def test_a_text_that_cannot_fit_is_refused(press: Press, values: LetterValues) -> None:
    with pytest.raises(LetterOverflowError, match="text"):
        press.check(holder(values, address="WWWWW " * 600))


def test_a_wrong_font_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match="none of the folders"):
        Press.load([tmp_path])
    for name in ("LiberationSans-Regular.ttf", "sRGB.icc"):
        (tmp_path / name).write_bytes(b"another file")
        with pytest.raises(MaterialError, match=rf"{name}.*SHA-256"):
            Press.load([tmp_path, *FOLDERS])
        (tmp_path / name).unlink()


def test_a_broken_layout_is_refused(tmp_path: Path) -> None:
    layout = tmp_path / "layout.toml"
    with pytest.raises(LetterLayoutError):
        load_layout(layout)
    layout.write_text(SUKET.read_text().replace("quiet = 4", "quiet = 1"))
    with pytest.raises(LetterLayoutError, match=r"strip\.quiet"):
        load_layout(layout)


def test_all_refusals_are_one_family() -> None:
    for kind in (LetterGlyphError, LetterValueError, LetterOverflowError, LetterPhotoError, MaterialError):
        assert issubclass(kind, LetterError)


def test_values_do_not_show_a_person(values: LetterValues) -> None:
    shown = repr(values)
    assert "SITI" not in shown
    assert "9901015208900001" not in shown
