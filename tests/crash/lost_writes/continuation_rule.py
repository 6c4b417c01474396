"""What a power cut has torn in the middle of the continuation stands in nobody's way.

Of rows that were written together the last may be on the disk and the first not. Whether a recorded day has
such a piece over the edge of a block depends on its rows; here one has.
"""

from pathlib import Path

from station.backup.continuation import read_continuation
from station.backup.store import last_row
from tests.crash.lost_writes.rule_broken import RuleBroken
from tests.fakes.backup import BackupStation
from tests.fakes.devices import FakeLane

HOLE = 300  # bytes: less than a row and its hash have


def rows_behind_a_hole_are_written_again(folder: Path) -> None:
    """The next round cuts off what nobody would read, and tells every row again."""
    place = folder / "backups"
    place.mkdir(parents=True)
    station = BackupStation(folder / "data", place, FakeLane())
    station.keeper().round()
    manifest = station.place.manifests()[0]
    file = station.place.continuation(manifest.name)
    sound = file.stat().st_size
    with station.database.transaction() as transaction:
        for number in range(3):
            station.journal.event(transaction, f"filler {number}")
    station.keeper().round()
    content = file.read_bytes()
    file.write_bytes(content[:sound] + bytes(HOLE) + content[sound + HOLE :])
    station.keeper().round()
    with station.database.reading() as transaction:
        last, _ = last_row(transaction)
    told = read_continuation(station.place, manifest, station.key)
    reached = told.rows[-1].sequence if told.rows else manifest.journal.sequence
    if (reached, told.unsigned) != (last, 0):
        raise RuleBroken(f"told up to row {reached} of {last}, {told.unsigned} rows without a signature")
