"""A fingerprint sensor of the ZhianTec family on a serial line: `serial:///dev/ttyUSB0?baud=57600`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from drivers.zhiantec import (
    BadFrameError,
    NoAnswerError,
    NoFingerError,
    PasswordError,
    PlateNotEmptyError,
    RefusedError,
    SensorAbsentError,
    SensorImage,
    SensorSettings,
    SettingError,
    Stage,
    ZhianTecError,
    ZhianTecScanner,
)
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.fingers.image import FingerImage
from station.fingers.minutiae import Finger
from station.ports import ScannerIdentity, TouchStage

STAGES: Final = {
    Stage.WAITING_FOR_FINGER: TouchStage.WAITING,
    Stage.FINGER_TAKEN: TouchStage.TAKEN,
    Stage.PICTURE_COMING: TouchStage.READING,
}
OPTIONS: Final = frozenset({"baud", "dpi"})


class SerialFingerScanner:
    """One sensor; it stays open between touches."""

    def __init__(self, url: str) -> None:
        """Open it.

        Raises:
            InputFault: SCANNER_URL_UNUSABLE.
            DeviceAbsent: SCANNER_ABSENT, SCANNER_REFUSES.
        """
        self._settings = sensor_settings(url)
        with _translated(opening=True):
            self._scanner = ZhianTecScanner.open(self._settings)

    def identify(self) -> ScannerIdentity:
        """Say what it is; these modules have no serial number, only a number of the maker's."""
        model = f"system {self._scanner.parameters.system_id:04X}"
        return ScannerIdentity("zhiantec", model, "", float(self._settings.dots_per_inch))

    def capture(self, finger: Finger, seconds: float, progress: Callable[[TouchStage], None]) -> FingerImage:
        """Take a picture; the sensor cannot tell fingers apart. See `FingerScanner`."""
        _ = finger
        told = _Once(progress)
        with _translated(opening=False):
            if not self._scanner.wait_until_lifted(0):
                progress(TouchStage.LIFT)
                if not self._scanner.wait_until_lifted(seconds):
                    raise DeviceFault("FINGER_UNUSABLE", reasons=("finger_not_lifted",))
            return _image(self._scanner.capture(seconds, told.tell))

    def blank_frames(self, count: int) -> tuple[FingerImage, ...]:
        """Take pictures of the empty plate; see `FingerScanner`."""
        with _translated(opening=False):
            return tuple(_image(self._scanner.blank_frame()) for _ in range(count))

    def close(self) -> None:
        """Give the line back."""
        self._scanner.close()


class _Once:
    """Tells each stage when it begins, not at every packet."""

    def __init__(self, progress: Callable[[TouchStage], None]) -> None:
        self._progress, self._last = progress, Stage.LIFT_FINGER

    def tell(self, stage: Stage, done: int, total: int) -> None:
        """Hear of a stage; how many bytes have come is not told."""
        _ = done, total
        if stage is not self._last and stage in STAGES:
            self._progress(STAGES[stage])
        self._last = stage


def sensor_settings(url: str) -> SensorSettings:
    """Read an address: `serial:///dev/ttyUSB0?baud=57600&dpi=500`.

    Raises:
        InputFault: SCANNER_URL_UNUSABLE.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    try:
        if parts.scheme != "serial" or parts.netloc or not parts.path or set(options) - OPTIONS:
            raise ValueError("it is written serial:///dev/NAME?baud=NUMBER&dpi=NUMBER")
        settings = SensorSettings(
            parts.path, baud=int(options.get("baud", 57_600)), dots_per_inch=int(options.get("dpi", 500))
        )
        settings.check()
    except (ValueError, SettingError) as error:
        raise InputFault("SCANNER_URL_UNUSABLE", problem=error) from error
    return settings


def _image(found: SensorImage) -> FingerImage:
    dpi = float(found.dots_per_inch)
    return FingerImage(found.pixels, dpi, dpi)


@contextmanager
def _translated(*, opening: bool) -> Iterator[None]:
    """Turn the driver's exceptions into the station's errors."""
    try:
        yield
    except ZhianTecError as error:
        raise _error(error, opening=opening) from error


def _error(error: ZhianTecError, *, opening: bool) -> StationError:
    details = str(error)
    if isinstance(error, SettingError):
        return InputFault("SCANNER_URL_UNUSABLE", problem=error)
    if isinstance(error, PasswordError):
        return DeviceAbsent("SCANNER_REFUSES", details=details)
    if isinstance(error, NoFingerError):
        return DeviceFault("FINGER_ABSENT")
    if isinstance(error, PlateNotEmptyError):
        return DeviceFault("FINGER_UNUSABLE", reasons=("plate_not_empty",))
    if isinstance(error, SensorAbsentError) or opening:
        return DeviceAbsent("SCANNER_ABSENT", details=details)
    if isinstance(error, BadFrameError | NoAnswerError):
        return OutcomeUnknown("FINGER_TORN", details=details)
    reason = f"{error.code:02X}" if isinstance(error, RefusedError) else type(error).__name__
    return DeviceFault("FINGER_UNUSABLE", reasons=(reason,), details=details)
