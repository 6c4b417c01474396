"""Copying files so that they are on the disk, hashed on the way, and read again from the disk itself."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

BLOCK = 1 << 20
Item = TypeVar("Item")


Tick = Callable[[], None]


def keep_on() -> None:
    """The tick of work that nobody breaks off."""


def ticking(items: Iterable[Item], tick: Tick) -> Iterator[Item]:
    """Pass items on, with a tick before each: it raises what breaks the work off."""
    for item in items:
        tick()
        yield item


def blocks(file: Path, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
    """Read a part of a file, at most a megabyte at a time.

    Raises:
        OSError: the disk fails.
    """
    left = length
    with file.open("rb") as source:
        source.seek(offset)
        while left is None or left > 0:
            block = source.read(BLOCK if left is None else min(BLOCK, left))
            if not block:
                return
            left = left - len(block) if left is not None else None
            yield block


def copy_blocks(content: Iterator[bytes], target: Path) -> tuple[int, str]:
    """Write a file that is not there yet, have its bytes on the disk; return length and SHA-256.

    Raises:
        OSError: the disk fails.
    """
    digest, length = hashlib.sha256(), 0
    with target.open("xb") as file:
        for block in content:
            file.write(block)
            digest.update(block)
            length += len(block)
        file.flush()
        os.fsync(file.fileno())
    return length, digest.hexdigest()


def sync_file(file: Path) -> None:
    """Have a file that somebody else has written on the disk.

    Raises:
        OSError: the disk fails.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget_cached(file: Path) -> None:
    """Have the next reading come from the disk, not from the memory that the writing has filled.

    Raises:
        OSError: the disk fails.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def measure(file: Path, tick: Tick = keep_on) -> tuple[int, str]:
    """Read a file from the disk; return its length and SHA-256.

    Raises:
        OSError: the disk fails.
    """
    forget_cached(file)
    digest, length = hashlib.sha256(), 0
    for block in ticking(blocks(file), tick):
        digest.update(block)
        length += len(block)
    return length, digest.hexdigest()
