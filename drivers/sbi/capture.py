"""One RCAPTURE: what is asked, and whether the answer is the answer to it (facts: sbi.md 1, 2)."""

import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy
from numpy.typing import NDArray

from drivers.sbi import documents, hash_chain, tokens
from drivers.sbi.calls import SPEC_VERSION
from drivers.sbi.device import FINGER, REGISTRATION, Device, read_identity, require_signer
from drivers.sbi.documents import CaptureItem, CapturePayload
from drivers.sbi.encodings import from_base64url
from drivers.sbi.errors import CaptureRejected, MessageMalformed, Reason, RecordUnusable
from drivers.sbi.extended_blocks import annotated
from drivers.sbi.finger_image import NO_SCORE, FingerImage, Score, read_finger_image
from drivers.sbi.fingers import Finger, plate_for
from drivers.sbi.pixels import decode
from drivers.sbi.policy import Policy

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_TIME_FORM: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SCORE_FORM: Final = re.compile(r"\d{1,3}(\.\d{1,6})?")


@dataclass(frozen=True)
class CaptureWish:
    """What one RCAPTURE asks for.

    Attributes:
        fingers: all of them at once.
        requested_score: 0 to 100; a device that reaches it ends the capture at once.
        timeout: seconds until the device should give what it has.
        transaction: new for each; the answer must repeat it.
        previous_hash: the last hash of this scanner, or `hash_chain.FIRST`.
    """

    fingers: tuple[Finger, ...]
    requested_score: int
    timeout: float
    transaction: str
    previous_hash: str

    @classmethod
    def make(cls, fingers: Sequence[Finger], score: int, timeout: float, previous: str) -> "CaptureWish":
        """Make one with a transaction of its own."""
        return cls(tuple(fingers), score, timeout, str(uuid.uuid4()), previous)


@dataclass(frozen=True)
class FingerCapture:
    """A finger that was captured for us, just now, by the scanner that was asked.

    Attributes:
        finger: which one was asked for; nobody can say from the picture whether it was pressed.
        pixels: uint8[h, w], ridges dark.
        dpi: of both directions, from the record.
        device_score: what the service says of the quality, 0 to 100.
        record_score: what the record says of it; None where it says nothing. The two may differ, and neither
            is a measure of ours.
        captured_at: by the scanner's clock.
        serial: of the scanner.
        hash: of this capture, in the chain.
        trusted: whether its certificates lead to an installed root.
    """

    finger: Finger
    pixels: NDArray[numpy.uint8] = field(repr=False, compare=False)
    dpi: int
    device_score: float
    record_score: int | None
    captured_at: datetime
    serial: str
    hash: str
    trusted: bool


def request_body(wish: CaptureWish, device: Device, environment: str, now: datetime) -> dict[str, object]:
    """Write the request; numbers are strings: MockMDS refuses others, and the compliance toolkit wants them.

    Raises:
        SettingUnusable: WISH_IMPOSSIBLE, the scanner has no plate for these fingers at once.
    """
    sub_id, exceptions = plate_for(wish.fingers, device.sub_ids)
    bio: dict[str, object] = {
        "type": FINGER,
        "count": str(len(wish.fingers)),
        "bioSubType": [finger.value for finger in wish.fingers],
        "exception": [finger.value for finger in exceptions],
        "requestedScore": str(wish.requested_score),
        "deviceId": device.device_id,
        "deviceSubId": sub_id,
        "previousHash": wish.previous_hash,
    }
    return {
        "env": environment,
        "purpose": REGISTRATION,
        "specVersion": SPEC_VERSION,
        "timeout": str(round(wish.timeout * 1000)),
        "captureTime": now.astimezone(UTC).strftime(_TIME),
        "transactionId": wish.transaction,
        "bio": [bio],
        "customOpts": None,
    }


def read_answer(
    answer: bytes, wish: CaptureWish, device: Device, policy: Policy, now: datetime
) -> tuple[FingerCapture, ...]:
    """Check an answer, item by item, and decode its images; all are good, or none is given.

    Args:
        answer: as it came.
        wish: what was asked.
        device: who was asked.
        policy: what is taken.
        now: when it came.

    Raises:
        MessageMalformed, DeviceRefused, CaptureRejected, RecordUnusable: see `errors`.
    """
    items = documents.read(documents.CAPTURE_ANSWER, answer).biometrics
    if not items:
        raise MessageMalformed(Reason.NO_DATA, "the answer holds no capture")
    check = _Check(wish, device, policy, now)
    return check.all(items)


