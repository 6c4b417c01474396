"""How the scanner describes itself: discovery, device info, digitalId (facts: sbi.md 1)."""

from __future__ import annotations

import datetime
import json

from simulators.sbi import signing
from simulators.sbi.identity import Identity
from simulators.sbi.model import LOOPBACK, SINGLE, VERSION, Model
from simulators.sbi.truth import State

SUCCESS = {"errorCode": "0", "errorInfo": "Success"}


class Descriptions:
    """Writes them, signed by the device's key (L0)."""

    def __init__(self, model: Model, identity: Identity) -> None:
        self._model, self._identity = model, identity
        self._key = identity.device_key()
        self._header = signing.header([identity.certificate("device")])

    def discovery(self, state: State, port: int, now: datetime.datetime) -> bytes:
        """The answer to MOSIPDISC. An unregistered device leaves deviceId, deviceCode and purpose empty."""
        registered = state.status != "Not Registered"
        described: dict[str, object] = {
            "deviceId": self._model.device_id if registered else "",
            "deviceStatus": state.status,
            "certification": "L0",
            "serviceVersion": VERSION,
            "deviceSubId": list(self._model.sub_ids),
            "callbackId": f"http://{LOOPBACK}:{port}/",
            "digitalId": self.unsigned_digital_id(now),
            "deviceCode": self._model.serial if registered else "",
            "specVersion": [VERSION],
            "purpose": self._model.purpose if registered else "",
            "error": SUCCESS,
        }
        return json.dumps([described]).encode()

    def info(self, state: State, port: int, now: datetime.datetime) -> bytes:
        """The answer to MOSIPDINFO: signed where the device is registered."""
        registered = state.status != "Not Registered"
        payload: dict[str, object] = {
            "deviceStatus": state.status,
            "deviceId": self._model.device_id,
            "firmware": "SIM.1.0",
            "certification": "L0",
            "serviceVersion": VERSION,
            "deviceSubId": list(self._model.sub_ids),
            "callbackId": f"http://{LOOPBACK}:{port}/",
            "digitalId": self.digital_id(now) if registered else self.unsigned_digital_id(now),
            "deviceCode": self._model.serial,
            "env": self._model.environment if registered else "None",
            "purpose": self._model.purpose if registered else "",
            "specVersion": [VERSION],
        }
        token = self._signed(payload) if registered else signing.unsigned(payload)
        return json.dumps([{"deviceInfo": token, "error": SUCCESS}]).encode()

    def digital_id(self, now: datetime.datetime, serial: str = "") -> str:
        """The signed identity."""
        return self._signed(self._digital_id(now, serial or self._model.serial))

    def unsigned_digital_id(self, now: datetime.datetime) -> str:
        """The identity as discovery has it."""
        return signing.unsigned(self._digital_id(now, self._model.serial))

    def _signed(self, payload: dict[str, object]) -> str:
        return signing.signed(self._key, self._header, signing.compact(payload))

    def _digital_id(self, now: datetime.datetime, serial: str) -> dict[str, object]:
        return {
            "serialNo": serial,
            "make": "SIM",
            "model": "SINGLE01" if self._model.kind == SINGLE else "SLAP01",
            "type": "Finger",
            "deviceSubType": self._model.kind,
            "deviceProvider": "Sim Ltd",
            "deviceProviderId": "SIM",
            "dateTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
