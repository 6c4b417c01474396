"""The doctor: a failed part hides no other, and the exit status says what kind of fault it is."""

from collections.abc import Callable

import pytest

from station.errors import DeviceAbsent, DeviceFault, ExitStatus, InputFault, OutcomeUnknown, StationError
from station.office import Office
from tests.fakes.devices import raising
from tests.unit.station.office_desk import Desk, assert_explained

Break = Callable[[Desk, pytest.MonkeyPatch], None]


def _printer(error: StationError) -> Break:
    return lambda desk, patch: patch.setattr(desk.devices, "identify", raising(error))


def _reader(error: StationError) -> Break:
    def check(url: str) -> str:
        raise error

    return lambda desk, patch: patch.setattr("station.checkup.checks.check_reader", check)


def _person(error: StationError) -> Break:
    def person_key(nik: str) -> str:
        raise error

    return lambda desk, patch: patch.setattr(Office.keys, "person_key", person_key)


def _open_folder(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    desk.folder.chmod(0o750)


def _no_fonts(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    desk.config.write_text(f'{desk.config.read_text()}\n[fonts]\nfolder = "nowhere"\n')


def _liar(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tests.unit.station.office_desk.FakeSigner.verify", lambda key, data, signature: False)


ABSENT, REFUSED = ExitStatus.DEVICE_ABSENT, ExitStatus.REFUSED
FINDINGS: list[tuple[str, Break, ExitStatus]] = [
    ("PRINTER_ABSENT", _printer(DeviceAbsent("PRINTER_ABSENT", url="u")), ABSENT),
    ("PRINTER_MODEL_UNKNOWN", _printer(DeviceFault("PRINTER_MODEL_UNKNOWN", model="m")), REFUSED),
    ("PRINTER_SILENT", _printer(OutcomeUnknown("PRINTER_SILENT", operation="identify")), REFUSED),
    ("READER_ABSENT", _reader(DeviceAbsent("READER_ABSENT", reader="r")), ABSENT),
    ("PCSC_DAEMON_ABSENT", _reader(DeviceAbsent("PCSC_DAEMON_ABSENT")), ABSENT),
    ("SETTINGS_MALFORMED", _reader(InputFault("SETTINGS_MALFORMED", file="f", problem="p")), REFUSED),
    ("TOKEN_ABSENT", _person(DeviceAbsent("TOKEN_ABSENT", token="t")), ABSENT),
    ("TOKEN_PIN_WRONG", _person(DeviceAbsent("TOKEN_PIN_WRONG", token="t")), ABSENT),
    ("KEY_UNUSABLE", _liar, REFUSED),
    ("DATABASE_UNUSABLE", _open_folder, REFUSED),
    ("FONT_UNUSABLE", _no_fonts, REFUSED),
]


def _ailing(document: dict[str, object]) -> list[str]:
    checks = document["checks"]
    assert isinstance(checks, list)
    assert len(checks) >= 10
    return [check["error"]["code"] for check in checks if check["error"]]


@pytest.mark.parametrize(("code", "break_it", "status"), FINDINGS, ids=[one[0] for one in FINDINGS])
def test_each_part_that_fails_is_named_and_the_others_are_well(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, break_it: Break, status: ExitStatus
) -> None:
    break_it(desk, monkeypatch)
    said = desk.run("doctor", "--json")
    assert said.status == status
    assert said.fields()["healthy"] is False
    assert _ailing(said.fields()) == [code]
    words = desk.run("doctor")
    assert words.status == status
    assert_explained(words.words, code)
    assert words.words.count("OK ") >= 9
    assert words.words.count("!! ") == 1


def test_everything_may_fail_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for code, break_it, _ in FINDINGS:
        if code in ("PRINTER_ABSENT", "READER_ABSENT", "TOKEN_ABSENT", "DATABASE_UNUSABLE", "FONT_UNUSABLE"):
            break_it(desk, monkeypatch)
    said = desk.run("doctor", "--json")
    assert said.status == ExitStatus.DEVICE_ABSENT
    assert len(_ailing(said.fields())) == 5


def test_a_healthy_office_is_healthy(desk: Desk) -> None:
    said = desk.run("doctor", "--json")
    assert (said.status, said.fields()["healthy"]) == (ExitStatus.DONE, True)
    assert _ailing(said.fields()) == []


def test_the_doctor_moves_nothing(desk: Desk) -> None:
    before = desk.balances()
    desk.run("doctor")
    assert (desk.devices.cards_inserted, desk.devices.panels_printed) == (0, 0)
    assert desk.balances() == before
