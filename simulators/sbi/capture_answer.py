"""The items of an RCAPTURE answer: record, token, hash (facts: sbi.md 1 to 3), and how faults spoil them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy
from numpy.typing import NDArray

from simulators.request_faults import Fault
from simulators.sbi import image_record, signing
from simulators.sbi.capture_request import CaptureRequest
from simulators.sbi.descriptions import Descriptions
from simulators.sbi.identity import Identity
from simulators.sbi.image_record import Record
from simulators.sbi.model import FINGERS, VERSION, Model, position_of

TEN_MINUTES: Final = datetime.timedelta(minutes=10)
Item = dict[str, object]
SUCCESS: Final = {"errorCode": "0", "errorInfo": "Success"}


@dataclass(frozen=True)
class TakenFinger:
    """A finger's picture, and the score that the scanner gives it."""

    name: str
    pixels: NDArray[numpy.uint8]
    score: float


class AnswerMaker:
    """Makes items that are right, but for one fault."""

    def __init__(self, model: Model, identity: Identity, descriptions: Descriptions) -> None:
        self._model, self._identity, self._descriptions = model, identity, descriptions
        self._key = identity.device_key()

    def items(
        self, request: CaptureRequest, taken: Sequence[TakenFinger], fault: Fault, now: datetime.datetime
    ) -> list[Item]:
        """One item a finger, chained from the request's previous hash."""
        previous = bytes.fromhex(request.previous) if request.previous else hashlib.sha256(b"").digest()
        items = list[Item]()
        for finger in taken:
            record = self._record(finger, fault, now)
            token = self._token(self._payload(request, finger, record, fault, now), fault)
            previous = hashlib.sha256(previous + hashlib.sha256(record).digest()).digest()
            items.append(_item(token, previous.hex().upper(), fault))
        return _moved(items, fault)

    def _record(self, finger: TakenFinger, fault: Fault, now: datetime.datetime) -> bytes:
        height, width = finger.pixels.shape
        position = position_of(finger.name)
        record = Record(
            now,
            position,
            width,
            height,
            image_record.lossless(finger.pixels),
            (round(finger.score),),
            blocks=(image_record.segmentation(position, width, height), image_record.comment("simulated")),
        )
        change = _RECORD_FAULTS.get(fault.name)
        packed = image_record.pack(change(record, finger.pixels) if change else record)
        return packed[:-10] if fault.name == "cut_record" else packed

    def _payload(
        self,
        request: CaptureRequest,
        finger: TakenFinger,
        record: bytes,
        fault: Fault,
        now: datetime.datetime,
    ) -> dict[str, object]:
        payload: dict[str, object] = {
            "digitalId": self._descriptions.digital_id(now),
            "deviceCode": self._model.serial,
            "deviceServiceVersion": VERSION,
            "bioType": "Finger",
            "bioSubType": finger.name,
            "purpose": self._model.purpose,
            "env": request.environment,
            "bioValue": signing.base64url(record),
            "transactionId": request.transaction,
            "timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "requestedScore": request.score,
            "qualityScore": str(finger.score),
        }
        return payload | self._spoiled(payload, fault, now)

    def _spoiled(
        self, payload: Mapping[str, object], fault: Fault, now: datetime.datetime
    ) -> dict[str, object]:
        """The fields that a fault changes."""
        finger = str(payload["bioSubType"])
        changes: dict[str, Callable[[], dict[str, object]]] = {
            "stale_timestamp": lambda: {"timestamp": f"{now - TEN_MINUTES:%Y-%m-%dT%H:%M:%SZ}"},
            "future_timestamp": lambda: {"timestamp": f"{now + TEN_MINUTES:%Y-%m-%dT%H:%M:%SZ}"},
            "local_timestamp": lambda: {"timestamp": f"{now:%Y-%m-%dT%H:%M:%S}"},
            "other_transaction": lambda: {"transactionId": "00000000-0000-0000-0000-000000000000"},
            "other_environment": lambda: {"env": "Staging"},
            "other_purpose": lambda: {"purpose": "Auth"},
            "other_device": lambda: {"deviceCode": "000099999999"},
            "other_identity": lambda: {"digitalId": self._descriptions.digital_id(now, "000099999999")},
            "unsigned_identity": lambda: {"digitalId": self._descriptions.unsigned_digital_id(now)},
            "wrong_finger": lambda: {"bioSubType": _other_finger(finger)},
            "number_for_string": lambda: {"requestedScore": 60, "qualityScore": 71.0},
        }
        return changes[fault.name]() if fault.name in changes else {}

    def _token(self, payload: Mapping[str, object], fault: Fault) -> str:
        content = signing.compact(payload)
        key = self._identity.key(_SIGNERS[fault.name]) if fault.name in _SIGNERS else self._key
        head = signing.header(self._certificates(fault), _ALGORITHMS.get(fault.name, "RS256"))
        token = signing.signed(key, head, content)
        if fault.name == "altered_payload":
            altered = signing.compact({**payload, "qualityScore": "99.0"})
            first, _, last = token.split(".")
            return f"{first}.{signing.base64url(altered)}.{last}"
        return token[: token.rindex(".") + 1] if fault.name == "no_alg" else token

    def _certificates(self, fault: Fault) -> list[bytes]:
        names = {
            "foreign_chain": ["foreign"],
            "expired_certificate": ["expired"],
            "authority_signs": ["provider"],
            "x5c_missing": [],
            "x5c_several": ["device", "provider"],
            "x5c_many": ["device"] * 10,
        }
        return [self._identity.certificate(name) for name in names.get(fault.name, ["device"])]


