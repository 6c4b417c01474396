"""One run of pcscd on a socket of our own."""

import socket
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

PROGRAM = Path("/usr/sbin/pcscd")  # package pcscd
_GRACE = 5.0  # seconds that pcscd may take to end by itself
_READY = 20.0  # seconds; start to ready is under 2 on an idle machine
_POLL = 0.05
_ANSWER = 1.0

# LudovicRousseau/PCSC, src/winscard_msg.h: header {size, command}, CMD_VERSION 0x11, protocol 4:4
_COMMAND_VERSION = 0x11
_VERSION = struct.Struct("=iiI")
_REQUEST = struct.pack("=II", _VERSION.size, _COMMAND_VERSION) + _VERSION.pack(4, 4, 0)


class Daemon:
    """A pcscd that listens at `path`; the socket goes with it when it dies."""

    def __init__(self, path: Path, configuration: Path, log: Path) -> None:
        """Start pcscd.

        Args:
            path: the UNIX socket that clients find by PCSCLITE_CSOCK_NAME.
            configuration: the folder of reader files.
            log: takes what pcscd says; no APDUs are in it.

        Raises:
            OSError: the socket cannot be made, or a program is missing.
        """
        self._path = path
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, log.open("ab") as output:
            listener.bind(str(path))
            path.chmod(0o666)
            listener.listen(16)
            self.process = subprocess.Popen(
                _command(listener.fileno(), configuration),
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def wait_until_ready(self) -> None:
        """Wait until pcscd answers a client.

        Raises:
            TimeoutError: it did not, and is still running.
            ChildProcessError: it has ended.
        """
        limit = monotonic() + _READY
        while not self._answers():
            if self.process.poll() is not None:
                raise ChildProcessError(f"pcscd has ended with status {self.process.returncode}")
            if monotonic() > limit:
                raise TimeoutError("pcscd does not answer")
            sleep(_POLL)

    def stop(self) -> None:
        """End pcscd and take its socket off the disk."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE)
        self.process.kill()
        self.process.wait()
        self._path.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(_ANSWER)
            with suppress(OSError):
                client.connect(str(self._path))
                client.sendall(_REQUEST)
                return len(client.recv(_VERSION.size)) == _VERSION.size
        return False


def _command(descriptor: int, configuration: Path) -> list[str]:
    become = [sys.executable, "-m", "simulators.pcsc.activate", str(descriptor)]
    daemon = [str(PROGRAM), "--foreground", "--info", "--config", str(configuration)]
    # pcscd must not outlive us, even when we are killed; the signal follows the thread that started it
    return ["setpriv", "--pdeathsig", "KILL", "--", *become, *daemon]
