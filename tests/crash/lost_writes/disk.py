"""A disk behind a page cache: what is durable, what is pending, and what a power cut makes of both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

SECTOR = 512


@dataclass(frozen=True)
class Write:
    """Bytes at an offset of a file. `file` is a number, because names change."""

    file: int
    offset: int
    data: bytes = field(repr=False)

    @property
    def end(self) -> int:
        return self.offset + len(self.data)

    def boundaries(self) -> list[int]:
        """The sector boundaries inside this write, as offsets in the file."""
        first = (self.offset // SECTOR + 1) * SECTOR
        return list(range(first, self.end, SECTOR))

    def part(self, start: int, end: int) -> "Write":
        """The part between two offsets of the file."""
        return Write(self.file, start, self.data[start - self.offset : end - self.offset])

    def zeroed(self) -> "Write":
        """The file has grown, its data have not arrived."""
        return Write(self.file, self.offset, bytes(len(self.data)))


@dataclass(frozen=True)
class Truncate:
    """A file is cut or grown to a length."""

    file: int
    length: int


@dataclass(frozen=True)
class Enter:
    """A name is entered in a folder; `file` is None for a folder."""

    path: str
    file: int | None


@dataclass(frozen=True)
class Rename:
    """A file or a folder takes another name, and replaces what had it."""

    source: str
    target: str


@dataclass(frozen=True)
class Leave:
    """A name is removed from its folder."""

    path: str


@dataclass(frozen=True)
class SyncFile:
    """fsync or fdatasync of a file: its data and its length are durable, its name is not."""

    file: int


@dataclass(frozen=True)
class SyncFolder:
    """fsync or fdatasync of a folder: the names in it are durable."""

    path: str


@dataclass(frozen=True)
class Mark:
    """Something that happened outside the disk, in JSON."""

    text: str


DataChange = Write | Truncate
NameChange = Enter | Rename | Leave
Change = DataChange | NameChange
Event = Change | SyncFile | SyncFolder | Mark


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def folders_of(change: NameChange) -> set[str]:
    """The folders whose sync makes a change of names durable: of a move between two folders, both."""
    if isinstance(change, Rename):
        return {_folder(change.source), _folder(change.target)}
    return {_folder(change.path)}


@dataclass
class Disk:
    """What is durable and what is pending. Paths are relative to the recorded root."""

    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[str, int | None] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)
    _synced: dict[int, set[str]] = field(default_factory=dict)  # folders, by the id of a pending move

    def take(self, event: Event) -> None:
        """Go on by one event."""
        if isinstance(event, SyncFile):
            self._settle([one for one in self.pending if _is_data_of(one, event.file)])
        elif isinstance(event, SyncFolder):
            self._settle(
                [one for at, one in enumerate(self.pending) if self._is_durable_with(at, event.path)]
            )
        elif not isinstance(event, Mark):
            self.pending.append(event)

    def _is_durable_with(self, at: int, path: str) -> bool:
        """Whether the sync of a folder makes a pending change durable: of a move, of the second folder."""
        change = self.pending[at]
        if isinstance(change, Write | Truncate):
            return False
        later = [one for one in self.pending[at + 1 :] if isinstance(one, Rename)]
        needed = {_renamed(folder, later) for folder in folders_of(change)}
        if path not in needed:
            return False
        synced = self._synced.setdefault(id(change), set())
        synced.add(path)
        return needed <= synced

    def _settle(self, changes: list[Change]) -> None:
        settled = {id(change) for change in changes}
        self.pending = list(self._left(settled))
        waiting = {id(change) for change in self.pending}
        self._synced = {key: folders for key, folders in self._synced.items() if key in waiting}
        files = {number: bytearray(self.contents.get(number, b"")) for number in _files(changes)}
        _apply(changes, files, self.names)
        self.contents.update((number, bytes(content)) for number, content in files.items())

    def _left(self, settled: set[int]) -> Iterator[Change]:
        """What goes on to be pending, under the names that folders have by now for good."""
        for at, change in enumerate(self.pending):
            if id(change) in settled:
                continue
            later = [one for one in self.pending[at + 1 :] if isinstance(one, Rename) and id(one) in settled]
            match change:
                case Enter() | Leave():
                    moved: Change = replace(change, path=_renamed(change.path, later))
                case Rename():
                    moved = Rename(_renamed(change.source, later), _renamed(change.target, later))
                case _:
                    moved = change
            yield change if moved == change else moved

    def after_cut(self, landed: Sequence[Change]) -> dict[str, bytes]:
        """The files on the disk when of all that is pending these changes have landed, in this order.

        A folder with nothing in it is there too, without content, and with a slash at its end.
        """
        names = dict(self.names)
        touched = {number: bytearray(self.contents.get(number, b"")) for number in _files(landed)}
        _apply(landed, touched, names)
        there = {path: number for path, number in names.items() if _reachable(path, names)}
        used = {_folder(path) for path in there}
        return {
            path if number is not None else f"{path}/": self._content(number, touched)
            for path, number in there.items()
            if number is not None or path not in used
        }

    def _content(self, number: int | None, touched: Mapping[int, bytearray]) -> bytes:
        if number is None:
            return b""
        return bytes(touched[number]) if number in touched else self.contents.get(number, b"")

    def length(self, file: int) -> int:
        """The durable length of a file."""
        return len(self.contents.get(file, b""))


def _files(changes: Iterable[Change]) -> set[int]:
    return {change.file for change in changes if isinstance(change, Write | Truncate)}


def _is_data_of(change: Change, file: int) -> bool:
    return isinstance(change, Write | Truncate) and change.file == file


def _renamed(path: str, renames: Iterable[Rename]) -> str:
    """A path after the folders above it were renamed."""
    for rename in renames:
        if path == rename.source or path.startswith(f"{rename.source}/"):
            path = rename.target + path.removeprefix(rename.source)
    return path


def _reachable(path: str, names: dict[str, int | None]) -> bool:
    folder = _folder(path)
    return not folder or (folder in names and _reachable(folder, names))


def _apply(changes: Iterable[Change], files: dict[int, bytearray], names: dict[str, int | None]) -> None:
    for change in changes:
        match change:
            case Write():
                _grow(files[change.file], change.offset)
                files[change.file][change.offset : change.end] = change.data
            case Truncate():
                del files[change.file][change.length :]
                _grow(files[change.file], change.length)
            case Enter():
                names[change.path] = change.file
            case Rename():
                if change.source in names:  # its own entry may have been lost
                    below = [path for path in names if path.startswith(f"{change.source}/")]
                    for path in (change.source, *below):
                        names[_renamed(path, [change])] = names.pop(path)
            case Leave():
                names.pop(change.path, None)


def _grow(content: bytearray, length: int) -> None:
    if len(content) < length:
        content.extend(bytes(length - len(content)))
