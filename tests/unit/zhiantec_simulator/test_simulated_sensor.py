"""The simulated sensor's answers, byte for byte, against the command table of the fact sheet."""

import os
import time
from pathlib import Path

import pytest
import serial

from simulators.admin import AdminError
from simulators.fault_menu import FaultMenu, UnknownFault
from simulators.stopping import StopWish
from simulators.zhiantec.codes import BROADCAST, Pid
from simulators.zhiantec.faults import FAULTS
from simulators.zhiantec.frames import FrameParser, frame_bytes
from simulators.zhiantec.line import Line
from simulators.zhiantec.program import Equipment, Program
from simulators.zhiantec.sensor import MODELS, Sensor


@pytest.fixture
def sensor(tmp_path: Path) -> Sensor:
    return Sensor(tmp_path, MODELS["R503"], 57600, 1)


def said(sensor: Sensor, command: str) -> str:
    return sensor.answer(bytes.fromhex(command)).payload.hex()


@pytest.mark.parametrize(
    "command, answer",
    [
        ("13 00000000", "00"),
        ("13 00000001", "13"),
        ("13 0000", "01"),  # too short (assumed)
        ("0f", "00 0000 0009 00c8 0003 ffffffff 0002 0006"),
        ("0e 04 0d", "1a"),
        ("0e 07 01", "1a"),
        ("0e 05 03", "00"),
        ("0e 06 04", "1a"),
        ("01", "02"),  # nothing on the plate
        ("02 01", "15"),
        ("0a", "15"),
        ("05", "0a"),
        ("03", "08"),
        ("04 01 0000 00c8", "09"),
        ("06 01 0000", "0b"),  # nothing in the buffer (assumed)
        ("07 01 00c8", "0b"),
        ("07 01 0000", "0c"),
        ("0c 00c8 0001", "10"),
        ("0d", "00"),
        ("1d", "00 0000"),
        ("1f 00", "00" + 32 * "00"),
        ("53", "55"),
        ("35 01 80 02 00", "00"),
        ("35 07 80 02 00", "01"),
        ("99", "01"),  # no such command (assumed)
    ],
)
def test_answers_of_a_sensor_out_of_the_box(sensor: Sensor, command: str, answer: str) -> None:
    assert said(sensor, command) == answer.replace(" ", "")


def test_the_parameters_make_a_frame_of_28_bytes(sensor: Sensor) -> None:
    payload = sensor.answer(b"\x0f").payload
    assert len(frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, payload)) == 28


def test_with_a_password_nothing_goes_before_it_is_given(sensor: Sensor) -> None:
    assert said(sensor, "12 00000007") == "00"
    assert said(sensor, "0f")[:2] == "00"
    sensor.power_on()
    assert said(sensor, "0f") == "21"
    assert said(sensor, "13 00000008") == "13"
    assert said(sensor, "13 00000007") == "00"
    assert said(sensor, "0f")[:2] == "00"


def test_the_truth_outlives_the_process(tmp_path: Path) -> None:
    first = Sensor(tmp_path, MODELS["R307"], 57600, 1)
    said(first, "12 00000007")
    said(first, "0e 06 03")
    second = Sensor(tmp_path, MODELS["R503"], 9600, 2)  # the disk tells, not the options
    assert (second.model.name, second.truth.password, second.truth.packet_code) == ("R307", 7, 3)


def test_an_image_goes_over_the_line_as_40044_bytes(sensor: Sensor) -> None:
    said(sensor, "01")
    answer = sensor.answer(b"\x0a")
    assert answer.data is not None
    packets = [answer.data[at : at + 128] for at in range(0, len(answer.data), 128)]
    frames = [frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, answer.payload)]
    frames += [frame_bytes(BROADCAST, Pid.DATA, packet) for packet in packets]
    assert sum(map(len, frames)) == 40_044


def test_a_host_may_write_byte_by_byte_and_noise_is_skipped() -> None:
    parser = FrameParser()
    command = frame_bytes(BROADCAST, Pid.COMMAND, b"\x0f")
    frames = [frame for byte in b"\xef\x55\xef\xef\x00" + command + command if (frame := parser.feed(byte))]
    assert [frame.payload for frame in frames] == [b"\x0f", b"\x0f"]
    assert all(frame.sound for frame in frames)


def test_a_wrong_sum_is_seen() -> None:
    parser = FrameParser()
    command = bytearray(frame_bytes(BROADCAST, Pid.COMMAND, b"\x0f"))
    command[-1] ^= 1
    (frame,) = [frame for byte in command if (frame := parser.feed(byte))]
    assert not frame.sound


def test_faults_strike_when_they_are_due() -> None:
    menu = FaultMenu(FAULTS)
    menu.arm("bad_sum:data", at=2, count=2)
    struck = [menu.strike("bad_sum", kind) for kind in ("ack", "data", "data", "ack", "data", "data")]
    assert struck == [None, None, "data", None, "data", None]
    for wrong in (("nonsense", 1, 1), ("slow", 0, 1), ("slow", 1, 0)):
        with pytest.raises(UnknownFault):
            menu.arm(*wrong)
    assert menu.listed() == []


def test_the_line_takes_its_time(tmp_path: Path) -> None:
    """10 bits a byte at 57,600 baud: 2,000 bytes take 0.35 s. They are there sooner on no machine."""
    line = Line(tmp_path / "tty", speed=1)
    line.open()
    host = serial.Serial(str(tmp_path / "tty"), 57600, timeout=5)
    try:
        assert line.host_baud() == 57600
        begun = time.monotonic()
        line.write(bytes(2000), 57600)
        assert len(host.read(2000)) == 2000
        assert time.monotonic() - begun >= 0.34
    finally:
        host.close()
        line.close()
    assert not os.path.lexists(tmp_path / "tty")


def test_a_file_in_the_links_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tty").write_text("mine")
    with pytest.raises(FileExistsError):
        Program(Equipment(tmp_path / "s", tmp_path / "tty", MODELS["R503"], 57600, 0, 1), StopWish())
    assert (tmp_path / "tty").read_text() == "mine"


def test_refusals_of_the_admin_port(tmp_path: Path) -> None:
    stop = StopWish()
    program = Program(Equipment(tmp_path, tmp_path / "tty", MODELS["R503"], 57600, 0, 1), stop)
    with pytest.raises(AdminError, match="no such fault"):
        program.fault("nonsense", 1, 1)
    with pytest.raises(AdminError, match="no such action"):
        program.person("dance", {})
    for wrong in ({"finger": "one"}, {"finger": -1}, {"finger": True}, {"difficulty": "hard"}):
        with pytest.raises(AdminError, match="must be"):
            program.person("press", wrong)
    with pytest.raises(AdminError, match="target"):
        program.person("lay_target", {"target": "cat"})
    program.person("unplug", {})
    assert program.sensor.truth.plugged is False
    stop.set()
    program.run()
    assert not os.path.lexists(tmp_path / "tty")


def test_every_fault_says_what_it_is() -> None:
    assert all(len(text) > 10 for text in FAULTS.values())
