"""What the station hears of its fingerprint scanners: the same port in front of two protocols."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.sbi.model import Model
from station.clock import SystemClock
from station.devices.scanner import open_scanner
from station.devices.scanner_serial import sensor_settings
from station.devices.scanner_window import read_window, window_file, write_window
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.fingers.minutiae import Finger
from station.fingers.window import learn_window
from station.ports import FingerScanner, ScannerIdentity, TouchStage
from station.settings import ScannerSettings
from tests.contract.simulated_sensor import SimulatedSensor, simulated_sensor
from tests.fakes.sbi import SbiOffice, make_keys

PATIENCE = 3.0


@pytest.fixture(scope="module")
def sensor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedSensor]:
    with simulated_sensor(tmp_path_factory.mktemp("sensor")) as running:
        yield running


@pytest.fixture
def serial(sensor: SimulatedSensor) -> Iterator[FingerScanner]:
    sensor.person("lift")
    scanner = open_scanner(ScannerSettings(url=f"serial://{sensor.port}"), SystemClock())
    yield scanner
    scanner.close()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_keys(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture
def service(tmp_path: Path, keys: Path) -> Iterator[SbiOffice]:
    one = SbiOffice(tmp_path, keys, Model(speed=50))
    one.press()
    yield one
    one.close()


def sbi(service: SbiOffice) -> FingerScanner:
    identity, model = service.service.identity, service.service.model
    settings = ScannerSettings.model_validate(
        {"url": service.url, "roots": identity.roots, "environment": model.environment}
    )
    return open_scanner(settings, SystemClock())


def touch(scanner: FingerScanner, seconds: float = PATIENCE) -> list[TouchStage]:
    """One touch that must succeed; the stages that were told."""
    stages: list[TouchStage] = []
    image = scanner.capture(Finger.RIGHT_INDEX, seconds, stages.append)
    assert image.pixels.std() > 10
    return stages


# ---- on a serial line ----


def test_a_sensor_gives_a_picture_and_tells_each_stage_once(
    sensor: SimulatedSensor, serial: FingerScanner
) -> None:
    stages: list[TouchStage] = []

    def press(stage: TouchStage) -> None:
        stages.append(stage)
        if stage is TouchStage.WAITING:
            sensor.press()

    assert serial.identify().kind == "zhiantec"
    image = serial.capture(Finger.RIGHT_INDEX, PATIENCE, press)
    assert image.pixels.std() > 10
    assert stages == [TouchStage.WAITING, TouchStage.TAKEN, TouchStage.READING]


def test_a_finger_that_lay_there_before_must_be_lifted(
    sensor: SimulatedSensor, serial: FingerScanner
) -> None:
    sensor.press()
    with pytest.raises(DeviceFault) as raised:
        touch(serial, 0.5)
    assert (raised.value.code, raised.value.reasons) == ("FINGER_UNUSABLE", ("finger_not_lifted",))


def test_nobody_comes_to_the_sensor(serial: FingerScanner) -> None:
    with pytest.raises(DeviceFault) as raised:
        touch(serial, 0.5)
    assert raised.value.code == "FINGER_ABSENT"


def test_a_sensor_that_stops_in_the_middle_has_torn_the_picture(
    sensor: SimulatedSensor, serial: FingerScanner
) -> None:
    def press(stage: TouchStage) -> None:
        if stage is TouchStage.WAITING:
            sensor.fault("no_last_packet", count=5)
            sensor.press()

    with pytest.raises(OutcomeUnknown) as raised:
        serial.capture(Finger.LEFT_INDEX, PATIENCE, press)
    assert raised.value.code == "FINGER_TORN"


def test_no_sensor_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(DeviceAbsent) as raised:
        open_scanner(ScannerSettings(url=f"serial://{tmp_path}/tty"), SystemClock())
    assert raised.value.code == "SCANNER_ABSENT"


@pytest.mark.parametrize(
    "url",
    [
        "serial:///dev/ttyUSB0?baud=12345",
        "serial:///dev/ttyUSB0?baud=fast",
        "serial:///dev/ttyUSB0?password=1",
        "serial:///dev/ttyUSB0?dpi=5",
        "serial://host/dev/ttyUSB0",
    ],
)
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(InputFault) as raised:
        sensor_settings(url)
    assert raised.value.code == "SCANNER_URL_UNUSABLE"


def test_the_window_of_a_sensor_is_learned_of_its_empty_plate_and_kept(
    serial: FingerScanner, tmp_path: Path
) -> None:
    identity = serial.identify()
    assert read_window(tmp_path, identity) is None
    window = learn_window(serial.blank_frames(5))
    file = write_window(tmp_path / "scanners", identity, window)
    kept = read_window(tmp_path / "scanners", identity)
    assert kept is not None
    assert (kept.inside == window.inside).all()
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    file.write_bytes(b"torn")
    with pytest.raises(InputFault) as raised:
        read_window(tmp_path / "scanners", identity)
    assert raised.value.code == "SENSOR_WINDOW_UNREADABLE"


def test_a_serial_number_that_is_no_file_name_names_a_file_all_the_same(tmp_path: Path) -> None:
    odd = window_file(tmp_path, ScannerIdentity("sbi", "X", "../../etc/passwd", 500.0))
    assert odd.parent == tmp_path
    assert odd != window_file(tmp_path, ScannerIdentity("sbi", "X", "../../etc/shadow", 500.0))


# ---- behind a service ----


def test_a_service_gives_a_picture(service: SbiOffice) -> None:
    scanner = sbi(service)
    found = scanner.identify()
    assert (found.kind, found.serial) == ("sbi", service.service.model.serial)
    assert touch(scanner) == [TouchStage.WAITING, TouchStage.TAKEN]
    assert touch(scanner) == [TouchStage.WAITING, TouchStage.TAKEN]


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("timeout", DeviceFault, "FINGER_ABSENT"),
        ("busy", DeviceFault, "FINGER_UNUSABLE"),
        ("low_resolution", DeviceFault, "FINGER_UNUSABLE"),
        ("cut_record", DeviceFault, "FINGER_UNUSABLE"),
        ("cut_body", OutcomeUnknown, "FINGER_TORN"),
        ("wrong_signature", DeviceAbsent, "SCANNER_UNTRUSTED"),
        ("stale_timestamp", DeviceAbsent, "SCANNER_UNTRUSTED"),
        ("broken_hash", DeviceAbsent, "SCANNER_UNTRUSTED"),
        ("wrong_finger", DeviceAbsent, "SCANNER_UNTRUSTED"),
    ],
)
def test_what_a_service_does_wrong_is_told_apart(
    service: SbiOffice, fault: str, kind: type[StationError], code: str
) -> None:
    scanner = sbi(service)
    service.arm(fault)
    with pytest.raises(kind) as raised:
        touch(scanner)
    assert raised.value.code == code
    assert touch(scanner)


def test_a_service_without_roots_is_not_used(service: SbiOffice) -> None:
    with pytest.raises(InputFault) as raised:
        open_scanner(ScannerSettings(url=service.url), SystemClock())
    assert raised.value.code == "SCANNER_URL_UNUSABLE"


def test_a_service_shows_no_empty_plate(service: SbiOffice) -> None:
    with pytest.raises(DeviceFault) as raised:
        sbi(service).blank_frames(5)
    assert raised.value.code == "SCANNER_SHOWS_NO_PLATE"
