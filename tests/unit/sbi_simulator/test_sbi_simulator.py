"""The simulated scanner as any client meets it: verbs, errors in their order, strict numbers, admin calls."""

import base64
import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.admin import AdminError
from simulators.fault_menu import UnknownFault
from simulators.sbi.capture_request import DeviceState, Refusal, read_capture
from simulators.sbi.http_port import SbiPort
from simulators.sbi.model import AUTHENTICATION, SLAP, Model
from simulators.sbi.program import Program
from simulators.sbi.service import Service
from tests.fakes.sbi import FINGER, PATIENCE, SbiOffice

READY = DeviceState("Ready", True, None)


def wish(**changes: object) -> dict[str, object]:
    """An RCAPTURE request; changes go to its bio where they belong there."""
    bio: dict[str, object] = {
        "type": "Finger",
        "count": "1",
        "bioSubType": ["Right IndexFinger"],
        "exception": [],
        "requestedScore": "40",
        "deviceId": "4",
        "deviceSubId": "0",
        "previousHash": "",
    }
    body: dict[str, object] = {
        "env": "Developer",
        "purpose": "Registration",
        "specVersion": "0.9.5",
        "timeout": "5000",
        "captureTime": "2026-11-24T03:15:02Z",
        "transactionId": "7c0e0d3c-5d1f-4a57",
        "customOpts": None,
    }
    for name, value in changes.items():
        (bio if name in bio else body)[name] = value
    return {**body, "bio": [bio]}


def code_of(request: dict[str, object], model: Model | None = None, state: DeviceState = READY) -> str:
    try:
        read_capture(json.dumps(request).encode(), model or Model(), state)
    except Refusal as refused:
        return str(refused)
    return "0"


@pytest.fixture
def office(tmp_path: Path, sbi_simulator_keys: Path) -> Iterator[SbiOffice]:
    one = SbiOffice(tmp_path, sbi_simulator_keys, Model(speed=50, mock_admin=True))
    yield one
    one.close()


def send(office: SbiOffice, verb: str, path: str, body: object = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", office.port.port, timeout=PATIENCE)
    try:
        connection.request(verb, path, b"" if body is None else json.dumps(body).encode())
        response = connection.getresponse()
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] is None
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "0"),
        ({"timeout": "x", "env": "?"}, "123"),
        ({"previousHash": None}, "123"),
        ({"transactionId": None}, "123"),
        ({"requestedScore": "40.5"}, "123"),
        ({"customOpts": {str(number): "" for number in range(51)}}, "123"),
        ({"env": "Test", "purpose": "Auth"}, "115"),
        ({"purpose": "Auth", "deviceId": ""}, "121"),
        ({"deviceId": "", "type": "Hand"}, "704"),
        ({"type": "Hand", "deviceId": "9"}, "114"),
        ({"deviceId": "9", "type": "Iris"}, "705"),
        ({"type": "Iris", "transactionId": "1"}, "120"),
        ({"deviceSubId": "3"}, "705"),
        ({"transactionId": "1", "bioSubType": ["Nose"]}, "112"),
        ({"bioSubType": ["Nose"], "count": "2"}, "122"),
        ({"exception": ["Right Index"]}, "122"),
        ({"count": "2"}, "109"),
        ({"bioSubType": []}, "109"),
    ],
)
def test_the_first_error_is_told(changes: dict[str, object], code: str) -> None:
    assert code_of(wish(**changes)) == code


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (DeviceState("Ready", False, None), "106"),
        (DeviceState("Ready", True, "1"), "702"),
        (DeviceState("Not Registered", True, None), "100"),
        (DeviceState("Not Ready", True, None), "110"),
        (DeviceState("Busy", True, None), "111"),
    ],
)
def test_states(state: DeviceState, code: str) -> None:
    assert code_of(wish(transactionId="1"), state=state) == code


def test_numbers_may_be_json_numbers_unless_it_is_strict() -> None:
    request = wish(timeout=5000, count=1, requestedScore=40, deviceSubId=0)
    assert code_of(request) == "0"
    assert code_of(request, Model(strict=True)) == "123"
    assert code_of(wish(), Model(strict=True)) == "0"


def test_a_device_for_authentication_refuses_everything() -> None:
    assert code_of({}, Model(purpose=AUTHENTICATION)) == "709"


def test_count_and_exceptions_make_up_a_slap() -> None:
    slap = Model(kind=SLAP)
    others = ["Right MiddleFinger", "Right RingFinger", "Right LittleFinger"]
    assert code_of(wish(deviceId="1", deviceSubId="2", exception=others), slap) == "0"
    assert code_of(wish(deviceId="1", deviceSubId="2"), slap) == "109"
    assert code_of(wish(deviceId="1", deviceSubId="2", count="4"), slap) == "0"
    assert code_of(wish(deviceId="1", deviceSubId="3", count="2"), slap) == "0"


