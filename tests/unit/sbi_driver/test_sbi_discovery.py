"""Looking for scanners among foreign servers, and addresses."""

import json
from collections.abc import Iterator

import pytest

from drivers.sbi import calls
from drivers.sbi.address import Address, parse
from drivers.sbi.connection import ask
from drivers.sbi.device import read_device
from drivers.sbi.discovery import devices_at, find_devices
from drivers.sbi.errors import AddressUnusable, MessageMalformed, Reason, SbiError, ServiceAbsent
from tests.fakes.sbi import PATIENCE, SbiOffice, ScriptedService

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def described(**changes: object) -> bytes:
    device: dict[str, object] = {
        "deviceId": "4",
        "deviceStatus": "Ready",
        "certification": "L0",
        "callbackId": "",
        "deviceCode": "000000000001",
        "deviceSubId": [0],
        "specVersion": ["0.9.5"],
        "purpose": "Registration",
        "error": None,
    }
    return HEAD + json.dumps([device | changes]).encode()


@pytest.fixture
def foreign() -> Iterator[ScriptedService]:
    service = ScriptedService(b"")
    yield service
    service.close()


def test_foreign_servers_are_passed_over(office: SbiOffice, foreign: ScriptedService) -> None:
    for answer in (b"", b"SSH-2.0-x\r\n", HEAD + b"<html>", HEAD + b"[]", HEAD + b'{"a": 1}', HEAD + b"[1]"):
        foreign.answer = answer
        ports = (office.port.port, foreign.port)
        found = [device for device in find_devices(ports) if device.serial == office.serial]
        assert [device.port for device in found] == [office.port.port]


def test_sub_ids_may_be_integers(foreign: ScriptedService) -> None:
    foreign.answer = described(callbackId=f"http://127.0.0.1:{foreign.port}/")
    (device,) = devices_at(foreign.port)
    assert device.sub_ids == ("0",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"callbackId": "http://127.0.0.1:9/"}, Reason.CALLBACK_ELSEWHERE),
        ({"callbackId": "http://office.example/"}, Reason.CALLBACK_ELSEWHERE),
        ({"deviceStatus": "Not Registered"}, Reason.NOT_REGISTERED),
        ({"specVersion": ["1.0"]}, Reason.VERSION_UNSUPPORTED),
        ({"purpose": "Auth"}, Reason.WRONG_PURPOSE),
        ({"deviceCode": ""}, Reason.NO_DATA),
        ({"deviceCode": "1\n2"}, Reason.FIELD_WRONG),
        ({"error": {"errorCode": "503", "errorInfo": "none \x1b[31m"}}, Reason.OTHER_REFUSAL),
    ],
)
def test_scanners_that_cannot_be_used(
    foreign: ScriptedService, changes: dict[str, object], reason: Reason
) -> None:
    foreign.answer = described(**({"callbackId": f"http://127.0.0.1:{foreign.port}/"} | changes))
    with pytest.raises(SbiError) as raised:
        devices_at(foreign.port)
    assert raised.value.reason == reason
    assert str(raised.value).isprintable()


def test_another_device_behind_the_same_port_does_not_matter(office: SbiOffice) -> None:
    described_here = json.loads(ask(office.port.port, calls.DEVICE_INFO, None, PATIENCE))
    answer = json.dumps([{"deviceInfo": "a.b.c", "error": None}, *described_here]).encode()
    device = read_device(answer, office.port.port, "4", office.policy, office.clock.now())
    assert device.identity.serial_no == office.serial
    with pytest.raises(SbiError) as raised:
        read_device(answer, office.port.port, "9", office.policy, office.clock.now())
    assert raised.value.reason == Reason.TOKEN_MALFORMED


def test_nobody_listens(foreign: ScriptedService) -> None:
    ports = [port for port in range(4580, 4600) if port != foreign.port]
    free = next(port for port in ports if not find_devices((port,)))
    with pytest.raises((ServiceAbsent, MessageMalformed)):
        devices_at(free)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("sbi://127.0.0.1", Address(None, "")),
        ("sbi://127.0.0.1:4501", Address(4501, "")),
        ("sbi://127.0.0.1:4600/?serial=000012345678", Address(4600, "000012345678")),
    ],
)
def test_addresses(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://127.0.0.1:4501",
        "sbi://localhost:4501",
        "sbi://192.168.1.5:4501",
        "sbi://127.0.0.1:80",
        "sbi://127.0.0.1:99999",
        "sbi://127.0.0.1:x",
        "sbi://user:pw@127.0.0.1:4501",
        "sbi://127.0.0.1:4501/info",
        "sbi://127.0.0.1:4501?root=/x",
        "sbi://127.0.0.1:4501?serial=1&serial=2",
        "sbi://127.0.0.1:4501?serial",
        "sbi://127.0.0.1:4501#x",
        "sbi://[::1",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(AddressUnusable):
        parse(url)
