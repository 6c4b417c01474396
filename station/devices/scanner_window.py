"""Where a fingerprint scanner shows skin: learned from its empty plate, kept under its serial number."""

import hashlib
import re
from pathlib import Path
from typing import Final

from station.errors import InputFault
from station.fingers.window import SensorWindow
from station.folders import make_durably, private_file, sync_names
from station.ports import ScannerIdentity

PLAIN: Final = re.compile(r"[0-9A-Za-z-]{1,40}")


def window_file(folder: Path, scanner: ScannerIdentity) -> Path:
    """The file of a scanner's window; a serial number that is no file name is hashed."""
    name = scanner.serial or "unnumbered"
    if not PLAIN.fullmatch(name):
        name = hashlib.sha256(name.encode()).hexdigest()[:16]
    return folder / f"{scanner.kind}-{name}.png"


def read_window(folder: Path, scanner: ScannerIdentity) -> SensorWindow | None:
    """The window of a scanner; None where none was learned.

    Raises:
        InputFault: SENSOR_WINDOW_UNREADABLE.
    """
    try:
        return SensorWindow.from_png(window_file(folder, scanner).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputFault("SENSOR_WINDOW_UNREADABLE", details=str(error.strerror)) from error


def write_window(folder: Path, scanner: ScannerIdentity, window: SensorWindow) -> Path:
    """Keep the window of a scanner; return the file.

    Raises:
        InputFault: FILE_UNWRITABLE.
    """
    file = window_file(folder, scanner)
    try:
        make_durably(folder, 0o700)
        fresh = file.with_suffix(".partial")
        with private_file(fresh) as target:
            target.write(window.to_png())
        fresh.replace(file)
        sync_names(folder)
    except OSError as error:
        raise InputFault("FILE_UNWRITABLE", file=file, problem=error.strerror) from error
    return file
