"""The reader files of the private pcscd: which virtual reader listens where."""

import shutil
from dataclasses import dataclass
from pathlib import Path

SLOTS = 2  # compiled into Debian's vpcd 3.3
MOST_READERS = 8  # pcscd 1.9.9 has 16 reader contexts, and every slot takes one
LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")  # package vsmartcard-vpcd
_LONGEST_NAME = 100  # pcscd takes 128 with its " 00 00" behind
_FIRST_PORT = 0x9000  # free by construction: nothing else lives in the namespace
_PORT_STEP = 0x10


@dataclass(frozen=True)
class VirtualReader:
    """One entry of the reader files; pcscd shows it twice, as `NAME 00 00` and `NAME 00 01`."""

    name: str
    index: int

    def __post_init__(self) -> None:
        """Refuse names that the reader file cannot hold."""
        if not self.name or len(self.name) > _LONGEST_NAME:
            raise ValueError(f"a reader's name has 1 to {_LONGEST_NAME} characters")
        if not self.name.isprintable() or '"' in self.name:
            raise ValueError("a reader's name holds printable characters and no quotes")

    def port(self, slot: int) -> int:
        """TCP port of a slot on the namespace's loopback."""
        return _FIRST_PORT + self.index * _PORT_STEP + slot  # vpcd: CHANNELID + slot


def name_readers(names: list[str]) -> list[VirtualReader]:
    """Give the readers in the order of their names.

    Raises:
        ValueError: none, too many, a name twice, or a name that cannot be.
    """
    if not 0 < len(names) <= MOST_READERS:
        raise ValueError(f"1 to {MOST_READERS} readers are possible")
    if len(set(names)) < len(names):
        raise ValueError("two readers have the same name")
    return [VirtualReader(name, index) for index, name in enumerate(names)]


def write_reader_files(readers: list[VirtualReader], folder: Path, library: Path = LIBRARY) -> Path:
    """Write the configuration of pcscd and give its folder.

    Each reader gets a copy of the driver of its own: entries that share a library share its one table of
    slots, and the second overwrites the first (fact sheet on PC/SC, "Two readers, one .so").

    Raises:
        FileNotFoundError: the driver is not installed.
    """
    configuration = folder / "reader.conf.d"
    configuration.mkdir(parents=True, exist_ok=True)
    for reader in readers:
        copy = folder / f"libifdvpcd-{reader.index}.so"
        shutil.copyfile(library, copy)
        entry = configuration / f"reader-{reader.index}"
        entry.write_text(
            f'FRIENDLYNAME "{reader.name}"\n'
            f"DEVICENAME /dev/null:{reader.port(0):#x}\n"
            f"LIBPATH {copy}\n"
            f"CHANNELID {reader.port(0):#x}\n"
        )
    return configuration
