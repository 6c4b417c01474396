"""The simulated printer with its cupsd: what really came out, and what a person or a fault does to it."""

import json
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

from simulators.admin import AdminError
from simulators.paper.configuration import backend_file, connect_printer, write_configuration
from simulators.paper.daemon import Daemon
from simulators.stopping import StopWish

FAULTS = (
    "media-empty",
    "jam",
    "slow",
    "held",
    "stops",
    "aborts",
    "aborts-half-printed",
    "aborts-after-printing",
    "cancels-after-printing",
)
LOOK = 0.1  # seconds


class PaperPrinter:
    """One queue and its printer. The printer's own state is files, because its backend is run by cupsd."""

    def __init__(self, folder: Path, port: int, name: str, error_policy: str, restart_after: float) -> None:
        """Write the files of both.

        Raises:
            OSError: the folder cannot be written, or a package is missing.
        """
        self._folder, self._port = folder, port
        self._command = write_configuration(folder, port, name, error_policy)
        self._restart_after, self._off = restart_after, False
        self._daemon: Daemon | None = None

    def serve(self, stop: StopWish, ready: "Ready") -> None:
        """Keep a cupsd running, from the main thread, until somebody wants to stop.

        Raises:
            OSError: it cannot be started, or does not answer.
        """
        while not stop.is_set():
            if self._off:
                stop.wait(LOOK)
                continue
            self._run_once(stop, ready)
            if not self._off:
                stop.wait(self._restart_after)

    def _run_once(self, stop: StopWish, ready: "Ready") -> None:
        daemon = Daemon(self._command, self._port, self._folder / "cups/log/output")
        try:
            daemon.wait_until_ready()
            self._daemon = daemon
            ready.report()
            while not stop.is_set() and not self._off:
                with suppress(TimeoutExpired):
                    daemon.process.wait(LOOK)
                    return
        finally:
            self._daemon = None
            daemon.stop()

    # ---- the admin port ----

    def truth(self) -> object:
        """Every run of the printer, oldest first, and the faults that are armed."""
        return {
            "runs": [run for run in (_read(place) for place in self._runs()) if run is not None],
            "faults": sorted(flag.name for flag in self._flags.iterdir()),
            "connected": backend_file(self._folder).exists(),
            "cupsd": self._daemon is not None,
        }

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm a fault until a person mends it; `name:VALUE` gives it a value (slow: seconds)."""
        name, _, value = name.partition(":")
        if name not in FAULTS:
            raise AdminError(f"there is no fault {name}; there are {', '.join(FAULTS)}")
        (self._flags / name).write_text(value)

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Mend everything, pull or plug the printer's cable, kill cupsd, switch it off or on."""
        actions: dict[str, Callable[[], None]] = {
            "mend": self._mend,
            "unplug": lambda: backend_file(self._folder).unlink(missing_ok=True),
            "plug": lambda: connect_printer(self._folder),
            "kill_cupsd": self._kill,
            "switch_off": lambda: self._switch(off=True),
            "switch_on": lambda: self._switch(off=False),
        }
        if action not in actions:
            raise AdminError(f"nobody can do {action} here; one can do {', '.join(actions)}")
        actions[action]()
        return None

    @property
    def _flags(self) -> Path:
        return self._folder / "printer/faults"

    def _runs(self) -> list[Path]:
        return sorted((self._folder / "printer/jobs").iterdir())

    def _mend(self) -> None:
        for flag in self._flags.iterdir():
            flag.unlink(missing_ok=True)

    def _switch(self, *, off: bool) -> None:
        self._off = off

    def _kill(self) -> None:
        daemon = self._daemon
        if daemon is None:
            raise AdminError("no cupsd runs")
        os.kill(daemon.process.pid, signal.SIGKILL)


class Ready:
    """Says each time on standard output that clients may come."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._line = json.dumps({"ready": True, **document})

    def report(self) -> None:
        """Say it."""
        print(self._line, flush=True)  # noqa: T201 (the ready line)


def _read(place: Path) -> object:
    with suppress(OSError, ValueError):
        run: object = json.loads((place / "job.json").read_text(encoding="utf-8"))
        return run
    return None
