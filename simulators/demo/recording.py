"""The recording team: seals the records into one bundle for the station, as it comes on a disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simulators.demo.office import Office
from simulators.demo.records import DemoRecord
from simulators.recording_station.bundle import Sender, load_station_key
from simulators.recording_station.sealing import sealed

TEAM: Final = "perekaman-contoharjo"
CAPTURED: Final = "2026-10-01T08:00:00Z"


def write_bundle(office: Office, records: Sequence[DemoRecord]) -> Path:
    """Write the records into a bundle that the station takes: it trusts this team's key."""
    rig = office.rig
    sender = Sender.at(office.folders.root / f"{TEAM}.key")
    trusted = rig.options.folder / "senders" / "recording_station"
    trusted.mkdir(parents=True, exist_ok=True)
    shutil.copy(office.folders.root / f"{TEAM}.pem", trusted)
    disk = office.folders.disk
    disk.mkdir(exist_ok=True)
    file = disk / f"{records[0].folder.name}-{records[-1].folder.name}.bundle"
    people = [sealed(one.record_id, CAPTURED, _parts(one.folder)) for one in records]
    sender.write(file, people, load_station_key(rig.files.exchange_key))
    return file


def _parts(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
