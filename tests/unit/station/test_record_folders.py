"""Record folders: what is no record is refused with a code, and never anything else."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.records.folder import FILES, LARGEST_FILE, read_record
from station.records.record import RecordData
from tests.fakes.station import records

EXAMPLES = settings(max_examples=150)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return folder


@pytest.fixture(scope="module")
def data(good: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((good / "record.json").read_text(encoding="utf-8"))
    return values


@pytest.fixture(scope="module")
def spoiled(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose `record.json` may be anything."""
    folder = tmp_path_factory.mktemp("spoiled") / "record"
    shutil.copytree(good, folder)
    return folder


def _read(folder: Path, content: bytes) -> RecordData | None:
    """Read a folder with this `record.json`; None where it is refused as it must be."""
    (folder / "record.json").write_bytes(content)
    try:
        return read_record(folder).data
    except InputFault as fault:
        assert fault.code == "RECORD_MALFORMED"
        assert fault.values["field"]
        assert fault.values["problem"]
        return None


def test_a_good_record_is_read(good: Path, data: dict[str, object]) -> None:
    record = read_record(good)
    assert record.data.nik == data["nik"]
    assert record.data.birth_date.isoformat() == data["birth_date"]
    assert not record.from_production


@pytest.mark.parametrize("name", FILES)
def test_each_file_must_be_there(good: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    (folder / name).unlink()
    with pytest.raises(InputFault) as fault:
        read_record(folder)
    assert (fault.value.code, fault.value.values["file"]) == ("RECORD_FILE_MISSING", name)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_malformed(good: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(InputFault) as fault:
        read_record(folder)
    assert fault.value.code == "RECORD_MALFORMED"


def test_a_file_of_no_size_for_a_record_is_not_read_into_memory(good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    with (folder / "photo.jpg").open("r+b") as photo:
        photo.truncate(LARGEST_FILE + 1)
    with pytest.raises(InputFault) as fault:
        read_record(folder)
    assert (fault.value.code, fault.value.values["field"]) == ("RECORD_MALFORMED", "photo.jpg")


@pytest.mark.parametrize("make", [lambda path: None, Path.touch])
def test_what_is_no_folder_is_missing(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "record")
    with pytest.raises(InputFault) as fault:
        read_record(tmp_path / "record")
    assert fault.value.code == "RECORD_FOLDER_MISSING"


@pytest.mark.parametrize("name", FILES)
def test_any_changed_byte_changes_the_digest(good: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    before, content = read_record(folder).sha256, (folder / name).read_bytes()
    seen = {before}
    for position in {0, 1, len(content) // 3, len(content) // 2, len(content) - 1}:
        changed = bytearray(content)
        changed[position] ^= 0x01
        (folder / name).write_bytes(changed)
        seen.add(_digest_of(folder, content, name))
    assert len(seen) > (1 if name == "record.json" else 5 - 1)


def _digest_of(folder: Path, original: bytes, name: str) -> str:
    """The digest; a `record.json` that is none any more is given another blank at its end instead."""
    try:
        return read_record(folder).sha256
    except InputFault:
        (folder / name).write_bytes(original + b" ")
        return read_record(folder).sha256


def test_bytes_that_move_from_one_file_to_the_next_change_the_digest(good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    before = read_record(folder).sha256
    photo, signature = (folder / "photo.jpg").read_bytes(), (folder / "signature.png").read_bytes()
    (folder / "photo.jpg").write_bytes(photo + signature[:1])
    (folder / "signature.png").write_bytes(signature[1:])
    assert read_record(folder).sha256 != before


@EXAMPLES
@given(content=st.binary(max_size=200))
def test_bytes_that_are_no_json_are_refused(spoiled: Path, content: bytes) -> None:
    assert _read(spoiled, content) is None


@EXAMPLES
@given(value=JSON_VALUES)
def test_json_that_is_no_record_is_refused(spoiled: Path, value: object) -> None:
    assert _read(spoiled, json.dumps(value).encode()) is None


@settings(max_examples=400)
@given(changes=st.data())
def test_a_changed_field_is_refused_or_fits_the_model(
    spoiled: Path, data: dict[str, object], changes: st.DataObject
) -> None:
    field = changes.draw(st.sampled_from(sorted(data)))
    value = changes.draw(JSON_VALUES)
    read = _read(spoiled, json.dumps({**data, field: value}).encode())
    if read is not None:
        _assert_true_to(read, {**data, field: value})


@EXAMPLES
@given(mutation=st.data())
def test_a_file_damaged_on_its_way_is_refused_or_fits_the_model(
    spoiled: Path, data: dict[str, object], mutation: st.DataObject
) -> None:
    content = bytearray(json.dumps(data).encode())
    for _ in range(mutation.draw(st.integers(1, 3))):
        content[mutation.draw(st.integers(0, len(content) - 1))] = mutation.draw(st.integers(0, 255))
    cut = mutation.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    read = _read(spoiled, bytes(content[:cut]))
    if read is not None:
        _assert_true_to(read, json.loads(content))


def _assert_true_to(read: RecordData, values: dict[str, object]) -> None:
    """Nothing was guessed: each value is what stands in the file, but for blanks at its ends."""
    for name, value in json.loads(read.model_dump_json()).items():
        given_value = values.get(name, False)  # only `synthetic` may be left out
        assert value == (given_value.strip() if isinstance(given_value, str) else given_value)
        assert isinstance(value, bool) == isinstance(given_value, bool)
    assert len(read.name) <= 60
    assert read.birth_date.year >= 1900


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", 0),  # a number is not the first of January 1970
        ("birth_date", "631152000"),
        ("birth_date", "0190-05-05"),
        ("birth_date", "1990-02-30"),
        ("date_issued", "0017-03-17"),
        ("issue_number", "1"),
        ("issue_number", True),
        ("issue_number", 0),
        ("issue_number", 65536),
        ("synthetic", "no"),
        ("nik", "320101010190000"),
        ("nik", "3201010101900000"),
        ("nik", 3201010101900001),
        ("name", " "),
        ("name", "A" * 61),
        ("rt", "1"),
        ("nationality", "wni"),
        ("format", "record/2"),
        ("record_id", "../0001"),
        ("more", "than there is"),
    ],
)
def test_values_that_look_nearly_right_are_refused(
    spoiled: Path, data: dict[str, object], field: str, value: object
) -> None:
    assert _read(spoiled, json.dumps({**data, field: value}).encode()) is None


def test_no_value_of_the_person_stands_in_the_error(spoiled: Path, data: dict[str, object]) -> None:
    (spoiled / "record.json").write_text(json.dumps({**data, "birth_date": "SECRET"}))
    with pytest.raises(InputFault) as fault:
        read_record(spoiled)
    assert "SECRET" not in str(fault.value)
    assert fault.value.__cause__ is None
