"""What really is and happened: files in the scanner's folder, which outlive the program."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Press:
    """A finger on the plate.

    Attributes:
        finger: seed of the synthetic finger.
        press: seed of this touch.
        name: its bioSubType on a plate for several; empty on a plate for one.
    """

    finger: int
    press: int
    difficulty: float = 1.0
    name: str = ""


@dataclass(frozen=True)
class State:
    """The scanner and its plate.

    Attributes:
        score: that it reports whatever it sees; None = it measures.
        delays: seconds before a verb is answered (MockMDS's /admin/delay).
    """

    status: str = "Ready"
    is_plugged: bool = True
    plate: tuple[Press, ...] = ()
    score: float | None = None
    delays: Mapping[str, float] | None = None


class Truth:
    """The state, kept whole in `state.json`, and one line for each capture in `captures.jsonl`."""

    def __init__(self, folder: Path) -> None:
        """Open the files in a folder, or begin them."""
        self._file, self._log = folder / "state.json", folder / "captures.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._state = _read(self._file)

    @property
    def state(self) -> State:
        """As it is at this moment."""
        with self._lock:
            return self._state

    def change(self, **changes: object) -> None:
        """Change the state, on the disk too."""
        with self._lock:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]
            partial = self._file.with_suffix(".partial")
            partial.write_text(json.dumps(asdict(self._state)))
            partial.replace(self._file)

    def note_capture(self, capture: Mapping[str, object]) -> None:
        """Keep what was captured, before the answer goes out."""
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(capture) + "\n")
            log.flush()
            os.fsync(log.fileno())

    def captures(self) -> list[object]:
        """All captures, oldest first."""
        with self._lock:
            if not self._log.exists():
                return []
            return [json.loads(line) for line in self._log.read_text().splitlines() if line.endswith("}")]


def _read(path: Path) -> State:
    if not path.exists():
        return State()
    kept = json.loads(path.read_text())
    plate = tuple(Press(**press) for press in kept.pop("plate"))
    return State(plate=plate, **kept)
