"""The admin calls of MockMDS on the service's own port; off without a flag (facts: sbi.md 5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulators.sbi.model import STATUSES
from simulators.sbi.truth import State

if TYPE_CHECKING:
    from simulators.sbi.service import Service

TYPES = ("Finger", "Biometric Device")
METHODS = ("MOSIPDISC", "MOSIPDINFO", "STREAM", "RCAPTURE", "CAPTURE")


class _Wrong(Exception):
    """A request that is refused, by its code."""


def answer(service: Service, path: str, content: bytes) -> bytes:
    """Do what is asked; the reply is MockMDS's."""
    try:
        _act(service, path, content)
    except _Wrong as wrong:
        return json.dumps({"errorCode": str(wrong), "errorInfo": "Refused"}).encode()
    return json.dumps({"errorCode": "0", "errorInfo": "Success"}).encode()


def _act(service: Service, path: str, content: bytes) -> None:
    try:
        body: object = json.loads(content)
    except (ValueError, RecursionError):
        raise _Wrong("999") from None
    if not isinstance(body, dict) or body.get("type") not in TYPES:
        raise _Wrong("502")
    if path == "/admin/status":
        if body.get("deviceStatus") not in STATUSES:
            raise _Wrong("504")
        service.truth.change(status=body["deviceStatus"])
    elif path == "/admin/score":
        service.truth.change(score=None if body.get("fromIso") is True else _number(body.get("qualityScore")))
    elif path == "/admin/delay":
        seconds = _number(body.get("delay")) / 1000
        methods = body.get("method") or list(METHODS)
        service.truth.change(delays={str(one): seconds for one in methods if one in METHODS})
    elif path == "/admin/profile":
        service.truth.change(score=State().score, delays=None)  # there are no folders of prints here
    else:
        raise _Wrong("500")


def _number(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise _Wrong("505") from None
    if not 0 <= number <= 600_000:
        raise _Wrong("505")
    return number
