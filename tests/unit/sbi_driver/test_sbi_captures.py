"""Captures as they should be: pixels exact, trusted, chained; several fingers; untrusted without a root."""

import threading
import time
from datetime import UTC, datetime, timedelta

import numpy
import pytest

from drivers.sbi.errors import DeviceRefused, Reason, ServiceAbsent, SettingUnusable
from drivers.sbi.fingers import Finger, finger_at
from drivers.sbi.policy import Policy
from drivers.sbi.scanner import SbiScanner
from simulators.fingers import Finger as SyntheticFinger
from tests.fakes.sbi import FINGER, SbiOffice, ScriptedService


def test_a_finger_comes_as_it_was_pressed(office: SbiOffice) -> None:
    scanner = office.open()
    (capture,) = scanner.capture([finger_at(2)])
    assert numpy.array_equal(capture.pixels, SyntheticFinger.from_seed(FINGER).press(1))
    assert (capture.finger, capture.dpi, capture.trusted) == (Finger.RIGHT_INDEX, 500, True)
    assert (capture.serial, scanner.device.identity.model) == (office.serial, "SINGLE01")
    assert capture.device_score == capture.record_score == 71
    assert abs(datetime.now(UTC) - capture.captured_at) < timedelta(minutes=1)


def test_pixels_and_biometrics_stay_out_of_what_is_printed(office: SbiOffice) -> None:
    (capture,) = office.open().capture([Finger.LEFT_THUMB])
    assert "pixels" not in repr(capture)


def test_captures_are_chained_over_openings(office: SbiOffice) -> None:
    first = office.open()
    hashes = [first.capture([Finger.RIGHT_INDEX])[0].hash for _ in range(2)]
    again = office.open(last_hash=first.last_hash)
    hashes.append(again.capture([Finger.RIGHT_INDEX])[0].hash)
    noted = office.service.truth.captures()
    assert [one["hashes"] for one in noted if isinstance(one, dict)] == [[text] for text in hashes]
    assert len(set(hashes)) == 3


def test_a_refused_capture_leaves_the_chain_where_it_was(office: SbiOffice) -> None:
    scanner = office.open()
    scanner.capture([Finger.RIGHT_INDEX])
    before = scanner.last_hash
    office.arm("timeout")
    with pytest.raises(DeviceRefused) as refused:
        scanner.capture([Finger.RIGHT_INDEX])
    assert (refused.value.reason, refused.value.code, scanner.last_hash) == (Reason.NO_FINGER, "701", before)
    scanner.capture([Finger.RIGHT_INDEX])


def test_without_a_root_file_captures_are_untrusted(office: SbiOffice) -> None:
    scanner = office.open(Policy(None, "Developer"))
    (capture,) = scanner.capture([Finger.RIGHT_INDEX])
    assert not scanner.device.trusted
    assert not capture.trusted


def test_the_person_may_come_later(office: SbiOffice) -> None:
    office.person("lift", {})
    scanner = office.open()
    threading.Timer(0.3, office.press).start()
    (capture,) = scanner.capture([Finger.RIGHT_INDEX], timeout=20.0)
    assert capture.finger == Finger.RIGHT_INDEX


def test_nobody_comes(office: SbiOffice) -> None:
    office.person("lift", {})
    with pytest.raises(DeviceRefused) as refused:
        office.open().capture([Finger.RIGHT_INDEX], timeout=0.2)
    assert refused.value.reason == Reason.NO_FINGER


def test_below_the_wished_score_the_best_picture_comes_at_the_end(office: SbiOffice) -> None:
    office.press(difficulty=3.0)
    begun = time.monotonic()
    (capture,) = office.open().capture([Finger.RIGHT_INDEX], requested_score=90, timeout=0.5)
    assert capture.device_score == 23
    assert time.monotonic() - begun >= 0.5


def test_one_finger_of_a_slap(slap_office: SbiOffice) -> None:
    slap_office.press(1, name="Right IndexFinger")
    (capture,) = slap_office.open().capture([Finger.RIGHT_INDEX])
    assert capture.finger == Finger.RIGHT_INDEX


def test_four_fingers_of_a_slap(slap_office: SbiOffice) -> None:
    wanted = [Finger.LEFT_LITTLE, Finger.LEFT_RING, Finger.LEFT_MIDDLE, Finger.LEFT_INDEX]
    for number, finger in enumerate(wanted):
        slap_office.press(number, name=finger.value)
    scanner = slap_office.open()
    captures = scanner.capture(wanted)
    assert [capture.finger for capture in captures] == wanted[::-1]
    assert len({capture.hash for capture in captures}) == 4
    assert scanner.last_hash == captures[-1].hash


@pytest.mark.parametrize(
    "fingers", [[], [Finger.LEFT_INDEX, Finger.RIGHT_INDEX], [Finger.LEFT_INDEX, Finger.LEFT_INDEX]]
)
def test_wishes_that_no_plate_can_fulfil(slap_office: SbiOffice, fingers: list[Finger]) -> None:
    with pytest.raises(SettingUnusable):
        slap_office.open().capture(fingers)


@pytest.mark.parametrize(("score", "timeout"), [(-1, 1.0), (101, 1.0), (40, 0.0), (40, 1e9)])
def test_scores_and_times_that_cannot_be_asked_for(office: SbiOffice, score: int, timeout: float) -> None:
    with pytest.raises(SettingUnusable):
        office.open().capture([Finger.RIGHT_INDEX], score, timeout)


def test_positions_and_names_agree() -> None:
    assert [finger_at(position).position for position in range(1, 11)] == list(range(1, 11))
    assert finger_at(7) == Finger.LEFT_INDEX
    for position in (0, 11):
        with pytest.raises(SettingUnusable):
            finger_at(position)


def test_a_scanner_that_moved_is_found_by_its_number(office: SbiOffice) -> None:
    gone = ScriptedService(b"")
    gone.close()
    url = f"sbi://127.0.0.1:{gone.port}?serial={office.serial}"
    assert SbiScanner.open(url, office.clock, office.policy).port == office.port.port
    with pytest.raises(ServiceAbsent) as absent:
        SbiScanner.open(url.replace(office.serial, "999999999999"), office.clock, office.policy)
    assert absent.value.reason == Reason.NOT_LISTENING


def test_the_scanner_says_how_it_is(office: SbiOffice) -> None:
    scanner = office.open()
    assert scanner.look() == "Ready"
    office.person("set_status", {"status": "Busy"})
    assert scanner.look() == "Busy"


@pytest.mark.parametrize("fault", ["chunked", "slow::0.2", "x5c_several"])
def test_what_is_allowed_is_taken(office: SbiOffice, fault: str) -> None:
    scanner = office.open()
    office.arm(fault.replace("::", ":RCAPTURE:"))
    assert scanner.capture([Finger.RIGHT_INDEX])[0].trusted
