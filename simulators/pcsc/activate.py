"""Stands in for systemd: hands a listening socket to pcscd and becomes it (sd_listen_fds(3)).

Run as `python -m simulators.pcsc.activate DESCRIPTOR PROGRAM [ARGUMENT ...]`.
"""

import os
import sys

_FIRST_DESCRIPTOR = 3  # SD_LISTEN_FDS_START


def become(descriptor: int, command: list[str]) -> None:
    """Replace this process by the program, with the socket as its only activated one."""
    os.dup2(descriptor, _FIRST_DESCRIPTOR, inheritable=True)
    environment = {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
