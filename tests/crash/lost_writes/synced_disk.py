"""What a power cut is sure to leave: what was synced, byte for byte and name for name."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.crash.lost_writes.rule_broken import RuleBroken


class SyncedDisk:
    """What is sure to be there: the bytes of each file, and the names in each folder, as they were synced."""

    def __init__(self) -> None:
        self._bytes: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}

    def note(self, descriptor: int) -> None:
        """A file or a folder is synced."""
        state = os.fstat(descriptor)
        if stat.S_ISDIR(state.st_mode):
            self._names[state.st_ino] = {one.name: one.inode() for one in os.scandir(descriptor)}
        else:
            content = Path(f"/proc/self/fd/{descriptor}").read_bytes()
            self._bytes[state.st_ino] = hashlib.sha256(content).digest()

    def require(self, file: Path, content: bytes) -> None:
        """See that a file would be found, and found whole.

        Raises:
            RuleBroken: it would not.
        """
        inode = self._names.get(file.parent.stat().st_ino, {}).get(file.name)
        if inode is None:
            raise RuleBroken(f"{file.name} may have no name")
        if self._bytes.get(inode) != hashlib.sha256(content).digest():
            raise RuleBroken(f"{file.name} may be empty")

    def require_all(self, folder: Path) -> None:
        """See that every file of a folder would be found whole.

        Raises:
            RuleBroken: one would not.
        """
        for file in folder.iterdir():
            if file.is_file():
                self.require(file, file.read_bytes())


@contextmanager
def watched() -> Iterator[SyncedDisk]:
    """Watch the syncs of our own code, not those of SQLite."""
    disk, fsync, fdatasync = SyncedDisk(), os.fsync, os.fdatasync

    def watch(sync: Callable[[int], None], descriptor: int) -> None:
        sync(descriptor)
        disk.note(descriptor)

    with (
        patch("os.fsync", lambda descriptor: watch(fsync, descriptor)),
        patch("os.fdatasync", lambda descriptor: watch(fdatasync, descriptor)),
    ):
        yield disk
