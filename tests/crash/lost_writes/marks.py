"""What is written into the recording beside the writes: what devices did, and what was acknowledged."""

import os
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class DeviceMark(_Model):
    """A device was told to do something and has done it, or has tried.

    Attributes:
        operation: feed, write, activate, terminate, print, reject.
        card: UID of the card inside afterwards or before, hexadecimal.
        truth: number of the snapshot of the devices after it.
    """

    operation: str
    card: str | None
    truth: int


class CommitMark(_Model):
    """A transaction has returned to its caller.

    Attributes:
        site: file, function and line of the caller.
        digest: of everything in the database as the transaction left it.
        real: False when a mutant has only pretended to commit.
    """

    site: str
    digest: str
    real: bool


class TokenMark(_Model):
    """A token is going to be asked with a PIN (`accepted` is None), or has answered."""

    pin: str
    accepted: bool | None


class KeptMark(_Model):
    """A file was written, and whoever wrote it was told that it is there.

    Attributes:
        path: below the recorded root.
        length, digest: that many bytes from its start, and their SHA-256.
    """

    path: str
    length: int
    digest: str


class CentreMark(_Model):
    """The centre has taken something; `truth` is the number of its snapshot after it."""

    centre: int


class ToldMark(_Model):
    """Somebody was told something, or has done something that the station must not lose.

    Attributes:
        told: `brought`: a file with this SHA-256 was put into the watched folder. `key`: these bytes
            (hexadecimal) are going to be destroyed; `gone`: they are in no file of the database. `spoiling`:
            the disk damages the backup of this name; `spoiled`: it was found out.
        about: what.
    """

    told: str
    about: str


Marks = DeviceMark | CommitMark | TokenMark | KeptMark | CentreMark | ToldMark


class AnyMark(_Model):
    """One line of the file of marks."""

    mark: Marks


_ANY = TypeAdapter(AnyMark)


def parse(text: str) -> Marks:
    """Read one mark."""
    return _ANY.validate_json(text).mark


class Marker(Protocol):
    """Takes marks."""

    def write(self, mark: Marks) -> None:
        """Record a mark now."""


class MarkFile:
    """Appends each mark with one system call, so that it stands in its place in the recording."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, mark: Marks) -> None:
        os.write(self._descriptor, AnyMark(mark=mark).model_dump_json().encode() + b"\n")
