"""The driver of ZhianTec sensors against the simulator: two readings of the protocol on a real pty."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy
import pytest
from numpy.typing import NDArray

from drivers.zhiantec import (
    BadFrameError,
    Colour,
    Light,
    NoAnswerError,
    NoFingerError,
    PasswordError,
    PlateNotEmptyError,
    SensorAbsentError,
    SensorSettings,
    Stage,
    Timing,
    ZhianTecScanner,
)
from tests.contract.simulated_sensor import SimulatedSensor, simulated_sensor

Pixels = NDArray[numpy.uint8]
Sees = Callable[[NDArray[numpy.float64], NDArray[numpy.float64]], bool]
PATIENCE = 30.0
# Where nothing is lost on the line no deadline comes near, on a busy machine either; where something is lost,
# the driver waits its deadline out.
CALM = Timing(answer=10, pause=4, wire_slack=20, poll=0.1)
QUICK = Timing(answer=1.5, pause=4, wire_slack=20, poll=0.1, tries=6)


@pytest.fixture
def sensor(tmp_path: Path) -> Iterator[SimulatedSensor]:
    with simulated_sensor(tmp_path, "--finger", "1") as running:
        yield running


def opened(sensor: SimulatedSensor, timing: Timing = CALM, password: int = 0) -> ZhianTecScanner:
    return ZhianTecScanner.open(SensorSettings(sensor.port, password=password), timing)


def assert_exact(scanner: ZhianTecScanner, sensor: SimulatedSensor) -> None:
    image = scanner.capture(PATIENCE)
    assert image.pixels.shape == (288, 256)
    assert image.pixels.dtype == numpy.uint8
    assert image.dots_per_inch == 500
    assert numpy.array_equal(image.pixels, sensor.image() * 17)
    assert image.pixels.std() > 40  # ridges and ground, not a blank


def test_capture_is_exact_to_four_bits_and_tells_how_it_goes(sensor: SimulatedSensor) -> None:
    told: list[tuple[Stage, int, int]] = []
    with opened(sensor) as scanner:
        assert scanner.baud == 115200
        assert (scanner.parameters.packet_size, scanner.parameters.library_size) == (128, 200)
        assert_exact(scanner, sensor)
        scanner.capture(PATIENCE, lambda stage, done, total: told.append((stage, done, total)))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == [
        Stage.WAITING_FOR_FINGER,
        Stage.FINGER_TAKEN,
        Stage.PICTURE_COMING,
        Stage.LIFT_FINGER,
    ]
    coming = [done for stage, done, total in told if stage is Stage.PICTURE_COMING and total == 36864]
    assert coming == sorted(coming)
    assert (len(coming), coming[-1]) == (288, 36864)


def test_closing_puts_the_baud_rate_back(sensor: SimulatedSensor) -> None:
    with opened(sensor):
        assert sensor.truth()["baud"] == 115200
    assert sensor.truth()["baud"] == 57600


@pytest.mark.parametrize("left_at", ["115200", "9600"])
def test_a_sensor_that_was_left_at_another_baud_rate_is_found(tmp_path: Path, left_at: str) -> None:
    with (
        simulated_sensor(tmp_path, "--finger", "1", "--baud", left_at) as sensor,
        opened(sensor, QUICK) as scanner,
    ):
        assert scanner.baud == 115200
        assert_exact(scanner, sensor)


def test_every_packet_size_is_read_from_the_sensor(sensor: SimulatedSensor) -> None:
    for code in range(4):
        with opened(sensor) as scanner:
            conversation = scanner._conversation
            assert conversation.ask(bytes([0x0E, 6, code])) == b"\0"
        with opened(sensor) as scanner:
            assert scanner.parameters.packet_size == 32 << code
            assert_exact(scanner, sensor)


def test_a_hurt_picture_is_fetched_whole_again(sensor: SimulatedSensor) -> None:
    hurts = ("bad_sum", "lost_byte", "doubled_byte", "wrong_address", "stray_bytes")
    with opened(sensor) as scanner:
        for number, fault in enumerate(
            (*(f"{one}:data" for one in hurts), "no_last_packet", "cut_upload"), 1
        ):
            sensor.fault(fault, at=100 if ":" in fault else 1)
            assert_exact(scanner, sensor)
            truth = sensor.truth()
            assert (truth["uploads"], truth["faults"]) == (2 * number, []), fault


@pytest.mark.parametrize(
    "fault",
    ["bad_sum:ack", "lost_byte:ack", "doubled_byte:ack", "wrong_address:ack", "stray_bytes:ack", "slow:60"],
)
def test_a_hurt_or_late_answer_is_mended(sensor: SimulatedSensor, fault: str) -> None:
    """Each of the first four answers of a capture: light, finger, light, upload."""
    with opened(sensor, QUICK) as scanner:
        for at in range(1, 5):
            sensor.fault(fault, at=at)
            assert_exact(scanner, sensor)
        assert sensor.truth()["faults"] == []


def test_a_picture_that_is_always_hurt_is_never_given_out(sensor: SimulatedSensor) -> None:
    with opened(sensor) as scanner:
        sensor.fault("bad_sum:data", count=1000)
        with pytest.raises(BadFrameError):
            scanner.capture(PATIENCE)
    assert sensor.truth()["uploads"] == 3


def test_a_late_answer_is_never_taken_for_a_finger(sensor: SimulatedSensor) -> None:
    """GetImage says 02 too late; no later 00 may stand for it."""
    sensor.person("lift")
    with opened(sensor, QUICK) as scanner:
        for _ in range(3):
            sensor.fault("slow:60", at=2)  # in simulated seconds; the light, then GetImage
            with pytest.raises(NoFingerError):
                scanner.capture(0.5)
    assert sensor.truth()["uploads"] == 0


def test_a_finger_that_comes_later_is_waited_for(sensor: SimulatedSensor) -> None:
    sensor.person("lift")
    with opened(sensor) as scanner:
        timer = threading.Timer(1.0, sensor.press, (1, 7))
        timer.start()
        assert_exact(scanner, sensor)
        timer.join()


def test_no_finger(sensor: SimulatedSensor) -> None:
    sensor.fault("no_finger", count=1000)
    with opened(sensor) as scanner, pytest.raises(NoFingerError):
        scanner.capture(0.5)
    assert sensor.truth()["aura"] == [2, 0x80, 1, 3]  # flashes red


@pytest.mark.parametrize("fault", ["storm", "no_finger"])
def test_a_storm_of_no_finger_passes(sensor: SimulatedSensor, fault: str) -> None:
    with opened(sensor) as scanner:
        sensor.fault(fault, count=3)
        assert_exact(scanner, sensor)


def test_a_finger_lifted_in_mid_scan_may_come_again(sensor: SimulatedSensor) -> None:
    with opened(sensor) as scanner:
        sensor.fault("finger_lifted")
        with pytest.raises(NoFingerError):
            scanner.capture(0.5)
        sensor.press(press=2)
        assert_exact(scanner, sensor)


def test_the_finger_may_be_lifted_while_the_picture_comes(sensor: SimulatedSensor) -> None:
    def lift(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.FINGER_TAKEN:
            sensor.person("lift")

    with opened(sensor) as scanner:
        image = scanner.capture(PATIENCE, lift)
        assert numpy.array_equal(image.pixels, sensor.image() * 17)
        assert image.pixels.std() > 40
        assert scanner.wait_until_lifted(PATIENCE)
        sensor.press()
        assert not scanner.wait_until_lifted(0.3)


def test_password(tmp_path: Path) -> None:
    with simulated_sensor(tmp_path, "--finger", "1") as sensor:
        with opened(sensor) as scanner:
            scanner._conversation.ask(bytes([0x12]) + (77).to_bytes(4, "big"))
            with pytest.raises(PasswordError):
                scanner._conversation.verify_password()
        with pytest.raises(PasswordError):
            opened(sensor, password=78)
        with opened(sensor, password=77) as scanner:
            sensor.fault("bad_sum:ack", at=2)
            assert_exact(scanner, sensor)


def test_a_password_that_is_refused_while_mending_is_not_tried_again(sensor: SimulatedSensor) -> None:
    with opened(sensor, QUICK) as scanner:
        sensor.fault("no_answer", at=2)
        sensor.fault("wrong_password")
        with pytest.raises(PasswordError):
            scanner.capture(PATIENCE)


def test_unplugged_and_plugged_again(sensor: SimulatedSensor) -> None:
    scanner = opened(sensor)
    sensor.fault("unplugged:upload")
    with pytest.raises(SensorAbsentError):
        scanner.capture(PATIENCE)
    scanner.close()
    with pytest.raises(SensorAbsentError):
        opened(sensor)
    sensor.person("plug")
    end = time.monotonic() + PATIENCE
    while not Path(sensor.port).exists() and time.monotonic() < end:
        time.sleep(0.05)
    with opened(sensor) as scanner:
        assert_exact(scanner, sensor)


def test_power_lost_between_two_captures(sensor: SimulatedSensor) -> None:
    with opened(sensor, QUICK) as scanner:
        assert_exact(scanner, sensor)
        sensor.fault("deaf:10")
        sensor.person("power_cycle")
        assert_exact(scanner, sensor)


def test_a_dead_sensor_is_told(sensor: SimulatedSensor) -> None:
    with opened(sensor, Timing(answer=0.3, pause=0.3)) as scanner:
        sensor.fault("no_answer", count=1000)
        with pytest.raises(NoAnswerError):
            scanner.capture(PATIENCE)


def test_another_program_holds_the_port(sensor: SimulatedSensor) -> None:
    with opened(sensor), pytest.raises(SensorAbsentError):
        opened(sensor)


def test_the_simulator_killed_and_started_again_keeps_its_truth(tmp_path: Path) -> None:
    with simulated_sensor(tmp_path, "--finger", "1") as sensor:
        with opened(sensor) as scanner:
            scanner._conversation.ask(bytes([0x12]) + (9).to_bytes(4, "big"))
        sensor.process.kill()
        sensor.process.wait(30)
    with simulated_sensor(tmp_path) as sensor, opened(sensor, password=9) as scanner:
        assert_exact(scanner, sensor)


def test_an_empty_plate_can_be_fetched_for_the_calibration(sensor: SimulatedSensor) -> None:
    with opened(sensor) as scanner:
        with pytest.raises(PlateNotEmptyError):
            scanner.blank_frame()
        sensor.person("lift")
        frames = [scanner.blank_frame().pixels.astype(int) for _ in range(2)]
        assert all(frame.mean() > 210 and frame.std() < 12 for frame in frames)
        assert not numpy.array_equal(frames[0], frames[1])  # two pictures, two noises


def test_lights_of_both_models(tmp_path: Path) -> None:
    with simulated_sensor(tmp_path / "a") as sensor, opened(sensor) as scanner:
        assert scanner.show(Light.ON, Colour.PURPLE)
        assert sensor.truth()["aura"] == [3, 0x80, 3, 0]
    older = ("--model", "R307", "--finger", "1")
    with simulated_sensor(tmp_path / "b", *older) as sensor, opened(sensor) as scanner:
        assert not scanner.show(Light.ON, Colour.BLUE)
        assert_exact(scanner, sensor)


SEES: Final[dict[str, Sees]] = {
    "gradient": lambda blank, healthy: healthy[-30:].mean() - blank[-30:].mean() > 25,
    "dead_row:140": lambda blank, healthy: blank[140].max() == 0,
    "noise": lambda blank, healthy: blank.std() > 1.15 * healthy.std(),
    "smear": lambda blank, healthy: healthy.min() - blank.min() > 40,
    "dirty_platen": lambda blank, healthy: healthy.mean() - blank.mean() > 3,
}


def test_each_defect_shows_on_the_empty_plate_until_it_is_mended(sensor: SimulatedSensor) -> None:
    sensor.person("lift")
    with opened(sensor) as scanner:
        healthy = scanner.blank_frame().pixels.astype(float)
        for fault, sees in SEES.items():
            sensor.fault(fault)
            assert sees(scanner.blank_frame().pixels.astype(float), healthy), fault
            sensor.person("repair")
            assert not sees(scanner.blank_frame().pixels.astype(float), healthy), fault


def test_490_dots_per_inch_show_on_the_bars(sensor: SimulatedSensor) -> None:
    """Two pairs of bars a millimetre: their period in pixels tells the density."""
    with opened(sensor) as scanner:
        sensor.person("lay_target", target="bars", cycles=2.0)
        assert scanner.capture(PATIENCE) is not None
        assert density(scanner.capture(PATIENCE).pixels) == pytest.approx(500, abs=3)
        sensor.fault("dots_490")
        assert density(scanner.capture(PATIENCE).pixels) == pytest.approx(490, abs=3)


def density(pixels: Pixels) -> float:
    row = pixels.mean(axis=0) - pixels.mean()
    padded = numpy.abs(numpy.fft.rfft(row * numpy.hanning(row.size), 1 << 16))
    cycles_per_pixel = (1000 + int(padded[1000:20000].argmax())) / (1 << 16)
    return 2.0 / cycles_per_pixel * 25.4


def test_no_such_port(tmp_path: Path) -> None:
    with pytest.raises(SensorAbsentError):
        ZhianTecScanner.open(SensorSettings(str(tmp_path / "nothing")))
