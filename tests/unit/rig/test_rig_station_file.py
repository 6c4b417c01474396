"""The `station.toml` that the rig writes is one that the station and its drivers read."""

import subprocess
from pathlib import Path

import pytest

from drivers.pcsc.locate import open_reader
from drivers.token import Pkcs11Url
from drivers.transports.urls import open_printer_transport
from simulators.rig import RigOptions
from simulators.rig.options import ChipStation, Connection
from simulators.rig.station_file import CentrePorts, PaperPorts, PrinterPorts, environment_text, station_text
from simulators.rig.token_files import TokenFiles
from station.devices.paper_printer import open_paper_printer
from station.settings import load_settings

PORTS = {
    lane: PrinterPorts(port=9100 + index, usbip_port=3240 + index, busid="1-1", admin_port=8000 + index)
    for index, lane in enumerate("ABC")
}
CENTRE = CentrePorts(port=8443, admin_port=8010, ca="ca.pem", signing="s.pem", encryption="e.pem")
ODD_NAMES = ("plain", "with space", 'quote"s', "per%cent", "a&b;c#d?e", "kantor-ä")


PAPER = PaperPorts(port=6310, url="ipp://127.0.0.1:6310/printers/kantor", admin_port=8020)


def write(folder: Path, options: RigOptions, paper: PaperPorts | None = None) -> Path:
    path = folder / "station.toml"
    text = station_text(options, TokenFiles(options.folder), PORTS, CENTRE, paper)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_folder_name_survives(tmp_path: Path, name: str) -> None:
    options = RigOptions(tmp_path / name)
    settings = load_settings(write(tmp_path, options), {})
    assert settings.data == tmp_path / name / "data"
    for key, wanted in ((settings.keys.person, "person"), (settings.keys.blanks, "blanks")):
        url = Pkcs11Url.parse(key)
        assert (url.token, url.selector.label) == ("station", wanted)
        assert url.pin_source == TokenFiles(options.folder).pin


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("paper", [None, PAPER])
def test_letters_go_to_the_paper_printer_or_into_a_folder(
    tmp_path: Path, name: str, paper: PaperPorts | None
) -> None:
    options = RigOptions(tmp_path / name)
    letters = load_settings(write(tmp_path, options, paper), {}).letters
    assert letters is not None
    assert letters.printer is not None
    if paper is not None:
        assert letters.printer == paper.url
    else:
        (tmp_path / name / "letters-on-paper").mkdir(parents=True)
        wanted = str(tmp_path / name / "letters-on-paper")
        assert open_paper_printer(letters.printer, letters.paper).read().name == wanted


@pytest.mark.parametrize(
    ("connection", "printer"),
    [("usbip", "usbip://127.0.0.1:3241/1-1"), ("socket", "socket://127.0.0.1:9101")],
)
def test_lanes_name_their_devices(tmp_path: Path, connection: Connection, printer: str) -> None:
    options = RigOptions(tmp_path, printers=3, connection=connection)
    lanes = load_settings(write(tmp_path, options), {}).lanes
    assert [lane.name for lane in lanes] == ["A", "B", "C"]
    assert lanes[1].printer == printer
    open_printer_transport(lanes[1].printer).close()


@pytest.mark.parametrize(
    ("station", "reader"),
    [("contactless", "Simulated printer B 00 01"), ("contact", "Simulated printer B 00 00")],
)
def test_the_reader_is_that_of_the_chip_station(tmp_path: Path, station: ChipStation, reader: str) -> None:
    options = RigOptions(tmp_path, printers=3, chip_station=station)
    lane = load_settings(write(tmp_path, options), {}).lanes[1]
    assert lane.chip_station == station
    assert open_reader(lane.reader).name == reader


@pytest.mark.parametrize("printers", [0, 9])
def test_as_many_printers_as_pcscd_has_readers_for(tmp_path: Path, printers: int) -> None:
    with pytest.raises(ValueError, match="1 to 8"):
        RigOptions(tmp_path, printers=printers)


def test_a_shell_reads_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text(environment_text({"STATION_CONFIG": "/a b/it's $HOME"}), encoding="utf-8")
    script = f'. "{file}"; printf %s "$STATION_CONFIG"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=10)
    assert done.stdout == "/a b/it's $HOME"
