"""The service in front of the scanner: one answer for each verb, and what it does at the moment."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulators.request_faults import Fault
from simulators.sbi import plate
from simulators.sbi.capture_answer import AnswerMaker, TakenFinger, answer, refusal
from simulators.sbi.capture_request import CaptureRequest, DeviceState, Refusal, read_capture
from simulators.sbi.descriptions import Descriptions
from simulators.sbi.faults import scanner_faults
from simulators.sbi.identity import Identity
from simulators.sbi.model import AUTHENTICATION, Model
from simulators.sbi.truth import Press, State, Truth

SETTLE = 0.5  # seconds from a finger on the plate to its picture; assumed (the text: under 4 s)
LOOK = 0.02  # seconds
FRAME = 0.03  # seconds between two frames of the preview (MockMDS)
STREAM_TIME = 300.0  # seconds, where a request names none (the text)
TEXTS = {
    "100": "Device not registered",
    "106": "Device not found",
    "109": "Wrong count of fingers",
    "110": "Device not ready",
    "111": "Device busy",
    "112": "Transaction id is not valid",
    "202": "No device connected",
    "609": "Stream timeout",
    "700": "Stream stopped",
    "701": "Capture timeout",
    "703": "Capture running",
}


@dataclass(frozen=True)
class StreamRequest:
    """A preview that goes on until its time is over or a capture begins."""

    sub_id: str
    until: float


class Service:
    """One scanner; safe to use from several threads."""

    def __init__(self, folder: Path, model: Model) -> None:
        """Make or load its keys, and open its books."""
        self.model, self.truth, self.faults = model, Truth(folder), scanner_faults()
        self.identity = Identity(folder / "keys")
        self.identity.make()
        self._descriptions = Descriptions(model, self.identity)
        self._maker = AnswerMaker(model, self.identity, self._descriptions)
        self._capturing = threading.Lock()
        self._stream: StreamRequest | None = None
        self._lock = threading.Lock()
        self.port = 0
        for press in self.truth.state.plate:
            plate.pressed(press)  # left on the plate by an earlier run

    # ---- one answer each ----

    def discovery(self, content: bytes) -> bytes:
        """Answer MOSIPDISC."""
        kind = _field(content, "type")
        if kind not in ("Finger", "Biometric Device", "Iris", "Face"):
            return _errors("502", "Type is not valid")
        state = self._shown()
        if not state.is_plugged or kind not in ("Finger", "Biometric Device"):
            return _errors("503", "No device connected")
        return self._descriptions.discovery(state, self.port, _now())

    def info(self) -> bytes:
        """Answer MOSIPDINFO."""
        state = self._shown()
        if not state.is_plugged:
            return _errors("106", TEXTS["106"])
        return self._descriptions.info(state, self.port, _now())

    def capture(self, content: bytes, fault: Fault) -> bytes:
        """Answer RCAPTURE; it takes until a finger is on the plate, or the time is over."""
        try:
            request = read_capture(content, self.model, self._device_state())
            if not self._capturing.acquire(blocking=False):
                raise Refusal("703")
            try:
                self.stop_stream()
                return self._captured(request, fault)
            finally:
                self._capturing.release()
        except Refusal as refused:
            code = str(refused)
            return refusal(code, TEXTS.get(code, ""))

    def begin_stream(self, content: bytes) -> StreamRequest:
        """Take a STREAM request.

        Raises:
            Refusal: with its code.
        """
        device, sub_id = _field(content, "deviceId"), _field(content, "deviceSubId")
        timeout = _field(content, "timeout")
        state = self.truth.state
        for holds, code in (
            (self.model.purpose != AUTHENTICATION, "601"),  # assumed; the text: Registration only
            (device != "", "604"),
            (state.is_plugged, "202"),
            (device == self.model.device_id and sub_id in self.model.sub_ids, "605"),
            (state.status != "Not Registered", "100"),
            (state.status != "Not Ready", "110"),
            (state.status != "Busy", "111"),
        ):
            if not holds:
                raise Refusal(code)
        seconds = float(timeout) / 1000 if timeout.isascii() and timeout.isdigit() else STREAM_TIME
        request = StreamRequest(sub_id, time.monotonic() + seconds)
        with self._lock:
            self._stream = request
        return request

    def frames(self, request: StreamRequest) -> Iterator[bytes]:
        """The live picture, while nobody ends it."""
        while self._is_streaming(request) and time.monotonic() < request.until:
            yield plate.preview(self._first_press())
            time.sleep(FRAME / min(self.model.speed, 3))

    def stream_end(self, request: StreamRequest) -> str:
        """How a preview has ended: its code."""
        with self._lock:
            stopped = self._stream is not request
            if not stopped:
                self._stream = None
        if not self.truth.state.is_plugged:
            return "202"
        return "700" if stopped else "609"

    def stop_stream(self) -> None:
        """End the preview, if there is one."""
        with self._lock:
            self._stream = None

    # ---- what it does at the moment ----

    def _captured(self, request: CaptureRequest, fault: Fault) -> bytes:
        codes = {"timeout": "701", "busy": "111", "refuse": f"{fault.number(102):.0f}"}
        if fault.name in codes:
            raise Refusal(codes[fault.name])
        deadline = time.monotonic() + request.timeout
        presses = self._wait_for(request, deadline)
        state = self.truth.state
        taken = [self._taken(press, name, state, fault) for name, press in presses.items()]
        mean = sum(finger.score for finger in taken) / len(taken)
        if mean < float(request.score) and fault.name != "low_score":
            if self.model.gives_up_on_low_score:
                raise Refusal("701")
            time.sleep(max(0.0, deadline - time.monotonic()))  # a better picture might still come
        items = self._maker.items(request, taken, fault, _now())
        self.truth.note_capture(
            {
                "transaction": request.transaction,
                "fingers": {name: [press.finger, press.press] for name, press in presses.items()},
                "fault": fault.name,
                "hashes": [item["hash"] for item in items],
            }
        )
        return answer(items)

    def _wait_for(self, request: CaptureRequest, deadline: float) -> dict[str, Press]:
        """Wait until all fingers are on the plate and have rested there."""
        delay = (self.truth.state.delays or {}).get("RCAPTURE", 0.0)
        if delay > request.timeout:
            time.sleep(request.timeout)
            raise Refusal("701")
        while time.monotonic() < deadline:
            state = self.truth.state
            if not state.is_plugged:
                raise Refusal("106")
            presses = _on_plate(state.plate, request.fingers)
            if presses is not None:
                time.sleep(min(SETTLE / self.model.speed, max(0.0, deadline - time.monotonic())))
                return presses
            time.sleep(LOOK)
        raise Refusal("701")

    def _taken(self, press: Press, name: str, state: State, fault: Fault) -> TakenFinger:
        score = plate.score(press) if state.score is None else state.score
        return TakenFinger(name, plate.pressed(press), 12.0 if fault.name == "low_score" else score)

    def _shown(self) -> State:
        """The state as others see it: busy while it captures or streams."""
        state = self.truth.state
        with self._lock:
            streams = self._stream is not None
        if state.status != "Ready" or not (streams or self._capturing.locked()):
            return state
        return State("Busy", state.is_plugged, state.plate, state.score, state.delays)

    def _device_state(self) -> DeviceState:
        state = self.truth.state
        with self._lock:
            streaming = self._stream.sub_id if self._stream else None
        return DeviceState(state.status, state.is_plugged, streaming)

    def _is_streaming(self, request: StreamRequest) -> bool:
        with self._lock:
            return self._stream is request and self.truth.state.is_plugged

    def _first_press(self) -> Press | None:
        return next(iter(self.truth.state.plate), None)


def _on_plate(presses: tuple[Press, ...], fingers: tuple[str, ...]) -> dict[str, Press] | None:
    """Which press is which finger: by name where it has one, else any; None while one is missing.

    A plate for one cannot know which finger lies on it: what was asked for is what it says.
    """
    named = {press.name: press for press in presses}
    found = {finger: named.get(finger) or named.get("") for finger in fingers}
    whole = {finger: press for finger, press in found.items() if press is not None}
    return whole if len(whole) == len(fingers) else None


def _errors(code: str, info: str) -> bytes:
    return json.dumps([{"error": {"errorCode": code, "errorInfo": info}}]).encode()


def _field(content: bytes, name: str) -> str:
    """A field of a small request, as text."""
    try:
        body: object = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return ""
    value = body.get(name) if isinstance(body, dict) else None
    return str(value) if isinstance(value, (str, int)) else ""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
