"""A fingerprint scanner behind a vendor's local service: `sbi://127.0.0.1:4501` (MOSIP SBI 0.9.5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from drivers.sbi.errors import (
    AddressUnusable,
    AnswerLost,
    CaptureRejected,
    DeviceRefused,
    MessageMalformed,
    Reason,
    RecordUnusable,
    SbiError,
    SettingUnusable,
)
from drivers.sbi.fingers import finger_at
from drivers.sbi.policy import Policy
from drivers.sbi.scanner import SbiScanner
from drivers.sbi.trust import TrustRoots
from station.clock import Clock
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.fingers.image import FingerImage
from station.fingers.minutiae import Finger
from station.ports import ScannerIdentity, TouchStage
from station.settings import ScannerSettings

DPI: Final = 500.0  # what MOSIP asks of its scanners; each picture says its own
WANTED_SCORE: Final = 40  # NFIQ 2, for a verification (facts: fingerprint.md, Quality)
NO_PICTURE: Final = frozenset(
    {Reason.TECHNICAL_ERROR, Reason.ORIENTATION_WRONG, Reason.BUSY, Reason.NOT_READY}
)
GONE: Final = frozenset({Reason.UNPLUGGED, Reason.NOT_REGISTERED})


class SbiFingerScanner:
    """One scanner; its service is asked anew for each touch."""

    def __init__(self, settings: ScannerSettings, clock: Clock) -> None:
        """Find it, and let it identify itself.

        Raises:
            InputFault: SCANNER_URL_UNUSABLE; also where no certificate vouches for devices.
            DeviceAbsent: SCANNER_ABSENT, SCANNER_REFUSES, SCANNER_UNTRUSTED.
        """
        if settings.roots is None:
            raise InputFault("SCANNER_URL_UNUSABLE", problem="scanner.roots is not set")
        with _translated():
            policy = Policy(roots=TrustRoots.from_file(settings.roots), environment=settings.environment)
            self._scanner = SbiScanner.open(settings.url, clock, policy)
        if not self._scanner.device.trusted:
            raise DeviceAbsent("SCANNER_UNTRUSTED")

    def identify(self) -> ScannerIdentity:
        """Say what it is, as its signed description has it."""
        identity = self._scanner.device.identity
        return ScannerIdentity("sbi", f"{identity.make} {identity.model}", identity.serial_no, DPI)

    def capture(self, finger: Finger, seconds: float, progress: Callable[[TouchStage], None]) -> FingerImage:
        """Have one finger captured; see `FingerScanner`. The service waits for the finger itself."""
        progress(TouchStage.WAITING)
        with _translated():
            (found,) = self._scanner.capture([finger_at(int(finger))], WANTED_SCORE, seconds)
        progress(TouchStage.TAKEN)
        if not found.trusted:
            raise DeviceAbsent("SCANNER_UNTRUSTED")
        return FingerImage(found.pixels, float(found.dpi), float(found.dpi))

    def blank_frames(self, count: int) -> tuple[FingerImage, ...]:
        """Refuse: a service gives pictures of fingers only, and crops them itself.

        Raises:
            DeviceFault: SCANNER_SHOWS_NO_PLATE.
        """
        _ = count
        raise DeviceFault("SCANNER_SHOWS_NO_PLATE")

    def close(self) -> None:
        """Nothing is held between two touches."""


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's exceptions into the station's errors."""
    try:
        yield
    except SbiError as error:
        raise _error(error) from error


def _error(error: SbiError) -> StationError:
    details = str(error)
    if isinstance(error, AddressUnusable | SettingUnusable):
        return InputFault("SCANNER_URL_UNUSABLE", problem=error)
    if isinstance(error, AnswerLost):
        return OutcomeUnknown("FINGER_TORN", details=details)
    if isinstance(error, RecordUnusable):
        return DeviceFault("FINGER_UNUSABLE", reasons=(error.reason.value,), details=details)
    if isinstance(error, DeviceRefused):
        return _refusal(error, details)
    if isinstance(error, CaptureRejected | MessageMalformed):
        return DeviceAbsent("SCANNER_UNTRUSTED", details=details)
    return DeviceAbsent("SCANNER_ABSENT", details=details)


def _refusal(error: DeviceRefused, details: str) -> StationError:
    if error.reason is Reason.NO_FINGER:
        return DeviceFault("FINGER_ABSENT", details=details)
    if error.reason in NO_PICTURE:
        return DeviceFault("FINGER_UNUSABLE", reasons=(error.reason.value,), details=details)
    if error.reason in GONE:
        return DeviceAbsent("SCANNER_ABSENT", details=details)
    return DeviceAbsent("SCANNER_REFUSES", details=details)
