"""`station.toml`: what is wrong in it is named, and every command finds the same data wherever it is."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.errors import ExitStatus, InputFault
from station.settings import load_settings
from tests.unit.station.office_desk import SETTINGS, assert_explained, run_command

SECOND_LANE = """
[[lanes]]
name = "{name}"
printer = "{printer}"
reader = "{reader}"
"""
FREE = {"name": "B", "printer": "socket://127.0.0.1:10", "reader": "pcsc:///Another"}


def write(folder: Path, text: str = SETTINGS) -> Path:
    file = folder / "station.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problem(file: Path) -> str:
    """What is said of a file that is wrong."""
    with pytest.raises(InputFault) as fault:
        load_settings(file, {})
    assert fault.value.code == "SETTINGS_MALFORMED"
    return str(fault.value.values["problem"])


def test_the_settings_are_read(tmp_path: Path) -> None:
    found = load_settings(write(tmp_path), {})
    assert found.lanes[0].name == "A"
    assert found.policy.blanks_per_job == 3
    assert found.lock_file.parent == found.control_socket.parent == found.data


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('province = "JAWA REKAAN"', "", "office.province"),
        ('province = "JAWA REKAAN"', 'province = ""', "office.province"),
        ('province = "JAWA REKAAN"', "province = 5", "office.province"),
        ('province = "JAWA REKAAN"', 'province = "X"\nprovinse = "Y"', "office.provinse"),
        ("[office]", "[offices]", "office"),
        ('data = "data"', "", "data"),
        ('data = "data"', 'data = "data"\ncolour = "red"', "colour"),
        ('data = "data"', 'data = "data"\nclock = "atomic"', "clock"),
        ('name = "A"', 'name = "A lane with a long name"', "lanes.0.name"),
        ('name = "A"', 'name = ""', "lanes.0.name"),
        ('name = "A"', 'name = "A"\nchip_station = "magnetic"', "lanes.0.chip_station"),
        ('person = "pkcs11:token=fake;object=person"', "", "keys.person"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in SETTINGS
    assert problem(write(tmp_path, SETTINGS.replace(old, new))).startswith(f"{named}: ")


@pytest.mark.parametrize(
    "policy",
    ["blanks_per_job = 0", "blanks_per_job = 11", "quality_check_every = -1", "chip_faults_in_a_row = 1"],
)
def test_a_policy_that_would_waste_blanks_is_refused(tmp_path: Path, policy: str) -> None:
    assert problem(write(tmp_path, f"{SETTINGS}\n[policy]\n{policy}\n")).startswith("policy.")


def test_an_office_has_a_lane(tmp_path: Path) -> None:
    text = SETTINGS[: SETTINGS.index("[[lanes]]")]
    assert problem(write(tmp_path, text)).startswith("lanes")


@pytest.mark.parametrize(
    ("part", "value"),
    [("name", "A"), ("printer", "socket://127.0.0.1:9"), ("reader", "pcsc:///Fake%20reader")],
)
def test_two_lanes_share_neither_name_nor_printer_nor_reader(tmp_path: Path, part: str, value: str) -> None:
    assert len(load_settings(write(tmp_path, SETTINGS + SECOND_LANE.format(**FREE)), {}).lanes) == 2
    shared = SECOND_LANE.format(**{**FREE, part: value})
    assert part in problem(write(tmp_path, SETTINGS + shared))


@pytest.mark.parametrize("content", [b"data = ", b"\xff\xfe", b"= 1", b'data = "a"\ndata = "b"', b"\x00"])
def test_what_is_no_toml_is_malformed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "station.toml").write_bytes(content)
    assert problem(tmp_path / "station.toml")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.data())
def test_a_damaged_file_is_refused_or_read(tmp_path: Path, changes: st.DataObject) -> None:
    content = bytearray(SETTINGS.encode())
    for _ in range(changes.draw(st.integers(1, 3))):
        content[changes.draw(st.integers(0, len(content) - 1))] = changes.draw(st.integers(0, 255))
    (tmp_path / "station.toml").write_bytes(content)
    try:
        load_settings(tmp_path / "station.toml", {})
    except InputFault as fault:
        assert fault.code == "SETTINGS_MALFORMED"
        return
    tomllib.loads(content.decode())


def test_a_missing_file_is_named_with_all_the_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputFault) as fault:
        load_settings(None, {})
    assert fault.value.code == "SETTINGS_MISSING"
    assert "/etc/station/station.toml" in str(fault.value)
    with pytest.raises(InputFault) as named:
        load_settings(tmp_path / "elsewhere.toml", {})
    assert "elsewhere.toml" in str(named.value)
    assert "/etc" not in str(named.value)


def test_a_file_that_is_named_is_the_one_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    write(here, SETTINGS.replace("JAWA REKAAN", "SINI"))
    named = write(there, SETTINGS.replace("JAWA REKAAN", "SANA"))
    monkeypatch.chdir(here)
    assert load_settings(None, {}).office.province == "SINI"
    assert load_settings(None, {"STATION_CONFIG": str(named)}).office.province == "SANA"
    assert load_settings(named, {"STATION_CONFIG": "station.toml"}).office.province == "SANA"
    with pytest.raises(InputFault):
        load_settings(None, {"STATION_CONFIG": str(there / "none.toml")})


def test_relative_paths_start_at_the_file_and_not_where_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, elsewhere = tmp_path / "office", tmp_path / "elsewhere"
    office.mkdir()
    elsewhere.mkdir()
    text = SETTINGS.replace("[office]", '[fonts]\nfolder = "fonts"\n\n[office]')
    file = write(office, text)
    found = []
    for place, given_path in ((office, Path("station.toml")), (elsewhere, Path("../office/station.toml"))):
        monkeypatch.chdir(place)
        loaded = load_settings(given_path, {})
        found.append((loaded.data.resolve(), loaded.fonts.folder.resolve()))
        assert loaded.data.is_absolute()
    assert found == [(office / "data", office / "fonts")] * 2
    assert load_settings(file, {}).data == office / "data"


def test_two_commands_given_in_two_places_work_on_one_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.delenv("STATION_DATA", raising=False)
    file, elsewhere = write(tmp_path), tmp_path / "elsewhere"
    elsewhere.mkdir()
    for place in (tmp_path, elsewhere):
        monkeypatch.chdir(place)
        assert run_command("--config", str(file), "jobs", "list").status == ExitStatus.DONE
    assert (tmp_path / "data" / "station.db").is_file()
    assert list(elsewhere.iterdir()) == []


def test_the_environment_moves_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path)
    assert load_settings(file, {"STATION_DATA": "/srv/station"}).data == Path("/srv/station")
    assert load_settings(file, {"STATION_DATA": "other"}).data == tmp_path / "other"
    assert load_settings(file, {"STATION_DATA": ""}).data == tmp_path / "data"


@pytest.mark.parametrize("text", ["data = ", SETTINGS.replace("[office]", "[offices]")])
def test_a_command_explains_settings_that_are_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    said = run_command("--config", str(write(tmp_path, text)), "jobs", "list")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "SETTINGS_MALFORMED")
    assert list(tmp_path.iterdir()) == [tmp_path / "station.toml"]


def test_a_command_explains_settings_that_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    said = run_command("--config", str(tmp_path / "none.toml"), "jobs", "list")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "SETTINGS_MISSING")
