"""The live picture: frames, its ends, and answers that are none."""

import io
import itertools
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from drivers.sbi.errors import AnswerLost, DeviceRefused, MessageMalformed, Reason, SbiError
from drivers.sbi.fingers import Finger
from drivers.sbi.preview import LARGEST_FRAME
from drivers.sbi.scanner import SbiScanner
from tests.fakes.sbi import SbiOffice, ScriptedService

HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--BoundaryString\r\n\r\n"
JPEG = b"\xff\xd8 a picture \xff\xd9"


def part(content: bytes, *, before: bytes = b"--BoundaryString") -> bytes:
    length = b"Content-Length:%d" % len(content)
    return b"\r\n".join((before, b"Content-Type:image/jpeg", length, b"", content, b"", b""))


@pytest.fixture
def scripted(office: SbiOffice) -> Iterator[tuple[SbiScanner, ScriptedService]]:
    """A scanner that was opened, and then answers by a script."""
    scanner, service = office.open(), ScriptedService(b"")
    scanner.port = service.port
    yield scanner, service
    service.close()


def test_frames_come_until_a_capture_begins(office: SbiOffice) -> None:
    scanner = office.open()
    with scanner.preview([Finger.RIGHT_INDEX], 20.0) as frames:
        for frame in itertools.islice(frames, 3):
            with Image.open(io.BytesIO(frame), formats=("JPEG",)) as picture:
                assert picture.size == (300, 360)
        assert scanner.look() == "Busy"
        capturing = threading.Thread(target=scanner.capture, args=([Finger.RIGHT_INDEX],))
        capturing.start()
        assert sum(1 for _ in frames) < 600
        capturing.join(20)
    assert scanner.last_hash
    assert scanner.look() == "Ready"


def test_frames_end_with_their_time(office: SbiOffice) -> None:
    with office.open().preview([Finger.RIGHT_INDEX], 0.2) as frames:
        assert len(list(frames)) >= 1


def test_leaving_ends_it(office: SbiOffice) -> None:
    scanner = office.open()
    with scanner.preview([Finger.RIGHT_INDEX], 20.0) as frames:
        next(frames)
    scanner.capture([Finger.RIGHT_INDEX])


def test_unplugged_meanwhile(office: SbiOffice) -> None:
    with office.open().preview([Finger.RIGHT_INDEX], 20.0) as frames:
        next(frames)
        office.person("unplug", {})
        with pytest.raises(DeviceRefused) as raised:
            list(frames)
    assert raised.value.reason == Reason.UNPLUGGED


def test_refused_at_once(office: SbiOffice) -> None:
    scanner = office.open()
    office.person("set_status", {"status": "Not Ready"})
    with scanner.preview([Finger.RIGHT_INDEX]) as frames, pytest.raises(DeviceRefused) as raised:
        list(frames)
    assert raised.value.reason == Reason.NOT_READY


@pytest.mark.parametrize("before", [b"--BoundaryString", b"----BoundaryString"])
def test_both_kinds_of_separators(scripted: tuple[SbiScanner, ScriptedService], before: bytes) -> None:
    scanner, service = scripted
    service.answer = HEAD + part(JPEG, before=before) * 3
    with scanner.preview([Finger.RIGHT_INDEX]) as frames:
        assert list(frames) == [JPEG] * 3


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (HEAD + part(JPEG)[:-9], AnswerLost, Reason.CUT_OFF),
        (HEAD + part(b"no JPEG"), MessageMalformed, Reason.NOT_PREVIEW),
        (HEAD + b"<html>\n", MessageMalformed, Reason.NOT_PREVIEW),
        (HEAD + b"x" * 5000, MessageMalformed, Reason.NOT_PREVIEW),
        (HEAD + b"\r\n" * 100, MessageMalformed, Reason.NOT_PREVIEW),
        (HEAD + b"--BoundaryString\r\nX: y\r\n\r\n", MessageMalformed, Reason.NOT_PREVIEW),
        (
            HEAD + b"--BoundaryString\r\nContent-Length:%d\r\n\r\n" % (LARGEST_FRAME + 1),
            MessageMalformed,
            Reason.NOT_PREVIEW,
        ),
        (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nx", MessageMalformed, Reason.NOT_PREVIEW),
        (HEAD.replace(b"; boundary=--BoundaryString", b""), MessageMalformed, Reason.NOT_PREVIEW),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", MessageMalformed, Reason.HTTP_STATUS),
        (b"", AnswerLost, Reason.CUT_OFF),
        (HEAD + b'{"error":{"errorCode":"605","errorInfo":""}}', DeviceRefused, Reason.OTHER_REFUSAL),
        (HEAD + b'{"errorCode":"110","errorInfo":""}', DeviceRefused, Reason.NOT_READY),
    ],
)
def test_what_is_no_preview(
    scripted: tuple[SbiScanner, ScriptedService], answer: bytes, kind: type[SbiError], reason: Reason
) -> None:
    scanner, service = scripted
    service.answer = answer
    with pytest.raises(SbiError) as raised, scanner.preview([Finger.RIGHT_INDEX]) as frames:
        list(frames)
    assert (type(raised.value), raised.value.reason) == (kind, reason)


@pytest.mark.parametrize("ending", [b"", b"--BoundaryString--\r\n", b'\r\n{"errorCode":"0"}'])
def test_quiet_ends(scripted: tuple[SbiScanner, ScriptedService], ending: bytes) -> None:
    scanner, service = scripted
    service.answer = HEAD + part(JPEG) + ending
    with scanner.preview([Finger.RIGHT_INDEX]) as frames:
        assert list(frames) == [JPEG]
