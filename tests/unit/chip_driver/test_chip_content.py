"""What stands in the files: codings, biodata, card control, images, manifest, profile, FCP."""

import hashlib
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.chip import Biodata, CardControl, ktp_el_open, ktp_el_public, manifest
from drivers.chip.codings import CODINGS, Coding
from drivers.chip.errors import ContentError, ContentTooLong, LayoutMismatch
from drivers.chip.fcp import FileControl, FileKind
from drivers.chip.images import content_of, image_of, prepare
from drivers.chip.profile import parse_profile
from drivers.chip.samples import BIODATA, CARD_CONTROL, JPEG, PNG
from tests.unit.chip_driver.chip_cards import CARD_UID, FILES, NIK, jpeg_of

PROFILE = ktp_el_open()
PRINTABLE = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters='"'), max_size=20
)


def test_every_coding_carries_vectors() -> None:
    without = [coding.name for coding in CODINGS.values() if not coding.samples or not coding.refused]
    assert without == []


def test_every_file_has_a_coding_and_every_coding_a_file() -> None:
    assert {file.coding for file in PROFILE.files} == set(CODINGS)


@pytest.mark.parametrize("coding", CODINGS.values(), ids=str)
def test_a_coding_takes_its_samples_and_refuses_the_others(coding: Coding) -> None:
    for content in coding.samples:
        coding.check(content)
    for content in coding.refused:
        with pytest.raises(ContentError):
            coding.check(content)


@given(st.sampled_from(sorted(CODINGS)), st.binary(max_size=80))
def test_any_bytes_are_right_or_a_content_error(name: str, content: bytes) -> None:
    try:
        CODINGS[name].check(content)
    except ContentError as error:
        assert error.coding == name


def test_sample_pictures_can_be_seen() -> None:
    with Image.open(io.BytesIO(JPEG)) as photo, Image.open(io.BytesIO(PNG)) as signature:
        assert (photo.size, photo.format) == ((1, 1), "JPEG")
        assert (signature.size, signature.mode) == ((1, 1), "1")
        photo.load()
        signature.load()


@pytest.mark.parametrize("progressive", [False, True])
def test_only_a_baseline_photo_passes(progressive: bool) -> None:
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((60, 80)).convert("RGB").save(
        picture, "JPEG", quality=40, progressive=progressive
    )
    if progressive:
        with pytest.raises(ContentError, match="baseline"):
            CODINGS["jpeg-baseline"].check(picture.getvalue())
    else:
        CODINGS["jpeg-baseline"].check(picture.getvalue())


def test_biodata_of_the_sample() -> None:
    biodata = Biodata.decode(BIODATA)
    assert (biodata.nik, biodata.rw, biodata.name) == (NIK, "002", "CONTOH SPESIMEN")
    assert (biodata.birth_date, biodata.nationality, biodata.reserved) == ("31-01-1990", "WNI", "")
    assert biodata.encode() == BIODATA
    assert len(biodata.texts()) == 21
    assert NIK not in repr(biodata)


@given(st.lists(PRINTABLE, min_size=20, max_size=20))
def test_biodata_is_encoded_and_decoded(texts: list[str]) -> None:
    texts[0], texts[14] = NIK, "29-02-2024"
    biodata = Biodata.from_texts((*texts, ""))
    assert Biodata.decode(biodata.encode()) == biodata


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nik", "320101999999000"),
        ("nik", "32010199999900012"),
        ("nik", "320101999999000a"),
        ("nik", "\u0661" * 16),
        ("name", 'A"B'),
        ("name", "É"),
        ("address", "A\nB"),
        ("birth_date", "1990-01-31"),
        ("reserved", "x"),
    ],
)
def test_biodata_that_breaks_a_rule(field: str, value: str) -> None:
    with pytest.raises(ContentError) as caught:
        replace(Biodata.decode(BIODATA), **{field: value})
    assert value not in str(caught.value)


@pytest.mark.parametrize("count", [0, 20, 22])
def test_biodata_of_another_number_of_fields(count: int) -> None:
    with pytest.raises(ContentError, match=f"{count} fields"):
        Biodata.from_texts(("x",) * count)


@given(
    st.integers(0, 0xFF),
    st.binary(min_size=8, max_size=8),
    st.integers(0, 0xFFFF),
    st.binary(min_size=32, max_size=32),
)
def test_card_control_is_encoded_and_decoded(version: int, uid: bytes, issue: int, digest: bytes) -> None:
    control = CardControl(version, uid, issue, digest)
    assert len(control.encode()) == 51
    assert CardControl.decode(control.encode()) == control


def test_card_control_byte_for_byte() -> None:
    assert CardControl(0x30, CARD_UID, 1, bytes(range(32))).encode() == CARD_CONTROL
    for wrong in (
        CardControl(0x30, CARD_UID[1:], 1, bytes(32)),
        CardControl(0x30, CARD_UID, 0x10000, bytes(32)),
        CardControl(0x30, CARD_UID, 1, bytes(31)),
    ):
        with pytest.raises(ContentError):
            wrong.encode()


def test_the_manifest_byte_for_byte() -> None:
    text = manifest(PROFILE, FILES, CARD_UID)
    hashes = {
        "6FF1": FILES.biodata,
        "6FF2": FILES.photo,
        "6FF3": FILES.signature_image,
        "6FF4": FILES.minutiae_1,
        "6FF5": FILES.minutiae_2,
    }
    listed = ",".join(f'"{fid}":"{hashlib.sha256(content).hexdigest()}"' for fid, content in hashes.items())
    nik = hashlib.sha256(NIK.encode()).hexdigest()
    expected = (
        f'{{"files":{{{listed}}},"issue":1,"nik_sha256":"{nik}",'
        '"profile":"ktp-el-open/1","uid":"8004112233445566"}'
    )
    assert text == expected.encode()
    assert json.loads(text)["issue"] == 1


