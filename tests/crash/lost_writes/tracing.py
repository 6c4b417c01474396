"""Running a command under strace, and reading what it did to the files below one folder."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Every call that can change a file, so that none passes unseen; `-y` names the file of each descriptor.
CHANGING = (
    "openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,truncate,ftruncate,fallocate,fsync,fdatasync,"
    "sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,mkdir,mkdirat,"
    "rmdir,copy_file_range,sendfile,splice,mmap,lseek"
)
LONGEST_WRITE = 1 << 26

_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_ESCAPES = re.compile(r"(?:\\x[0-9a-f]{2})*")


class TracingFailed(RuntimeError):
    """strace is not there, may not trace, or says what cannot be understood."""


class DayFailed(TracingFailed):
    """The traced program did not get to its end."""


@dataclass(frozen=True)
class Call:
    """One system call that did not fail. Arguments are as strace writes them."""

    name: str
    arguments: tuple[str, ...]
    result: int

    def text(self, at: int) -> bytes:
        """A quoted argument, decoded."""
        return _decode(self.arguments[at].strip('"'))

    def number(self, at: int) -> int:
        """A number."""
        return int(self.arguments[at], 0)

    def descriptor(self, at: int) -> tuple[int, str, bool]:
        """A descriptor: its number, the path behind it, and whether the file still has that name."""
        number, _, rest = self.arguments[at].partition("<")
        escaped, _, deleted = rest.partition(">")
        return int(number, 0) if number.isdigit() else -1, _decode(escaped).decode(), not deleted


def _decode(escaped: str) -> bytes:
    if not _ESCAPES.fullmatch(escaped):
        raise TracingFailed(f"strace has written {escaped[:40]!r} and not only escapes")
    return bytes.fromhex(escaped.replace("\\x", ""))


def run_traced(command: Sequence[str], trace: Path, environment: Mapping[str, str]) -> None:
    """Run a command to its end under strace.

    Raises:
        TracingFailed: strace is not there, or may not trace.
        DayFailed: the program has failed; with what it wrote.
    """
    strace = ("strace", "-f", "-y", "-xx", "-s", str(LONGEST_WRITE), "--seccomp-bpf", "-e", "signal=none")
    try:
        done = subprocess.run(
            [*strace, "-e", f"trace={CHANGING}", "-o", str(trace), *command],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )
    except FileNotFoundError as error:
        raise TracingFailed("strace is not installed (debian-packages.txt)") from error
    if done.returncode != 0:
        if "strace: " in done.stderr:
            raise TracingFailed(done.stderr[-4000:])
        raise DayFailed(f"exit status {done.returncode}: {done.stderr[-4000:]}")


def read_trace(trace: Path) -> Iterator[Call]:
    """Read the calls that did not fail, in their order."""
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            stripped = line.rstrip("\n")
            if unfinished := _UNFINISHED.match(stripped):
                begun[unfinished[1]] = stripped.removesuffix(" <unfinished ...>")
                continue
            if resumed := _RESUMED.match(stripped):
                stripped = begun.pop(resumed[1]) + resumed[2]
            found = _CALL.match(stripped)
            if found and not found[3].startswith("-"):
                yield Call(found[1], tuple(found[2].split(", ")), int(found[3], 0))


def last_line(error: DayFailed) -> str:
    """What a failed program has said last."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1][:100] if lines else "no word"
