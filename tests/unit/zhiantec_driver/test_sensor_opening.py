"""Finding the baud rate, asking for a larger one, falling back; settings that cannot be."""

import pytest

from drivers.zhiantec import (
    BadFrameError,
    NoAnswerError,
    PasswordError,
    RefusedError,
    SensorSettings,
    SettingError,
    Timing,
    ZhianTecScanner,
)
from drivers.zhiantec.conversation import Conversation, parameters_of
from drivers.zhiantec.opening import change_baud, find_baud
from simulators.zhiantec.codes import BROADCAST, Pid
from simulators.zhiantec.frames import frame_bytes
from tests.fakes.scripted_port import ScriptedPort

SILENCE = b""
AT_ONCE = Timing(answer=0, silence=0, pause=0)


def ack(payload: str) -> bytes:
    return frame_bytes(BROADCAST, Pid.ACKNOWLEDGE, bytes.fromhex(payload))


OK, REFUSED, NOT_SO = ack("00"), ack("13"), ack("1a")
PARAMETERS = ack("00 0000 0009 00c8 0003 ffffffff 0002 0006")


def conversation(*answers: bytes) -> tuple[Conversation, ScriptedPort]:
    port = ScriptedPort(list(answers))
    return Conversation(port, BROADCAST, 0, 57600, AT_ONCE), port


def test_the_configured_rate_is_tried_first() -> None:
    talk, port = conversation(OK)
    find_baud(talk, 38400)
    assert (talk.baud, port.bauds) == (38400, [38400])


def test_then_the_rates_where_a_killed_program_may_have_left_it() -> None:
    talk, port = conversation(SILENCE, SILENCE, SILENCE, b"\x55\xff", OK)
    find_baud(talk, 57600)
    assert (talk.baud, port.bauds) == (9600, [57600, 115200, 9600])


def test_nobody_there() -> None:
    talk, _ = conversation()
    with pytest.raises(NoAnswerError, match="57600"):
        find_baud(talk, 57600)


def test_a_refused_password_is_given_once() -> None:
    talk, port = conversation(REFUSED, OK)
    with pytest.raises(PasswordError):
        find_baud(talk, 57600)
    assert len(port.sent) == 1


def test_a_larger_rate() -> None:
    talk, port = conversation(OK, OK)
    assert change_baud(talk, 115200)
    assert port.sent[0] == bytes.fromhex("ef01 ffffffff 01 0005 0e 04 0c 0024")
    assert (talk.baud, port.bauds) == (115200, [115200])


def test_a_larger_rate_that_the_sensor_refuses() -> None:
    talk, port = conversation(NOT_SO, OK)
    assert not change_baud(talk, 115200)
    assert (talk.baud, port.bauds) == (57600, [57600])


def test_a_larger_rate_at_which_it_cannot_be_heard() -> None:
    talk, port = conversation(OK, SILENCE, SILENCE, OK)
    assert not change_baud(talk, 115200)
    assert (talk.baud, port.bauds) == (57600, [115200, 57600])


def test_an_answer_that_came_at_the_larger_rate_already() -> None:
    talk, _ = conversation(b"\x00\xfe\x80", OK)
    assert change_baud(talk, 115200)
    assert talk.baud == 115200


def test_lost_between_two_rates() -> None:
    talk, _ = conversation(OK)
    with pytest.raises(NoAnswerError, match="neither"):
        change_baud(talk, 115200)


def test_a_late_answer_to_another_command_is_dropped() -> None:
    """The answer to GetImage comes behind the password's, and only the parameters' length tells."""
    talk, _ = conversation(SILENCE, ack("00") + OK, ack("02") + PARAMETERS, ack("02"))
    assert talk.ask(b"\x01") == b"\x02"


def test_an_answer_of_another_length_is_none() -> None:
    talk, _ = conversation(PARAMETERS, OK, PARAMETERS, ack("02"))
    assert talk.ask(b"\x01") == b"\x02"


@pytest.mark.parametrize(
    "answer, error",
    [
        ("21" + "00" * 16, RefusedError),
        ("00" + "00" * 12 + "0004 0006", BadFrameError),
        ("00" + "00" * 12 + "0002 0000", BadFrameError),
        ("00" + "00" * 12 + "0002 000d", BadFrameError),
    ],
)
def test_parameters_that_cannot_be(answer: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parameters_of(bytes.fromhex(answer))


@pytest.mark.parametrize(
    "settings",
    [
        SensorSettings("/dev/x", baud=1200),
        SensorSettings("/dev/x", baud=57601),
        SensorSettings("/dev/x", faster_baud=230400),
        SensorSettings("/dev/x", address=-1),
        SensorSettings("/dev/x", password=1 << 32),
        SensorSettings("/dev/x", dots_per_inch=5),
    ],
)
def test_settings_that_no_sensor_can_have(settings: SensorSettings) -> None:
    with pytest.raises(SettingError):
        ZhianTecScanner.open(settings)
