"""Finding scanners' services on this machine (facts: sbi.md 1).

Any program may have a port of the range: whoever does not answer as a service does is passed over.
"""

import contextlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from drivers.sbi import calls, documents
from drivers.sbi.connection import ask
from drivers.sbi.device import FINGER, NOT_REGISTERED, REGISTRATION, plates, require_callback
from drivers.sbi.documents import DiscoveredDevice
from drivers.sbi.errors import DeviceRefused, MessageMalformed, Reason, SbiError

PATIENCE: Final = 2.0  # seconds for each port that is open
_AT_ONCE: Final = 5  # as MOSIP's client does


@dataclass(frozen=True)
class FoundDevice:
    """A scanner as discovery shows it: unsigned, a hint where to ask.

    Attributes:
        port: of its service.
        serial: its deviceCode.
    """

    port: int
    device_id: str
    serial: str
    status: str
    sub_ids: tuple[str, ...]


def find_devices(ports: Iterable[int] = calls.PORTS, patience: float = PATIENCE) -> tuple[FoundDevice, ...]:
    """Look for scanners on all ports; those that cannot be used are passed over."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda port: _or_none(port, patience), ports)
        return tuple(device for devices in found for device in devices)


def devices_at(port: int, patience: float = PATIENCE) -> tuple[FoundDevice, ...]:
    """Ask one port for its scanners.

    Raises:
        ServiceAbsent, AnswerLost, MessageMalformed, DeviceRefused: see `errors`; the last where there are
            scanners and none can be used.
    """
    answer = ask(port, calls.DISCOVERY, {"type": FINGER}, patience)
    found = documents.read(documents.DISCOVERY_ANSWER, answer)
    if not found:
        raise MessageMalformed(Reason.NO_DATA, "no device is described")
    usable, refused = list[FoundDevice](), list[SbiError]()
    for device in found:
        try:
            usable.append(_usable(device, port))
        except SbiError as error:
            refused.append(error)
    if refused and not usable:
        raise refused[0]
    return tuple(usable)


def _or_none(port: int, patience: float) -> tuple[FoundDevice, ...]:
    with contextlib.suppress(SbiError):
        return devices_at(port, patience)
    return ()


def _usable(device: DiscoveredDevice, port: int) -> FoundDevice:
    device.require_success()
    if device.device_status == NOT_REGISTERED:
        raise DeviceRefused(Reason.NOT_REGISTERED, "", NOT_REGISTERED)
    if calls.SPEC_VERSION not in device.spec_version:
        raise MessageMalformed(Reason.VERSION_UNSUPPORTED, f"it does not speak SBI {calls.SPEC_VERSION}")
    if device.purpose != REGISTRATION:
        raise DeviceRefused(Reason.WRONG_PURPOSE, "", f"its purpose is {device.purpose}, not {REGISTRATION}")
    if not device.device_id or not device.device_code:
        raise MessageMalformed(Reason.NO_DATA, "a device without deviceId or deviceCode")
    require_callback(device.callback_id, port)
    return FoundDevice(
        port, device.device_id, device.device_code, device.device_status, plates(device.device_sub_id)
    )
