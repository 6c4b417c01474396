"""A private cupsd with the simulated A4 printer. The fixtures are in `tests.paper_plugin`."""

import json
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from simulators.rig.admin_client import PaperClient, PaperRun

ROOT = Path(__file__).parents[1]
START = 60.0  # seconds; a busy machine takes its time
PATIENCE = 20.0


class PaperOffice:
    """The program `simulators.paper` in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        words: Sequence[str] = (),
        program: Sequence[str] = (sys.executable, "-m", "simulators.paper"),
        cwd: Path = ROOT,
    ) -> None:
        command = [*program, "--folder", str(folder), "--admin-port", "0", *words]
        self.folder = folder
        self._process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, bufsize=0)
        ready = self.wait_until_ready()
        self.port, self.url = int(str(ready["port"])), str(ready["url"])
        self.admin = PaperClient(int(str(ready["admin_port"])))

    def wait_until_ready(self) -> dict[str, object]:
        """Wait for the next ready line: one comes at the start, and one after each restart of cupsd."""
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], START)
        line = self._process.stdout.readline() if readable else b""
        assert line, "cupsd did not start; see cups/log/error in the folder"
        ready: dict[str, object] = json.loads(line)
        return ready

    def kill_cupsd(self) -> None:
        """Kill cupsd where it stands and wait for the next."""
        self.admin.person("kill_cupsd")
        self.wait_until_ready()

    def runs(self, title: str) -> list[PaperRun]:
        """What reached the printer under a title."""
        return [run for run in self.admin.truth().runs if run.title == title]

    def sheets(self, title: str) -> int:
        """Whole sheets that came out under a title."""
        return sum(run.paper == "whole" for run in self.runs(title))

    def document(self, number: int) -> bytes:
        """The bytes that a run brought, the first is 1."""
        return (self.folder / f"printer/jobs/{number:05}/document").read_bytes()

    def tool(self, *words: str) -> str:
        """Run a program of Debian's cups-client against this cupsd: the independent judge."""
        environment = {"CUPS_SERVER": f"127.0.0.1:{self.port}", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def enable(self) -> None:
        """Switch the queue on again, as a technician does."""
        self.tool("cupsenable", "kantor")

    def mend(self) -> None:
        """Mend everything."""
        self.admin.person("mend")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the program; give its exit status."""
        self._process.send_signal(number)
        status = self._process.wait(PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status


def wait_for(what: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def listening_addresses(pid: int) -> set[str]:
    """The local addresses, hexadecimal, on which a process listens for TCP."""
    sockets = set[str]()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink()) if link.is_symlink() else ""
        if target.startswith("socket:["):
            sockets.add(target[8:-1])
    found = set[str]()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:  # 0A: listening
                found.add(fields[1].split(":")[0])
    return found