def test_discovery_and_info(office: SbiOffice) -> None:
    status, answer = send(office, "MOSIPDISC", "/device", {"type": "Biometric Device"})
    (device,) = json.loads(answer)
    assert (status, device["deviceStatus"], device["deviceSubId"]) == (200, "Ready", ["0"])
    assert device["callbackId"] == f"http://127.0.0.1:{office.port.port}/"
    identity = json.loads(base64.urlsafe_b64decode(device["digitalId"] + "=="))
    assert identity["serialNo"] == device["deviceCode"]
    (info,) = json.loads(send(office, "MOSIPDINFO", "/info")[1])
    assert info["deviceInfo"].count(".") == 2
    assert b'"502"' in send(office, "MOSIPDISC", "/device", {"type": "Nose"})[1]
    assert b'"503"' in send(office, "MOSIPDISC", "/device", {"type": "Iris"})[1]


def test_unregistered_and_unplugged(office: SbiOffice) -> None:
    office.person("set_status", {"status": "Not Registered"})
    (device,) = json.loads(send(office, "MOSIPDISC", "/device", {"type": "Finger"})[1])
    assert (device["deviceId"], device["deviceCode"], device["purpose"]) == ("", "", "")
    (info,) = json.loads(send(office, "MOSIPDINFO", "/info")[1])
    assert json.loads(base64.urlsafe_b64decode(info["deviceInfo"] + "=="))["env"] == "None"
    office.person("unplug", {})
    assert b'"503"' in send(office, "MOSIPDISC", "/device", {"type": "Finger"})[1]
    assert b'"106"' in send(office, "MOSIPDINFO", "/info")[1]


def test_foreign_verbs_and_paths_are_answered_as_mockmds_does(office: SbiOffice) -> None:
    status, answer = send(office, "SBIDISC", "/device")
    assert (status, b'"500"' in answer) == (405, True)
    status, answer = send(office, "RCAPTURE", "/device")
    assert (status, answer.startswith(b"HTTP/1.1 200 OK")) == (200, True)


def test_mockmds_admin_calls(office: SbiOffice) -> None:
    office.press()
    done = {"errorCode": "0", "errorInfo": "Success"}
    score = {"type": "Finger", "qualityScore": "44.4", "fromIso": False}
    assert json.loads(send(office, "POST", "/admin/score", score)[1]) == done
    (item,) = json.loads(send(office, "RCAPTURE", "/capture", wish())[1])["biometrics"]
    payload = json.loads(base64.urlsafe_b64decode(item["data"].split(".")[1] + "=="))
    assert payload["qualityScore"] == "44.4"
    delay = {"type": "Finger", "delay": "3000", "method": ["RCAPTURE"]}
    assert json.loads(send(office, "POST", "/admin/delay", delay)[1]) == done
    assert b'"701"' in send(office, "RCAPTURE", "/capture", wish(timeout="100"))[1]
    status = {"type": "Biometric Device", "deviceStatus": "Busy"}
    assert json.loads(send(office, "POST", "/admin/status", status)[1]) == done
    assert office.service.truth.state.status == "Busy"
    assert json.loads(send(office, "POST", "/admin/status", {"type": "Nose"})[1])["errorCode"] == "502"


def test_admin_calls_are_off_without_the_flag(tmp_path: Path, sbi_simulator_keys: Path) -> None:
    office = SbiOffice(tmp_path, sbi_simulator_keys, Model())
    try:
        status = {"type": "Biometric Device", "deviceStatus": "Busy"}
        assert send(office, "POST", "/admin/status", status)[0] == 405
        assert office.service.truth.state.status == "Ready"
    finally:
        office.close()


def test_the_truth_outlives_the_program(office: SbiOffice, tmp_path: Path) -> None:
    office.press(3, 0.5)
    send(office, "RCAPTURE", "/capture", wish())
    before = office.service.truth
    again = Service(tmp_path, Model())
    assert again.truth.state == before.state
    assert again.truth.captures() == before.captures()
    assert len(again.truth.captures()) == 1
    assert again.identity.certificate("device") == office.service.identity.certificate("device")


def test_each_service_takes_the_first_free_port(office: SbiOffice, tmp_path: Path) -> None:
    other = SbiPort(office.service)
    assert 4501 <= office.port.port <= 4600
    assert other.port in {*range(4501, 4601)} - {office.port.port}
    other.close()


def test_a_person_cannot_do_what_cannot_be(office: SbiOffice) -> None:
    program = Program(office.service)
    wrong: list[tuple[str, dict[str, object]]] = [
        ("dance", {}),
        ("press", {}),
        ("press", {"finger": FINGER, "press": True}),
        ("press", {"finger": FINGER, "press": 1, "difficulty": "hard"}),
        ("press", {"finger": FINGER, "press": 1, "name": "Nose"}),
        ("set_status", {"status": "Sleepy"}),
    ]
    for action, arguments in wrong:
        with pytest.raises(AdminError):
            program.person(action, arguments)
    for fault in ("nonsense", "slow:RCAPTURE:x"):
        with pytest.raises(AdminError):
            program.fault(fault, 1, 1)
    with pytest.raises(UnknownFault):
        office.service.faults.arm("slow", 0)
