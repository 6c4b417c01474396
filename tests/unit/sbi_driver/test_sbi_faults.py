"""Each fault of the simulated scanner ends in the driver's own error with its reason; nothing is taken."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.sbi.errors import (
    AnswerLost,
    CaptureRejected,
    DeviceRefused,
    MessageMalformed,
    Reason,
    RecordUnusable,
    SbiError,
    ServiceAbsent,
    SettingUnusable,
)
from drivers.sbi.finger_image import Compression
from drivers.sbi.fingers import Finger
from drivers.sbi.policy import Policy
from drivers.sbi.trust import TrustRoots
from simulators.sbi.faults import CAPTURE_FAULTS, LINE_FAULTS
from tests.fakes.sbi import SbiOffice

ALLOWED = {"x5c_several", "chunked", "slow", "low_score"}
CASES: dict[str, tuple[type[SbiError], Reason]] = {
    "wrong_signature": (CaptureRejected, Reason.SIGNATURE_WRONG),
    "foreign_chain": (CaptureRejected, Reason.CHAIN_UNTRUSTED),
    "expired_certificate": (CaptureRejected, Reason.CERTIFICATE_EXPIRED),
    "authority_signs": (CaptureRejected, Reason.CHAIN_UNTRUSTED),
    "x5c_missing": (CaptureRejected, Reason.CERTIFICATE_MISSING),
    "x5c_many": (CaptureRejected, Reason.CERTIFICATE_MALFORMED),
    "wrong_alg": (CaptureRejected, Reason.ALGORITHM_WRONG),
    "no_alg": (CaptureRejected, Reason.ALGORITHM_WRONG),
    "altered_payload": (CaptureRejected, Reason.SIGNATURE_WRONG),
    "stale_timestamp": (CaptureRejected, Reason.TIME_NOT_FRESH),
    "future_timestamp": (CaptureRejected, Reason.TIME_NOT_FRESH),
    "local_timestamp": (CaptureRejected, Reason.TIME_MALFORMED),
    "other_transaction": (CaptureRejected, Reason.TRANSACTION_WRONG),
    "other_environment": (CaptureRejected, Reason.ENVIRONMENT_WRONG),
    "other_purpose": (CaptureRejected, Reason.PURPOSE_WRONG),
    "other_device": (CaptureRejected, Reason.DEVICE_WRONG),
    "other_identity": (CaptureRejected, Reason.DEVICE_WRONG),
    "unsigned_identity": (CaptureRejected, Reason.TOKEN_MALFORMED),
    "other_version": (MessageMalformed, Reason.VERSION_UNSUPPORTED),
    "broken_hash": (CaptureRejected, Reason.HASH_WRONG),
    "lower_hash": (CaptureRejected, Reason.HASH_WRONG),
    "wrong_finger": (CaptureRejected, Reason.FINGER_WRONG),
    "position_mismatch": (RecordUnusable, Reason.POSITION_WRONG),
    "size_mismatch": (RecordUnusable, Reason.SIZE_WRONG),
    "huge_claim": (RecordUnusable, Reason.SIZE_WRONG),
    "lossy_marked_lossless": (RecordUnusable, Reason.NOT_LOSSLESS),
    "lossy": (RecordUnusable, Reason.COMPRESSION_UNSUITABLE),
    "truncated_image": (RecordUnusable, Reason.IMAGE_BROKEN),
    "cut_record": (RecordUnusable, Reason.RECORD_MALFORMED),
    "low_resolution": (RecordUnusable, Reason.RESOLUTION_UNSUITABLE),
    "marked_unusable": (RecordUnusable, Reason.POSITION_WRONG),
    "number_for_string": (MessageMalformed, Reason.FIELD_WRONG),
    "missing_item": (MessageMalformed, Reason.NO_DATA),
    "extra_item": (CaptureRejected, Reason.HASH_WRONG),
    "empty_data": (MessageMalformed, Reason.NO_DATA),
    "timeout": (DeviceRefused, Reason.NO_FINGER),
    "busy": (DeviceRefused, Reason.BUSY),
    "refuse": (DeviceRefused, Reason.TECHNICAL_ERROR),
    "drip": (AnswerLost, Reason.TIMED_OUT),
    "hang": (AnswerLost, Reason.TIMED_OUT),
    "hang_up": (AnswerLost, Reason.CUT_OFF),
    "cut_body": (AnswerLost, Reason.CUT_OFF),
    "nested_reply": (MessageMalformed, Reason.NOT_JSON),
    "not_json": (MessageMalformed, Reason.NOT_JSON),
    "not_http": (MessageMalformed, Reason.NOT_HTTP),
    "huge": (MessageMalformed, Reason.TOO_LARGE),
    "server_error": (MessageMalformed, Reason.HTTP_STATUS),
}


def test_the_whole_menu_is_tried() -> None:
    assert set(CASES) | ALLOWED == {*CAPTURE_FAULTS, *LINE_FAULTS}


@pytest.mark.parametrize(("fault", "expected"), CASES.items(), ids=CASES)
def test_fault(
    office: SbiOffice,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    expected: tuple[type[SbiError], Reason],
) -> None:
    scanner = office.open()
    if fault in ("drip", "hang"):
        monkeypatch.setattr("drivers.sbi.scanner.PATIENCE", 1.0)
    office.arm(fault)
    with pytest.raises(SbiError) as raised:
        scanner.capture([Finger.RIGHT_INDEX], timeout=0.5 if fault in ("drip", "hang") else 10.0)
    assert (type(raised.value), raised.value.reason) == expected
    assert scanner.last_hash == ""
    scanner.capture([Finger.RIGHT_INDEX])  # the next one is good


def test_one_missing_finger_of_four(slap_office: SbiOffice) -> None:
    wanted = [Finger.RIGHT_INDEX, Finger.RIGHT_MIDDLE, Finger.RIGHT_RING, Finger.RIGHT_LITTLE]
    for finger in wanted:
        slap_office.press(1, name=finger.value)
    scanner = slap_office.open()
    slap_office.arm("missing_item")
    with pytest.raises(CaptureRejected) as raised:
        scanner.capture(wanted)
    assert raised.value.reason == Reason.COUNT_WRONG


def test_three_fingers_lie_on_the_plate_for_four(slap_office: SbiOffice) -> None:
    for name in ("Right IndexFinger", "Right MiddleFinger", "Right RingFinger"):
        slap_office.press(1, name=name)
    with pytest.raises(DeviceRefused) as raised:
        slap_office.open().capture([*Finger][1:5], timeout=0.3)
    assert raised.value.reason == Reason.NO_FINGER


def test_a_low_score_is_told_and_not_judged(office: SbiOffice) -> None:
    office.arm("low_score")
    (capture,) = office.open().capture([Finger.RIGHT_INDEX])
    assert capture.device_score == capture.record_score == 12


def test_lossy_images_are_taken_where_the_settings_say_so(office: SbiOffice) -> None:
    scanner = office.open(replace(office.policy, compressions={Compression.JPEG_2000}))
    office.arm("lossy")
    assert scanner.capture([Finger.RIGHT_INDEX])[0].pixels.shape == (360, 300)


@pytest.mark.parametrize(
    ("status", "reason"),
    [("Not Registered", Reason.NOT_REGISTERED), ("Not Ready", Reason.NOT_READY), ("Busy", Reason.BUSY)],
)
def test_status(office: SbiOffice, status: str, reason: Reason) -> None:
    scanner = office.open()
    office.person("set_status", {"status": status})
    with pytest.raises(DeviceRefused) as raised:
        scanner.capture([Finger.RIGHT_INDEX])
    assert raised.value.reason == reason


def test_an_unregistered_scanner_cannot_be_opened(office: SbiOffice) -> None:
    office.person("set_status", {"status": "Not Registered"})
    with pytest.raises(DeviceRefused) as raised:
        office.open()
    assert raised.value.reason == Reason.NOT_REGISTERED


def test_unplugged(office: SbiOffice) -> None:
    scanner = office.open()
    office.person("unplug", {})
    with pytest.raises(DeviceRefused) as raised:
        scanner.capture([Finger.RIGHT_INDEX])
    assert raised.value.reason == Reason.UNPLUGGED
    office.person("plug", {})
    scanner.capture([Finger.RIGHT_INDEX])


def test_the_service_is_gone(office: SbiOffice) -> None:
    scanner = office.open()
    office.port.close()
    with pytest.raises(ServiceAbsent):
        scanner.capture([Finger.RIGHT_INDEX])
    office.port = type(office.port)(office.service)


@pytest.mark.parametrize(
    ("days", "reason"),
    [(40, Reason.CERTIFICATE_EXPIRED), (-40, Reason.CERTIFICATE_NOT_YET_VALID)],
)
def test_the_clock_of_the_workstation_is_wrong(office: SbiOffice, days: int, reason: Reason) -> None:
    office.clock.shift = timedelta(days=days)
    with pytest.raises(CaptureRejected) as raised:
        office.open()
    assert raised.value.reason == reason


def test_how_fresh_is_a_setting(office: SbiOffice) -> None:
    office.clock.shift = timedelta(minutes=6)
    with pytest.raises(CaptureRejected) as raised:
        office.open().capture([Finger.RIGHT_INDEX])
    assert raised.value.reason == Reason.TIME_NOT_FRESH
    patient = replace(office.policy, freshness=timedelta(minutes=10))
    office.open(patient).capture([Finger.RIGHT_INDEX])


def test_another_office_has_other_roots(office: SbiOffice, tmp_path: Path) -> None:
    foreign = tmp_path / "keys/foreign-root.pem"
    with pytest.raises(CaptureRejected) as raised:
        office.open(Policy(TrustRoots.from_file(foreign), "Developer"))
    assert raised.value.reason == Reason.CHAIN_UNTRUSTED


def test_the_provider_must_be_installed_or_come_along(office: SbiOffice, tmp_path: Path) -> None:
    only_root = Policy(TrustRoots.from_file(tmp_path / "keys/root.pem"), "Developer")
    with pytest.raises(CaptureRejected) as raised:
        office.open(only_root)
    assert raised.value.reason == Reason.CHAIN_UNTRUSTED


def test_another_environment(office: SbiOffice) -> None:
    with pytest.raises(CaptureRejected) as raised:
        office.open(replace(office.policy, environment="Production"))
    assert raised.value.reason == Reason.ENVIRONMENT_WRONG
    with pytest.raises(SettingUnusable):
        office.open(replace(office.policy, environment="production"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.ROOT_FILE_UNREADABLE),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Reason.ROOT_FILE_UNREADABLE),
        (None, Reason.ROOT_FILE_UNREADABLE),
        ("provider.pem", Reason.ROOT_FILE_WITHOUT_ROOT),
        ("device.pem", Reason.ROOT_FILE_WITHOUT_ROOT),
    ],
)
def test_root_files(sbi_keys: Path, tmp_path: Path, content: bytes | str | None, reason: Reason) -> None:
    path = sbi_keys / content if isinstance(content, str) else tmp_path / "roots.pem"
    if isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(SettingUnusable) as raised:
        TrustRoots.from_file(path)
    assert raised.value.reason == reason
