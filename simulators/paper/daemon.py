"""One run of cupsd, as a user without rights."""

import http.client
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

_READY = 30.0  # seconds; 0.3 on an idle machine
_GRACE = 5.0
_POLL = 0.05
_NOBODY = 65534


class Daemon:
    """A running cupsd."""

    def __init__(self, command: Sequence[str], port: int, log: Path) -> None:
        """Start it.

        Raises:
            OSError: a program is missing.
        """
        self._port = port
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*_without_rights(), *command], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def wait_until_ready(self) -> None:
        """Wait until it answers.

        Raises:
            TimeoutError: it does not, and is still running.
            ChildProcessError: it has ended.
        """
        limit = monotonic() + _READY
        while not self._answers():
            if self.process.poll() is not None:
                raise ChildProcessError(f"cupsd has ended with status {self.process.returncode}")
            if monotonic() > limit:
                raise TimeoutError("cupsd does not answer")
            sleep(_POLL)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE)
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=1.0)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            return connection.getresponse().status > 0
        connection.close()
        return False


def _without_rights() -> list[str]:
    """What stands before the command, so that cupsd dies with us and is never root.

    Root would be root for cupsd's filters and backends too. In a user namespace of its own it is `nobody`,
    and its folder is still ours; an ordinary user needs none.
    """
    dies_with_us = ["setpriv", "--pdeathsig", "KILL", "--"]
    if os.geteuid() != 0:
        return dies_with_us
    user = [f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
    return ["unshare", "--user", *user, "--", *dies_with_us]