@dataclass
class _Check:
    """One answer against what was asked."""

    wish: CaptureWish
    device: Device
    policy: Policy
    now: datetime

    def all(self, items: Sequence[CaptureItem]) -> tuple[FingerCapture, ...]:
        captures, previous = list[FingerCapture](), self.wish.previous_hash
        for item in items:
            capture = self._one(item, previous)
            if any(capture.finger == other.finger for other in captures):
                raise CaptureRejected(Reason.FINGER_WRONG, "the same finger came twice")
            captures.append(capture)
            previous = capture.hash
        if len(captures) != len(self.wish.fingers):
            problem = f"{len(captures)} captures for {len(self.wish.fingers)} fingers"
            raise CaptureRejected(Reason.COUNT_WRONG, problem)
        return tuple(captures)

    def _one(self, item: CaptureItem, previous: str) -> FingerCapture:
        item.require_success()
        if not item.data:
            raise MessageMalformed(Reason.NO_DATA, "neither a capture nor an error")
        if item.spec_version != SPEC_VERSION:
            raise MessageMalformed(Reason.VERSION_UNSUPPORTED, "the capture is of another version of SBI")
        token = tokens.read(item.data)
        trusted = require_signer(token, self.policy, self.now)
        payload = documents.read(documents.CAPTURE_PAYLOAD, token.payload)
        captured_at = self._require_answer(payload)
        self._require_device(payload)
        finger = self._finger(payload)
        record = _record(payload)
        if item.hash != hash_chain.next_hash(previous, record):
            raise CaptureRejected(Reason.HASH_WRONG, "its hash does not follow from the last one")
        image = read_finger_image(record)
        _require_position(image, finger)
        return FingerCapture(
            finger,
            decode(image, self.policy.compressions),
            image.dpi,
            _score(payload.quality_score),
            _first(image.scores),
            captured_at,
            self.device.identity.serial_no,
            item.hash,
            trusted,
        )

    def _require_answer(self, payload: CapturePayload) -> datetime:
        """Require the answer to this request, and a fresh one; give the scanner's time."""
        if payload.transaction_id != self.wish.transaction:
            raise CaptureRejected(Reason.TRANSACTION_WRONG, "the capture is the answer to another request")
        captured_at = _moment(payload.timestamp)
        if abs(self.now - captured_at) > self.policy.freshness:
            apart = round((self.now - captured_at).total_seconds())
            raise CaptureRejected(Reason.TIME_NOT_FRESH, f"by its clock it is {apart} s old")
        if payload.purpose != REGISTRATION:
            raise CaptureRejected(Reason.PURPOSE_WRONG, "the capture was made for another purpose")
        if payload.env != self.policy.environment:
            raise CaptureRejected(Reason.ENVIRONMENT_WRONG, "the capture is of another environment")
        return captured_at

    def _require_device(self, payload: CapturePayload) -> None:
        if payload.device_code != self.device.identity.serial_no:
            raise CaptureRejected(Reason.DEVICE_WRONG, "the capture is of another device")
        if read_identity(payload.digital_id, self.policy, self.now) != self.device.identity:
            raise CaptureRejected(Reason.DEVICE_WRONG, "the capture holds the identity of another device")

    def _finger(self, payload: CapturePayload) -> Finger:
        if payload.bio_type == FINGER:
            for finger in self.wish.fingers:
                if finger.value == payload.bio_sub_type:
                    return finger
        raise CaptureRejected(Reason.FINGER_WRONG, "the capture is of a finger that was not asked for")


def _record(payload: CapturePayload) -> bytes:
    try:
        return from_base64url(payload.bio_value)
    except ValueError:
        raise RecordUnusable(Reason.RECORD_MALFORMED, "the record is no base64url") from None


def _require_position(image: FingerImage, finger: Finger) -> None:
    if image.position != finger.position:
        raise RecordUnusable(Reason.POSITION_WRONG, f"{finger} is asked for, position {image.position} came")
    if finger.position in annotated(image.blocks):
        raise RecordUnusable(Reason.POSITION_WRONG, "the record marks the finger as amputated or unusable")


def _moment(text: str) -> datetime:
    if not _TIME_FORM.fullmatch(text):
        raise CaptureRejected(Reason.TIME_MALFORMED, "the capture's time is not written as it must be")
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise CaptureRejected(Reason.TIME_MALFORMED, "the capture's time is none") from None


def _score(text: str) -> float:
    score = float(text) if _SCORE_FORM.fullmatch(text) and text.isascii() else math.inf
    if score > 100:
        raise MessageMalformed(Reason.FIELD_WRONG, "qualityScore: not a number of 0 to 100")
    return score


def _first(scores: Sequence[Score]) -> int | None:
    return next((score.value for score in scores if score.value != NO_SCORE), None)
