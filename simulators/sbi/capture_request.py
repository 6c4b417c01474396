"""Reading an RCAPTURE request, with MockMDS's errors in MockMDS's order (facts: sbi.md 1).

The order: 709, 123, 115, 121, 704, 114, 705, 120, 706, 702, 100, 110, 111, 112, 122, 109, 703. The first is
of the device, the last two of what it does at the moment; they are asked by `service`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from simulators.sbi.model import (
    AUTHENTICATION,
    ENVIRONMENTS,
    FINGERS,
    REGISTRATION,
    SLAPS,
    Model,
)

TRANSACTION = re.compile(r"[A-Za-z0-9-]{4,50}")
HASH = re.compile(r"([0-9A-Fa-f]{64})?")
MOST_OPTIONS = 50
TYPES = ("Finger", "Face", "Iris")


class Refusal(Exception):
    """A request that is answered with an error, by its code."""


@dataclass(frozen=True)
class CaptureRequest:
    """What is to be captured.

    Attributes:
        timeout: seconds.
        fingers: names, in the order of the answer.
        score: as it was written.
        sub_id: the plate.
        previous: hash before the first, or empty.
    """

    environment: str
    transaction: str
    timeout: float
    fingers: tuple[str, ...]
    score: str
    sub_id: str
    previous: str


@dataclass(frozen=True)
class DeviceState:
    """What the checks need to know of the device at this moment."""

    status: str
    is_plugged: bool
    streaming_sub_id: str | None


def read_capture(content: bytes, model: Model, state: DeviceState) -> CaptureRequest:
    """Read and check a request.

    Raises:
        Refusal: with the code of the first check that fails.
    """
    _require(model.purpose != AUTHENTICATION, "709")
    reader = _Reader(model.strict)
    body, bio = reader.parts(content)
    timeout, count = reader.number(body, "timeout"), reader.number(bio, "count")
    score, sub_id = str(reader.number(bio, "requestedScore")), str(reader.number(bio, "deviceSubId"))
    names = {name: reader.text(body, name) for name in ("env", "purpose", "specVersion", "transactionId")}
    previous, kind, device = (reader.text(bio, name) for name in ("previousHash", "type", "deviceId"))
    wanted, exceptions = reader.texts(bio, "bioSubType"), reader.texts(bio, "exception")
    _require(HASH.fullmatch(previous) is not None and _has_few_options(body), "123")
    _require(names["env"] in ENVIRONMENTS, "115")
    _require(names["purpose"] == REGISTRATION, "121")
    _require(device != "", "704")
    _require(kind in TYPES, "114")
    _require(state.is_plugged, "106")  # by the text; MockMDS has no unplugged device
    _require(device == model.device_id, "705")
    _require(kind == "Finger", "120")
    _require(sub_id in model.sub_ids, "705")
    _require(state.streaming_sub_id in (None, sub_id), "702")
    _require(state.status != "Not Registered", "100")
    _require(state.status != "Not Ready", "110")
    _require(state.status != "Busy", "111")
    _require(TRANSACTION.fullmatch(names["transactionId"]) is not None, "112")
    _require(set(wanted) <= set(FINGERS) and set(exceptions) <= set(FINGERS), "122")
    fingers = _fingers(sub_id, count, wanted, exceptions)
    return CaptureRequest(
        names["env"], names["transactionId"], timeout / 1000, fingers, score, sub_id, previous
    )


def _fingers(
    sub_id: str, count: int, wanted: tuple[str, ...], exceptions: tuple[str, ...]
) -> tuple[str, ...]:
    """Count and exceptions make up the whole plate; on a slap the wish itself is not looked at (MockMDS)."""
    if sub_id in SLAPS:
        _require(count + len(exceptions) == len(SLAPS[sub_id]), "109")
        fingers = tuple(finger for finger in SLAPS[sub_id] if finger not in exceptions)
        _require(len(fingers) == count, "109")
        return fingers
    _require(count == 1 and len(wanted) == 1, "109")  # assumed: no rule of a single plate is known
    return wanted


def _has_few_options(body: Mapping[str, object]) -> bool:
    options = body.get("customOpts")
    return options is None or (isinstance(options, (list, dict)) and len(options) <= MOST_OPTIONS)


class _Reader:
    """Takes fields out of a request; numbers are strings, and JSON numbers too unless it is strict."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict

    def parts(self, content: bytes) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """The request and its only `bio`."""
        try:
            body: object = json.loads(content)
        except (ValueError, RecursionError):
            raise Refusal("123") from None
        if isinstance(body, dict):
            bio = body.get("bio")
            if isinstance(bio, list) and len(bio) == 1 and isinstance(bio[0], dict):
                return body, bio[0]
        raise Refusal("123")

    def text(self, part: Mapping[str, object], name: str) -> str:
        """A text; null is none."""
        value = part.get(name)
        if not isinstance(value, str):
            raise Refusal("123")
        return value

    def texts(self, part: Mapping[str, object], name: str) -> tuple[str, ...]:
        """A list of texts; a missing one is empty."""
        value = part.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refusal("123")
        return tuple(str(one) for one in value)

    def number(self, part: Mapping[str, object], name: str) -> int:
        """A whole number that is not negative."""
        value = part.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and not self._strict:
            value = str(value)
        if not isinstance(value, str) or not re.fullmatch("[0-9]{1,9}", value):
            raise Refusal("123")
        return int(value)


def _require(holds: bool, code: str) -> None:
    if not holds:
        raise Refusal(code)
