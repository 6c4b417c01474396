"""The namespaces around pcscd.

Network: vpcd listens on every address without a check, so there must be only the loopback. Mounts: pcscd
writes its pid into /run/pcscd and cleans that folder when it ends, whoever else uses it (seen with 1.9.9).
"""

import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

# linux/if.h and linux/sockios.h; netdevice(7)
_GET_FLAGS, _SET_FLAGS = 0x8913, 0x8914
_UP = 0x1
_RUN = Path("/run/pcscd")  # compiled into pcscd
_REQUEST = struct.Struct("16sH14x8x")


def entry_command(command: Sequence[str]) -> list[str]:
    """Give the command line that runs `command` in network and mount namespaces of its own.

    An ordinary user makes a user namespace around it (unshare(1), -r) and is root in there.

    Raises:
        OSError: this machine allows neither.
    """
    choices = ["-nm", "-rnm"] if os.geteuid() == 0 else ["-rnm"]
    for flags in choices:
        prefix = ["unshare", flags, "--"]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return [*prefix, *command]
    raise OSError(f"no namespaces can be made here (unshare {choices[-1]} fails)")


def bring_loopback_up() -> None:
    """Switch the namespace's loopback on; without it nothing can connect to vpcd.

    Raises:
        PermissionError: this is not a namespace of our own.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        _, flags = _REQUEST.unpack(fcntl.ioctl(control, _GET_FLAGS, _REQUEST.pack(b"lo", 0)))
        fcntl.ioctl(control, _SET_FLAGS, _REQUEST.pack(b"lo", flags | _UP))


def hide_run_folder() -> None:
    """Put an empty folder over /run/pcscd, so that pcscd leaves the system's alone.

    Raises:
        OSError: the mount was refused.
    """
    if not _RUN.is_dir():  # pcscd goes without
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(_RUN)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{_RUN} cannot be covered: {done.stderr.strip()}")
