"""The processes of a folder: whoever names it in its command line, by whomever it was started."""

import os
import time
from pathlib import Path


def processes_of(folder: Path) -> list[str]:
    """Command lines, of any process, that name the folder."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words:
            found.append(words.replace(b"\0", b" ").decode())
    return found


def wait_until_alone(folder: Path, seconds: float = 15.0) -> list[str]:
    """Wait until no process of the folder's is left; return those that are."""
    limit = time.monotonic() + seconds
    while processes_of(folder) and time.monotonic() < limit:
        time.sleep(0.1)
    return processes_of(folder)
