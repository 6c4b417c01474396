"""A whole office on simulators, for end-to-end tests.

The fixtures themselves are in `tests.rig_plugin`.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from simulators.rig import Rig

PATIENCE = 60.0  # seconds
SCRIPT = Path(sys.executable).parent / "station"


@dataclass(frozen=True)
class Finished:
    """What became of a command."""

    status: int
    words: str
    complaints: str

    def document(self) -> object:
        """The JSON document that it wrote."""
        document: object = json.loads(self.words)
        return document


class StationRunner:
    """Runs the public `station` command against a rig; English unless told otherwise."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def environment(self) -> dict[str, str]:
        """The environment of a command."""
        return {
            **os.environ,
            **self._rig.environment(),
            "STATION_DATA": str(self._rig.options.folder / "data"),
        }

    def run(self, *words: str, timeout: float = PATIENCE) -> Finished:
        """Run a command to its end."""
        done = subprocess.run(
            [str(SCRIPT), "--lang", "en", *words],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command that stays; the caller ends it."""
        return subprocess.Popen(
            [str(SCRIPT), "--lang", "en", *words],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
