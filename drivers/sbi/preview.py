"""The live picture of a plate: JPEG frames of a STREAM answer (facts: sbi.md 1).

Frames are for the eye. They are not signed, and nothing is decided by them.
"""

import contextlib
import http.client
import re
import time
from collections.abc import Iterator
from typing import Final

from drivers.sbi import documents
from drivers.sbi.connection import BoundedSocket, translated
from drivers.sbi.errors import MessageMalformed, Reason, SbiError

LARGEST_FRAME: Final = 2 * 1024 * 1024  # bytes
FRAME_PATIENCE: Final = 5.0  # seconds; three frames a second are due
_SLACK: Final = 256 * 1024  # bytes that a buffer may read ahead, and heads of parts
_LONGEST_LINE: Final = 1024
_MOST_LINES: Final = 32  # of one part's head, with the blank ones before it
_LONGEST_ENDING: Final = 64 * 1024  # bytes of what comes behind the last frame
_MEDIA_TYPE: Final = "multipart/x-mixed-replace"
_LENGTH: Final = re.compile(rb"content-length:\s*(\d{1,8})\s*", re.IGNORECASE)
_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"  # ITU-T T.81 B.2.1


def frames(link: BoundedSocket, response: http.client.HTTPResponse, until: float) -> Iterator[bytes]:
    """Yield JPEG files until the service ends the preview, as a capture on another connection makes it do.

    Args:
        link: the connection; its deadline and budget are set anew for each frame.
        response: whose head is read.
        until: a `time.monotonic()` reading, behind which no frame is read.

    Raises:
        AnswerLost: TIMED_OUT, CUT_OFF inside a frame.
        MessageMalformed: NOT_PREVIEW, TOO_LARGE.
        DeviceRefused: the service ends it with an error other than PREVIEW_STOPPED.
    """
    boundary = _boundary(response)
    while time.monotonic() < until:
        link.deadline = time.monotonic() + FRAME_PATIENCE
        link.budget = LARGEST_FRAME + _SLACK
        with translated():
            frame = _frame(response, boundary)
        if frame is None:
            return
        yield frame


def _boundary(response: http.client.HTTPResponse) -> bytes:
    """The boundary: separators are that text itself (facts), or with two dashes before it (RFC 2046)."""
    if response.headers.get_content_type() != _MEDIA_TYPE:
        with translated():
            _raise_ending(response.read(_LONGEST_ENDING))
        raise MessageMalformed(Reason.NOT_PREVIEW, "the answer is no preview")
    boundary = response.headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.isascii() or not 0 < len(boundary) <= 80:
        raise MessageMalformed(Reason.NOT_PREVIEW, "the preview names no boundary")
    return boundary.encode()


def _frame(response: http.client.HTTPResponse, boundary: bytes) -> bytes | None:
    """Read one part; None where the preview has ended."""
    length: int | None = None
    is_part = False
    for _ in range(_MOST_LINES):
        line = response.readline(_LONGEST_LINE)
        text = line.strip()
        if is_part and not line.endswith(b"\n"):
            raise http.client.IncompleteRead(b"")
        if not line or text in (boundary + b"--", b"--" + boundary + b"--"):
            return None
        if text in (boundary, b"--" + boundary):
            is_part = True
        elif is_part and not text:
            return _content(response, length)
        elif is_part:
            found = _LENGTH.fullmatch(text)
            length = int(found[1]) if found else length
        elif text:
            _raise_ending(line + response.read(_LONGEST_ENDING))
            return None
    raise MessageMalformed(Reason.NOT_PREVIEW, "a part whose head does not end")


def _content(response: http.client.HTTPResponse, length: int | None) -> bytes:
    if length is None or not 4 <= length <= LARGEST_FRAME:
        raise MessageMalformed(Reason.NOT_PREVIEW, "a part without a length, or too large")
    content = response.read(length)
    if len(content) != length:
        raise http.client.IncompleteRead(b"")
    if not (content.startswith(_JPEG_BEGINS) and content.endswith(_JPEG_ENDS)):
        raise MessageMalformed(Reason.NOT_PREVIEW, "a part that is no JPEG")
    return content


def _raise_ending(content: bytes) -> None:
    """Raise what a service says at the end: JSON, or a whole second HTTP answer around it (MockMDS).

    Raises:
        DeviceRefused: unless it is that a capture, or its time, has ended the preview.
        MessageMalformed: it says anything else.
    """
    body = content[content.find(b"{") :] if b"{" in content else b""
    body = body[: body.rfind(b"}") + 1]
    error = _error(body)
    if error is None:
        raise MessageMalformed(Reason.NOT_PREVIEW, "something else than frames came")
    if error.error_code in documents.SUCCESS:
        return
    refused = documents.refusal(error)
    if refused.reason != Reason.PREVIEW_STOPPED:
        raise refused


def _error(body: bytes) -> documents.ErrorPart | None:
    """The error in either of its shapes: `{"error": {…}}` by the text, bare by MockMDS."""
    with contextlib.suppress(SbiError):
        wrapped = documents.read(documents.ERROR_ANSWER, body)
        if isinstance(wrapped, documents.ErrorPart):
            return wrapped if wrapped.error_code is not None else None
        return wrapped.error
    return None
