"""One fingerprint scanner behind SBI: found, identified, and asked for fingers and for its live picture."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Final

from drivers.sbi import calls
from drivers.sbi.address import Address, parse
from drivers.sbi.capture import CaptureWish, FingerCapture, read_answer, request_body
from drivers.sbi.connection import ask, begin, opened, require_ok, translated
from drivers.sbi.device import Device, read_device
from drivers.sbi.discovery import FoundDevice, devices_at, find_devices
from drivers.sbi.errors import Reason, SbiError, ServiceAbsent, SettingUnusable
from drivers.sbi.fingers import Finger, plate_for
from drivers.sbi.hash_chain import FIRST, is_hash
from drivers.sbi.policy import Clock, Policy
from drivers.sbi.preview import frames

PATIENCE: Final = 5.0  # seconds for device info, and for what a capture takes beyond its own time
SHORTEST: Final = 0.1  # seconds
LONGEST: Final = 120.0  # seconds
ENVIRONMENTS: Final = frozenset({"Staging", "Developer", "Pre-Production", "Production"})


class SbiScanner:
    """A scanner that has identified itself. Captures are asked for one at a time, from one thread.

    Attributes:
        port: of its service.
        device: as it described itself when it was opened.
        last_hash: of the last capture that was taken; keep it, and give it again at the next opening.
    """

    def __init__(self, port: int, device: Device, clock: Clock, policy: Policy, last_hash: str) -> None:
        """Take what `open` has found."""
        self.port, self.device, self.last_hash = port, device, last_hash
        self._clock, self._policy = clock, policy

    @classmethod
    def open(cls, url: str, clock: Clock, policy: Policy, last_hash: str = FIRST) -> "SbiScanner":
        """Find a scanner and let it identify itself; nothing is captured.

        A service takes the first free port, so it may stand elsewhere after a restart: where the address
        names a serial number, the scanner is searched for on all ports if it is not at the named one.

        Args:
            url: `sbi://127.0.0.1[:PORT][?serial=NUMBER]`.
            clock: tells whether certificates and captures are of now.
            policy: what is taken.
            last_hash: of this scanner's last capture, if one was kept.

        Raises:
            AddressUnusable, SettingUnusable: the settings are wrong.
            ServiceAbsent, AnswerLost, MessageMalformed, DeviceRefused, CaptureRejected: see `errors`.
        """
        address = parse(url)
        if policy.environment not in ENVIRONMENTS:
            raise SettingUnusable(Reason.WISH_IMPOSSIBLE, f"there is no environment {policy.environment!r}")
        if last_hash and not is_hash(last_hash):
            raise SettingUnusable(Reason.WISH_IMPOSSIBLE, "the last hash is none")
        found = _find(address)
        answer = ask(found.port, calls.DEVICE_INFO, None, PATIENCE)
        device = read_device(answer, found.port, found.device_id, policy, clock.now())
        return cls(found.port, device, clock, policy, last_hash)

    def look(self) -> str:
        """Ask how the scanner is: Ready, Busy, Not Ready. Not signed.

        Raises:
            ServiceAbsent, AnswerLost, MessageMalformed, DeviceRefused: see `errors`.
        """
        return _choose(devices_at(self.port), self.device.identity.serial_no).status

    def capture(
        self, fingers: Sequence[Finger], requested_score: int = 40, timeout: float = 10.0
    ) -> tuple[FingerCapture, ...]:
        """Capture fingers, all at once; the person has `timeout` seconds.

        Args:
            fingers: that the plate must take at once: one, or several of one hand's four, or thumbs.
            requested_score: 0 to 100; the device ends the capture when it is reached.
            timeout: seconds; the device should give its best picture by then.

        Returns:
            One capture a finger, in the order in which the device gave them.

        Raises:
            SettingUnusable: WISH_IMPOSSIBLE.
            ServiceAbsent, AnswerLost, MessageMalformed, DeviceRefused: nothing came.
            CaptureRejected, RecordUnusable: what came was not taken; the chain of hashes stays where it was.
        """
        if not 0 <= requested_score <= 100 or not SHORTEST <= timeout <= LONGEST:
            raise SettingUnusable(Reason.WISH_IMPOSSIBLE, "a score or a time that cannot be asked for")
        wish = CaptureWish.make(fingers, requested_score, timeout, self.last_hash)
        body = request_body(wish, self.device, self._policy.environment, self._clock.now())
        answer = ask(self.port, calls.CAPTURE, body, timeout + PATIENCE)
        captures = read_answer(answer, wish, self.device, self._policy, self._clock.now())
        self.last_hash = captures[-1].hash
        return captures

    @contextlib.contextmanager
    def preview(self, fingers: Sequence[Finger], timeout: float = 60.0) -> Iterator[Iterator[bytes]]:
        """Open the live picture of the plate for these fingers; leaving it ends it.

        Yields:
            JPEG files, as they come; they end when a capture begins on another connection.

        Raises:
            SettingUnusable: WISH_IMPOSSIBLE.
            ServiceAbsent, AnswerLost, MessageMalformed, DeviceRefused: see `errors` and `preview.frames`.
        """
        sub_id, _ = plate_for(fingers, self.device.sub_ids)
        body = {
            "deviceId": self.device.device_id,
            "deviceSubId": sub_id,
            "timeout": str(round(timeout * 1000)),
        }
        until = time.monotonic() + timeout + PATIENCE
        with opened(self.port, PATIENCE) as link:
            with translated():
                response = begin(link, self.port, calls.PREVIEW, body)
            with contextlib.closing(response):
                require_ok(response)
                yield frames(link, response, until)


def _find(address: Address) -> FoundDevice:
    """The scanner that an address names."""
    if address.port is None:
        return _choose(find_devices(), address.serial)
    try:
        return _choose(devices_at(address.port), address.serial)
    except SbiError:
        if not address.serial:
            raise
        found = [device for device in find_devices() if device.serial == address.serial]
        if not found:
            raise  # what stands at the named port tells more than that nothing stands elsewhere
        return found[0]


def _choose(devices: Sequence[FoundDevice], serial: str) -> FoundDevice:
    for device in devices:
        if serial in ("", device.serial):
            return device
    among = f" of number {serial}" if serial else ""
    raise ServiceAbsent(Reason.SCANNER_NOT_FOUND, f"no usable scanner{among} answers")
