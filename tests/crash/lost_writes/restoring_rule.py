"""A restored folder is whole on the disk before it gets its name.

The recorded days cannot show it: SQLite happens to sync the same folder for its own files.
"""

from pathlib import Path
from unittest.mock import patch

from tests.crash.lost_writes.synced_disk import watched
from tests.fakes.backup import BackupStation
from tests.fakes.devices import FakeLane


def restored_files_stay_before_they_are_named(folder: Path) -> None:
    """Every file of the staging folder, by name and byte for byte, when the folder is renamed."""
    place = folder / "backups"
    place.mkdir(parents=True)
    station = BackupStation(folder / "data", place, FakeLane())
    station.back_up()
    rename = Path.rename
    with watched() as disk:

        def renamed(staging: Path, target: Path) -> Path:
            disk.require_all(staging)
            return rename(staging, target)

        with patch.object(Path, "rename", renamed):
            station.restore(folder / "restored")
