"""What a scanner's plate looks like stays known: the learned window is whole on the disk, under its name."""

from pathlib import Path

import numpy as np

from station.devices.scanner_window import write_window
from station.fingers.window import SensorWindow
from station.ports import ScannerIdentity
from tests.crash.lost_writes.synced_disk import watched

SCANNER = ScannerIdentity(kind="zhiantec", model="R307", serial="1", dpi=500)


def a_learned_window_stays(folder: Path) -> None:
    """Learned twice: the second one takes the place of the first."""
    windows = [SensorWindow(np.full((288, 256), inside)) for inside in (True, False)]
    with watched() as disk:
        for window in windows:
            file = write_window(folder / "windows", SCANNER, window)
            disk.require(file, window.to_png())
