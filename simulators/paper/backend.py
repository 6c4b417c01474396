"""The printer itself: a CUPS backend (backend(7)) that keeps what arrived and obeys flag files.

cupsd runs it for each job as `station-sim JOB USER TITLE COPIES OPTIONS [FILE]`, with the printer's folder in
DEVICE_URI. It is a program of its own: cupsd may run it while nothing else of the simulator is alive.
"""

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

# cups/backend.h: what a backend's exit status means to cupsd
OK, FAILED, HOLD, STOP, CANCEL = 0, 1, 3, 4, 5
LOOK = 0.05  # seconds


def main(words: list[str]) -> int:
    """Take one job; without arguments tell cupsd's `lpinfo` what there is."""
    if len(words) < 6:
        sys.stdout.write('direct station-sim "Unknown" "Simulated A4 printer"\n')
        return OK
    folder = Path(unquote(urlsplit(os.environ["DEVICE_URI"]).path))
    return Job(folder, words[1:]).run()


class Job:
    """One job on its way through the printer."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self._folder, self._faults = folder, folder / "faults"
        number, _user, title, copies, options = words[:5]
        self._truth: dict[str, object] = {
            "job": int(number),
            "title": title,
            "copies": int(copies),
            "options": options.split(),
            "paper": "none",
        }
        self._place = self._next_place()
        self._source = words[5] if len(words) > 5 else None
        self._ended = False
        signal.signal(signal.SIGTERM, self._on_signal)

    def run(self) -> int:
        """Receive, print, and say how it went."""
        refused = self._refusal()
        if refused is not None:
            return refused
        content = self._receive()
        self._truth["bytes"] = len(content)
        self._truth["sha256"] = hashlib.sha256(content).hexdigest()
        (self._place / "document").write_bytes(content)
        self._keep()
        status = self._print()
        self._truth["exit"] = status
        self._keep()
        return status

    def _refusal(self) -> int | None:
        """What makes the printer take nothing at all."""
        for name, status in (("held", HOLD), ("aborts", FAILED), ("stops", STOP)):
            if self._armed(name):
                self._truth["exit"] = status
                self._keep()
                self._say(f"ERROR: simulated: {name}")
                return status
        return None

    def _receive(self) -> bytes:
        if self._source is not None:
            return Path(self._source).read_bytes()
        return sys.stdin.buffer.read()

    def _print(self) -> int:
        """Put the sheets out, and wait for a person where one is needed."""
        for name, reason in (("media-empty", "media-empty-error"), ("jam", "media-jam-error")):
            if not self._wait_for_person(name, reason):
                return OK
        if not self._pass_time():
            return OK
        if self._armed("aborts-half-printed"):
            self._truth["paper"] = "half"
            return FAILED
        self._truth["paper"] = "whole"
        self._keep()
        self._say("PAGE: 1 1")
        if self._armed("aborts-after-printing"):
            return FAILED
        if self._armed("cancels-after-printing"):
            return CANCEL
        return OK

    def _wait_for_person(self, name: str, reason: str) -> bool:
        """Complain as long as the flag lies there; False when cupsd has ended the job meanwhile."""
        if not self._armed(name):
            return True
        self._say(f"STATE: +{reason}")
        while self._armed(name) and not self._ended:
            time.sleep(LOOK)
        self._say(f"STATE: -{reason}")
        return not self._ended

    def _pass_time(self) -> bool:
        """Take as long as the flag says; False when cupsd has ended the job meanwhile."""
        flag = self._faults / "slow"
        end = time.monotonic() + (float(flag.read_text() or "0") if flag.exists() else 0.0)
        while time.monotonic() < end and not self._ended:
            time.sleep(LOOK)
        return not self._ended

    def _armed(self, name: str) -> bool:
        return (self._faults / name).exists()

    def _on_signal(self, number: int, frame: object) -> None:
        self._ended = True

    def _say(self, line: str) -> None:
        """Tell cupsd (filter(7), messages on standard error)."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def _next_place(self) -> Path:
        """A folder for this run; cupsd runs one job at a time, and the same job again after some faults."""
        runs = self._folder / "jobs"
        runs.mkdir(parents=True, exist_ok=True)
        place = runs / f"{len(list(runs.iterdir())) + 1:05}"
        place.mkdir()
        return place

    def _keep(self) -> None:
        _replace(self._place / "job.json", self._truth)


def _replace(path: Path, value: Mapping[str, object]) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1), encoding="utf-8")
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
