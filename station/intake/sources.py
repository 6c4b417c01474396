"""Finding bundles under the paths that a person names: a file, a folder, a disk with many."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.errors import InputFault

ENDING: Final = ".bundle"
DEEPEST: Final = 16  # folders below the one that was named


@dataclass(frozen=True)
class Found:
    """The bundles under some paths, in the order in which they are taken in.

    Attributes:
        files: the bundles.
        others: how many other files lie beside them; they are left alone.
        faults: what of the paths cannot be used; it does not stand in the way of the rest.
    """

    files: tuple[Path, ...]
    others: int
    faults: tuple[InputFault, ...]


def find_bundles(paths: Sequence[Path]) -> Found:
    """Find the bundles: a file that is named is taken whatever its name, in folders those named `*.bundle`.

    Folders are walked by name, links to folders are not followed, so a loop of links has an end.
    """
    files, faults, others = dict[Path, None](), list[InputFault](), 0
    for path in paths:
        try:
            there = list(_under(path))
        except (OSError, ValueError) as error:  # ValueError: a null byte in the path
            faults.append(_unusable(path, _problem(error)))
            continue
        found = [file for file in there if file == path or file.name.endswith(ENDING)]
        others += len(there) - len(found)
        if not found:
            faults.append(_unusable(path, "no bundle lies in it"))
        for file in found:
            if _is_text(file):
                files[file] = None
            else:
                faults.append(_unusable(file, "its name is no text in UTF-8"))
    return Found(tuple(files), others, tuple(faults))


def _under(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        path.stat()  # what is not there, or a link to itself, says so
        yield path
        return
    yield from _walk(path, DEEPEST)


def _walk(folder: Path, deep: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if deep and not entry.name.startswith("."):
                yield from _walk(Path(entry.path), deep - 1)
        elif not entry.name.startswith("."):
            yield Path(entry.path)


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _problem(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be"


def _unusable(path: Path, problem: str) -> InputFault:
    return InputFault("IMPORT_PATH_UNUSABLE", path=printable(path), problem=problem)


def printable(path: Path) -> str:
    """A path on one line, whatever characters its name has."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str(path))
