"""From system calls to the events of a disk: names become file numbers, foreign files are left out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.crash.lost_writes.disk import (
    Enter,
    Event,
    Leave,
    Mark,
    Rename,
    SyncFile,
    SyncFolder,
    Truncate,
    Write,
)
from tests.crash.lost_writes.tracing import Call, TracingFailed

MARKS = "marks"
MEMORY_ONLY = "-shm"
WATCHED = "data"


class UnknownChange(TracingFailed):
    """A file of the station was changed in a way that the model of the disk does not know."""


class Reader:
    """Translates calls. Only what lies in `root/data` (and the marks) is recorded."""

    def __init__(self, root: Path) -> None:
        self._root = str(root.resolve())
        self._files: dict[str, int | None] = {}
        self._count = 0
        self._offsets: dict[int, int] = {}
        self._readers: dict[str, Callable[[Call], Iterable[Event]]] = {
            "openat": self._openat,
            "write": self._write,
            "pwrite64": self._pwrite,
            "ftruncate": self._truncate,
            "fsync": self._sync,
            "fdatasync": self._sync,
            "lseek": self._seek,
            "mkdir": lambda call: self._mkdir(self._path(call, 0)),
            "mkdirat": lambda call: self._mkdir(self._path(call, 1, 0)),
            "rename": lambda call: self._rename(self._path(call, 0), self._path(call, 1)),
            "renameat": lambda call: self._rename(self._path(call, 1, 0), self._path(call, 3, 2)),
            "renameat2": lambda call: self._rename(self._path(call, 1, 0), self._path(call, 3, 2)),
            "unlink": lambda call: self._unlink(self._path(call, 0)),
            "unlinkat": lambda call: self._unlink(self._path(call, 1, 0)),
            "rmdir": lambda call: self._unlink(self._path(call, 0)),
            "mmap": self._mmap,
        }

    def events(self, calls: Iterable[Call]) -> Iterator[Event]:
        """Translate.

        Raises:
            UnknownChange: a call that the model does not know changed a recorded file.
        """
        for call in calls:
            reader = self._readers.get(call.name)
            if reader is not None:
                yield from reader(call)
            elif self._concerns_us(call):
                raise UnknownChange(f"{call.name} on a file of the station")

    def _relative(self, path: str) -> str | None:
        """The path below the root, if it is recorded."""
        if not path.startswith(self._root + "/"):
            return None
        relative = path[len(self._root) + 1 :]
        recorded = relative in (MARKS, WATCHED) or relative.startswith(WATCHED + "/")
        return relative if recorded and not relative.endswith(MEMORY_ONLY) else None

    def _path(self, call: Call, at: int, folder: int | None = None) -> str | None:
        path = Path(call.text(at).decode())
        if not path.is_absolute():
            if folder is None:
                return None  # the recorded run names its files by absolute paths
            path = Path(call.descriptor(folder)[1]) / path
        return self._relative(str(path))

    def _descriptor(self, call: Call, at: int = 0) -> tuple[int, str | None]:
        number, path, linked = call.descriptor(at)
        return number, self._relative(path) if linked else None

    def _concerns_us(self, call: Call) -> bool:
        escaped = "".join(f"\\x{byte:02x}" for byte in f"{self._root}/{WATCHED}".encode())
        return any(escaped in argument for argument in call.arguments)

    def _number(self, path: str) -> int:
        number = self._files.get(path)
        if number is None:
            raise UnknownChange(f"{path} was changed before it was made")
        return number

    def _openat(self, call: Call) -> Iterator[Event]:
        path, flags = self._path(call, 1, 0), call.arguments[2]
        self._offsets[call.result] = 0
        if path is None:
            return
        if path not in self._files and "O_CREAT" in flags:
            self._count += 1
            self._files[path] = self._count
            if path != MARKS:
                yield Enter(path, self._count)
        elif "O_TRUNC" in flags:
            yield Truncate(self._number(path), 0)

    def _write(self, call: Call) -> Iterator[Event]:
        number, path = self._descriptor(call)
        if path == MARKS:
            yield Mark(call.text(1).decode())
        elif path is not None:
            yield self._written(path, self._offsets[number], call)
            self._offsets[number] += call.result

    def _pwrite(self, call: Call) -> Iterator[Event]:
        _, path = self._descriptor(call)
        if path is not None:
            yield self._written(path, call.number(3), call)

    def _written(self, path: str, offset: int, call: Call) -> Write:
        return Write(self._number(path), offset, call.text(1)[: call.result])

    def _truncate(self, call: Call) -> Iterator[Event]:
        _, path = self._descriptor(call)
        if path is not None:
            yield Truncate(self._number(path), call.number(1))

    def _sync(self, call: Call) -> Iterator[Event]:
        _, path = self._descriptor(call)
        if path is None:
            if call.descriptor(0)[1] == self._root:
                yield SyncFolder("")
        elif self._files[path] is None:
            yield SyncFolder(path)
        else:
            yield SyncFile(self._number(path))

    def _seek(self, call: Call) -> Iterator[Event]:
        self._offsets[self._descriptor(call)[0]] = call.result
        yield from ()

    def _mkdir(self, path: str | None) -> Iterator[Event]:
        if path is not None:
            self._files[path] = None
            yield Enter(path, None)

    def _rename(self, source: str | None, target: str | None) -> Iterator[Event]:
        if source is None and target is None:
            return
        if source is None or target is None:
            raise UnknownChange(f"a rename out of or into the data folder ({source} -> {target})")
        if source not in self._files:
            raise UnknownChange(f"{source} was renamed before it was made")
        below = [path for path in self._files if path.startswith(f"{source}/")]
        for path in (source, *below):
            self._files[target + path.removeprefix(source)] = self._files.pop(path)
        yield Rename(source, target)

    def _unlink(self, path: str | None) -> Iterator[Event]:
        if path is not None and path in self._files:
            del self._files[path]
            yield Leave(path)

    def _mmap(self, call: Call) -> Iterator[Event]:
        shared = "MAP_SHARED" in call.arguments[3] and "PROT_WRITE" in call.arguments[2]
        if shared and "<" in call.arguments[4] and self._descriptor(call, 4)[1] is not None:
            raise UnknownChange("a file of the station is changed through memory")
        yield from ()
