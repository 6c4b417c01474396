"""A station with records in its vault, keys in a real token, and a centre in a process of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.recording_station.bundle import Sender
from simulators.recording_station.recordings import recordings
from simulators.recording_station.sealing import sealed
from simulators.rig.admin_client import CentreClient
from simulators.rig.part import Part
from simulators.rig.station_file import STATION, CentrePorts
from simulators.rig.token_files import TokenFiles, make_batch_key, write_secret
from simulators.stopping import StopWish
from station.bundles.senders import read_public_key
from station.office import Office
from station.settings import Settings
from tests.bench.rows import BenchFailed

START: Final = 60.0  # seconds
A_BUNDLE: Final = 500


@dataclass(frozen=True)
class DrainRig:
    """An office and its centre."""

    folder: Path
    files: TokenFiles
    office: Office
    ports: CentrePorts

    @property
    def admin(self) -> CentreClient:
        """The centre's admin port."""
        return CentreClient(self.ports.admin_port)

    def fill(self, count: int, first: int = 0) -> None:
        """Take records into the vault."""
        sender = Sender.at(self.folder / "team.key")
        shutil.copy(self.folder / "team.pem", self.folder / "senders" / "recording_station" / "team.pem")
        station = read_public_key(self.files.exchange_key).key
        file = self.folder / "team.bundle"
        for begin in range(first, first + count, A_BUNDLE):
            people = recordings(1, min(A_BUNDLE, first + count - begin), None, begin)
            sender.write(file, [sealed(one.record, one.captured_at, one.parts) for one in people], station)
            (result,) = self.office.bundle_import().take_in([file])
            if result.fault is not None or not result.finished:
                raise BenchFailed(f"a bundle was not taken in: {result.fault}")
        file.unlink(missing_ok=True)


@contextmanager
def drain_rig(base: Path, name: str, fail_one_in: int = 0) -> Iterator[DrainRig]:
    """Start a centre and open an office for it; all offices under one base have the same token.

    Raises:
        BenchFailed: the token could not be made.
    """
    files, folder = TokenFiles(base), base / name
    folder.mkdir(parents=True)
    _make_token(files)
    words = ["--folder", str(folder / "centre"), "--admin-port", "0", "--forget-bodies"]
    words += ["--fail-one-in", str(fail_one_in)]
    centre = Part("centre", [sys.executable, "-m", "simulators.centre", *words], folder / "centre.log", {})
    centre.start()
    try:
        line = centre.wait_until_ready(time.monotonic() + START, StopWish())
        ports = CentrePorts.model_validate_json(line)
        _introduce(folder, files, ports)
        office = Office(_settings(folder, files, ports))
        try:
            yield DrainRig(folder, files, office, ports)
        finally:
            office.close()
    finally:
        centre.stop()


def _make_token(files: TokenFiles) -> None:
    """Make the token, once in the life of a process: it reads where it is but once."""
    if files.public_key.exists():
        return
    write_secret(files.batch_key, make_batch_key(1).hex() + "\n")
    command = [sys.executable, "-m", "simulators.rig.token_maker", "--folder", str(files.folder)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=START, check=False)
    if made.returncode != 0:
        raise BenchFailed(made.stderr)
    os.environ["SOFTHSM2_CONF"] = str(files.configuration)


def _introduce(folder: Path, files: TokenFiles, ports: CentrePorts) -> None:
    signing, encryption = (key.read_text("ascii") for key in (files.bundles_key, files.exchange_key))
    CentreClient(ports.admin_port).person("enrol", station=STATION, signing=signing, encryption=encryption)
    for place, key in (("senders/centre", ports.signing), ("recipients", ports.encryption)):
        (folder / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(key, folder / place / "centre.pem")
    (folder / "senders" / "recording_station").mkdir(parents=True, exist_ok=True)


def _settings(folder: Path, files: TokenFiles, ports: CentrePorts) -> Settings:
    names = ("person", "blanks", "signature", "journal", "exchange", "bundles", "records")
    return Settings.model_validate(
        {
            "office": {"province": "JAWA REKAAN", "regency": "KABUPATEN CONTOHARJO"},
            "data": folder / "data",
            "keys": {name: files.url(name) for name in names},
            "intake": {"senders": folder / "senders", "recipients": folder / "recipients"},
            "centre": {
                "url": f"https://127.0.0.1:{ports.port}",
                "station": STATION,
                "authority": ports.ca,
                "patience": 10.0,
                "longest_wait": 5.0,
            },
            "lanes": [{"name": "A", "printer": "socket://127.0.0.1:9", "reader": "pcsc:///None"}],
        }
    )


def fresh_folder() -> Path:
    """A folder that nobody has."""
    return Path(os.environ.get("TMPDIR", "/tmp")) / f"bench-centre-{secrets.token_hex(4)}"