_SIGNERS: Final = {"wrong_signature": "foreign-root", "authority_signs": "provider"}
_ALGORITHMS: Final = {"wrong_alg": "HS256", "no_alg": "none"}


def _item(token: str, chained: str, fault: Fault) -> Item:
    spoiled = {"broken_hash": chained[::-1], "lower_hash": chained.lower()}
    return {
        "specVersion": "0.9.2" if fault.name == "other_version" else VERSION,
        "data": "" if fault.name == "empty_data" else token,
        "hash": spoiled.get(fault.name, chained),
        "error": dict(SUCCESS),
    }


def _moved(items: list[Item], fault: Fault) -> list[Item]:
    if fault.name == "missing_item":
        return items[:-1]
    return [*items, items[0]] if fault.name == "extra_item" else items


def _other_finger(name: str) -> str:
    return FINGERS[position_of(name) % len(FINGERS)]


def _huge_claim(record: Record, pixels: NDArray[numpy.uint8]) -> Record:
    """An image of nothing at all compresses to almost nothing."""
    blank = image_record.lossless(numpy.full((3000, 3000), 255, numpy.uint8))
    return record.but(image=blank)


_RECORD_FAULTS: Final[Mapping[str, Callable[[Record, NDArray[numpy.uint8]], Record]]] = {
    "position_mismatch": lambda record, _: record.but(position=record.position % 10 + 1),
    "size_mismatch": lambda record, _: record.but(width=record.width + 1),
    "huge_claim": _huge_claim,
    "lossy_marked_lossless": lambda record, pixels: record.but(image=image_record.lossy(pixels)),
    "lossy": lambda record, pixels: record.but(
        image=image_record.lossy(pixels), compression=image_record.LOSSY
    ),
    "truncated_image": lambda record, _: record.but(image=record.image[: len(record.image) * 9 // 10]),
    "low_resolution": lambda record, _: record.but(rates=(500, 500, 300, 300)),
    "marked_unusable": lambda record, _: record.but(
        blocks=(image_record.annotation([(record.position, 2)]),)
    ),
}


def answer(items: Sequence[Item]) -> bytes:
    """The whole answer."""
    return json.dumps({"biometrics": list(items)}).encode()


def refusal(code: str, info: str) -> bytes:
    """The answer that holds an error: HTTP has status 200 all the same."""
    empty: Item = {"specVersion": "", "data": "", "hash": ""}
    return answer([{**empty, "error": {"errorCode": code, "errorInfo": info}}])
