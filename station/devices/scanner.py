"""Opening the fingerprint scanner that `[scanner]` names: `serial://…` or `sbi://…`."""

from station.clock import Clock
from station.ports import FingerScanner
from station.settings import ScannerSettings


def open_scanner(settings: ScannerSettings, clock: Clock) -> FingerScanner:
    """Open the scanner; only its own driver is imported.

    Args:
        settings: its address, and whom to believe.
        clock: tells whether certificates and captures of an `sbi` service are of now.

    Raises:
        InputFault: SCANNER_URL_UNUSABLE.
        DeviceAbsent: SCANNER_ABSENT, SCANNER_REFUSES, SCANNER_UNTRUSTED.
    """
    if settings.url.startswith("sbi:"):
        from station.devices.scanner_sbi import SbiFingerScanner

        return SbiFingerScanner(settings, clock)
    from station.devices.scanner_serial import SerialFingerScanner

    return SerialFingerScanner(settings.url)
