"""Single commands, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.evolis import commands
from drivers.evolis.commands import EjectionTray, ErrorMode, InsertionTray, RejectionTray, Sensor


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (commands.EMPTY, b"\x1b\r"),
        (commands.READ_ERROR_MODE, b"\x1bRem;1\r"),
        (commands.set_error_mode(ErrorMode.HOST_WITH_COVER), b"\x1bPem;2\r"),
        (commands.set_error_mode(ErrorMode.PRINTER), b"\x1bPem;0\r"),
        (commands.read_counter(commands.Counter.PANELS_PRINTED), b"\x1bRco;p\r"),
        (commands.read_counter(commands.Counter.CARDS_INSERTED), b"\x1bRco;c\r"),
        (commands.read_sensor(Sensor.CARD_PRESENCE), b"\x1bRse;p\r"),
        (commands.set_insertion_tray(InsertionTray.FEEDER), b"\x1bPcim;F\r"),
        (commands.set_ejection_tray(EjectionTray.STANDARD), b"\x1bPcem;D\r"),
        (commands.set_ejection_tray(EjectionTray.REJECT), b"\x1bPcem;R\r"),
        (commands.set_rejection_tray(RejectionTray.STANDARD), b"\x1bPcrm;R\r"),
        (commands.set_rejection_tray(RejectionTray.REJECT), b"\x1bPcrm;D\r"),
        (commands.MOVE_TO_CONTACT, b"\x1bSis\r"),
        (commands.MOVE_TO_CONTACTLESS, b"\x1bSic\r"),
        (commands.INSERT, b"\x1bSi\r"),
        (commands.EJECT, b"\x1bSce\r"),
        (commands.REJECT, b"\x1bSer\r"),
        (commands.set_contact_offset(1158), b"\x1bPos;=;1158\r"),
        (commands.set_contactless_offset(900), b"\x1bPoc;=;900\r"),
    ],
)
def test_command_bytes(built: bytes, expected: bytes) -> None:
    assert built == expected


@given(st.text(max_size=20))
def test_a_parameter_can_never_break_the_framing(parameter: str) -> None:
    try:
        built = commands.command("Pr", parameter)
    except ValueError:
        return
    assert built.count(b"\x1b") == built.count(b"\r") == built.count(b";") == 1
    assert b"\x00" not in built
    assert b"<" not in built


def test_only_listed_error_modes_can_be_sent() -> None:
    assert {mode.value for mode in ErrorMode} == {0, 1, 2, 3, 4, 5, 16, 18}