def test_a_manifest_differs_for_another_chip_issue_or_person() -> None:
    texts = {
        manifest(PROFILE, FILES, CARD_UID),
        manifest(PROFILE, FILES, CARD_UID[:-1] + b"\x00"),
        manifest(PROFILE, replace(FILES, issue=2), CARD_UID),
        manifest(PROFILE, replace(FILES, nik="3201019999990002"), CARD_UID),
    }
    assert len(texts) == 4


@pytest.mark.parametrize("nik", ["", "123", "\u0661" * 16, "32010199999900012"])
def test_a_manifest_needs_a_nik(nik: str) -> None:
    with pytest.raises(ContentError):
        manifest(PROFILE, replace(FILES, nik=nik), CARD_UID)


@given(st.sampled_from(PROFILE.files), st.data())
def test_an_image_gives_its_content_back(file: object, data: st.DataObject) -> None:
    specification = PROFILE.named(str(file.name))  # type: ignore[attr-defined]
    content = data.draw(st.binary(max_size=specification.capacity))
    image = image_of(specification, content)
    assert len(image) == specification.size
    assert content_of(specification, image) == content


def test_an_image_with_a_wrong_prefix_or_something_behind() -> None:
    file = PROFILE.file(0x6FF6)
    with pytest.raises(ContentError, match="prefix"):
        content_of(file, b"\xff\xff" + bytes(80))
    with pytest.raises(ContentError, match="behind"):
        content_of(file, b"\x00\x01\x02\x03")


@pytest.mark.parametrize(
    ("change", "coding"),
    [
        ({"photo": jpeg_of(4097)}, "photo"),
        ({"biodata": BIODATA + b"x" * 800}, "biodata"),
        ({"signature_image": PNG + bytes(512)}, "signature_image"),
    ],
)
def test_content_over_its_budget_is_named(change: dict[str, bytes], coding: str) -> None:
    with pytest.raises(ContentTooLong) as caught:
        prepare(PROFILE, replace(FILES, **change), CARD_UID)  # type: ignore[arg-type]
    assert caught.value.coding == coding
    assert caught.value.length > caught.value.limit


def test_the_profile_is_the_one_of_the_reference() -> None:
    sizes = {f"{file.fid:04X}": file.size for file in PROFILE.files}
    assert sizes == {
        "6FF0": 53,
        "6FF1": 802,
        "6FF2": 4098,
        "6FF3": 514,
        "6FF4": 322,
        "6FF5": 322,
        "6FF6": 82,
    }
    # The reference counts 32 bytes for each DF and EF.
    assert sum(sizes.values()) + 8 * 32 == 6449
    assert PROFILE.application == 0x7F0A
    assert PROFILE.write_order[-1] == 0x6FF0


def test_the_public_profile_says_what_it_is() -> None:
    assert ktp_el_public().evidence == "from public observation, unverified"


def profile_text() -> str:
    from importlib.resources import files

    return files("drivers.chip").joinpath("ktp_el_open.toml").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("size = 802", "size = 2"),
        ("size = 802", "size = 32768"),
        ('update = "channel"', 'update = "sometimes"'),
        ("secure_update = 239", "secure_update = 0"),
        ('commit = "activate"', 'commit = "terminate"'),
        ("0x6FF6, 0x6FF0]", "0x6FF6]"),
        ("writable = true", "writable = true\ncolour = 1"),
        ("writable = true", ""),
    ],
)
def test_a_faulty_profile_is_refused(before: str, after: str) -> None:
    assert before in profile_text()
    with pytest.raises(ValueError):
        parse_profile(profile_text().replace(before, after, 1))


def test_card_uids() -> None:
    assert PROFILE.card_uid(CARD_UID[1:]) == CARD_UID
    assert PROFILE.card_uid(bytes(8)) == bytes(8)
    with pytest.raises(ValueError):
        PROFILE.card_uid(bytes(4))


def test_fcp_byte_for_byte() -> None:
    assert PROFILE.control.encode() == bytes.fromhex("620A82013883027F0A8A0101")
    biodata = PROFILE.file(0x6FF1).control.encode()
    assert biodata == bytes.fromhex("621380020322820101830 26FF18A01018C03034040".replace(" ", ""))
    assert PROFILE.file(0x6FF2).control.encode().endswith(bytes.fromhex("8C03034000"))


@given(
    st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(min_size=2, max_size=2), st.integers(0, 0xFF)
)
def test_fcp_is_encoded_and_decoded(fid: int, size: int, access: bytes, life_cycle: int) -> None:
    control = FileControl(fid, FileKind.TRANSPARENT, size, access, life_cycle)
    assert FileControl.decode(control.encode()) == control


@pytest.mark.parametrize(
    "data", ["", "6200", "6203820101", "6F0A82013883027F0A8A0101", "62", "6204830 26FF1".replace(" ", "")]
)
def test_faulty_fcp(data: str) -> None:
    with pytest.raises(ValueError):
        FileControl.decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("change", "word"), [({"size": 1}, "size"), ({"access": b"\x00\x00"}, "access"), ({"kind": 0x38}, "kind")]
)
def test_a_file_with_other_properties(change: dict[str, int], word: str) -> None:
    control = PROFILE.file(0x6FF1).control
    with pytest.raises(LayoutMismatch, match=f"6FF1: {word}"):
        control.check_same_layout(replace(control, **change))  # type: ignore[arg-type]
    control.check_same_layout(replace(control, life_cycle=5))
