"""The signed manifest of one backup: every file that belongs to it, with length and SHA-256.

`manifest.json` holds the model below; `manifest.sig` the signature of the token, hexadecimal, over `DOMAIN`
and the SHA-256 of `manifest.json` as it stands. The last row of the journal is in it, so the signature is a
signed head of the journal too.
"""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from station.audit.heads import HeadKey
from station.errors import InputFault, Refused

FORMAT: Literal["print-station backup/1"] = "print-station backup/1"
NAME_PATTERN = r"[0-9]{8}T[0-9]{6}Z-[0-9]{8,12}"
DOMAIN = b"print-station backup manifest/1\n"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LARGEST_MANIFEST = 64 << 20


class SegmentStore(StrEnum):
    """The folders of segments in the data folder, by their names there."""

    VAULT = "vault"
    ASIDE = "set-aside"
    LETTERS = "letters"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileEntry(_Model):
    """A file of this backup alone; `name` is relative to its folder."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")
    length: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class PieceEntry(_Model):
    """A piece of a segment: bytes from `offset` on, in a file that backups share and that never changes.

    Attributes:
        store: the vault of held records, that of records that were set aside, or that of letters.
    """

    store: SegmentStore
    segment: int = Field(ge=1)
    offset: int = Field(ge=0)
    length: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def file(self) -> str:
        """Its name: two histories of one segment never meet in one file."""
        return f"{self.store}-{self.segment:06}-{self.offset:012}-{self.sha256[:32]}.piece"

    @property
    def end(self) -> int:
        """Offset of the first byte after it."""
        return self.offset + self.length


class JournalEnd(_Model):
    """The last row of the journal in this backup."""

    sequence: int = Field(ge=0)
    hash: str


class Manifest(_Model):
    """All of one backup.

    Attributes:
        made_at: the moment of the copy of the database, ISO 8601, UTC.
        revision: version of the tables.
        records, erased: how many records can be read, and how many were erased.
        token: PKCS#11 URL of the key that signed, without its PIN source: it says which token to look for.
    """

    format: Literal["print-station backup/1"] = FORMAT
    name: str = Field(pattern=f"^{NAME_PATTERN}$")
    made_at: str
    office: str
    revision: str
    journal: JournalEnd
    records: int = Field(ge=0)
    erased: int = Field(ge=0)
    token: str
    files: tuple[FileEntry, ...]
    pieces: tuple[PieceEntry, ...]

    @property
    def length(self) -> int:
        """Bytes of all its files, those that it shares included."""
        return sum(file.length for file in self.files) + sum(piece.length for piece in self.pieces)


def signed_bytes(content: bytes) -> bytes:
    """The bytes that the signature covers."""
    return DOMAIN + hashlib.sha256(content).digest()


def write_manifest(folder: Path, manifest: Manifest, key: HeadKey) -> list[Path]:
    """Write manifest and signature into a folder; return the two files, which the caller syncs.

    Raises:
        DeviceAbsent: the token cannot sign.
        OSError: the disk fails.
    """
    content = manifest.model_dump_json(indent=1).encode() + b"\n"
    signature = key.sign(signed_bytes(content)).hex()
    files = [folder / MANIFEST, folder / SIGNATURE]
    files[0].write_bytes(content)
    files[1].write_text(signature + "\n", encoding="ascii")
    return files


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest without believing it yet.

    Raises:
        InputFault: BACKUP_UNREADABLE.
    """
    return _parsed(folder, _content(folder / MANIFEST, folder))


def read_signed_manifest(folder: Path, key: HeadKey) -> Manifest:
    """Read a manifest that the token has signed.

    Raises:
        InputFault: BACKUP_UNREADABLE.
        Refused: BACKUP_FOREIGN_TOKEN: another token's, or changed afterwards.
        DeviceAbsent: the token is not there.
    """
    content = _content(folder / MANIFEST, folder)
    manifest = _parsed(folder, content)
    try:
        signature = bytes.fromhex(_content(folder / SIGNATURE, folder).decode("ascii").strip())
    except ValueError as error:
        raise InputFault("BACKUP_UNREADABLE", folder=folder, problem=SIGNATURE) from error
    if not key.verify(signed_bytes(content), signature):
        raise Refused("BACKUP_FOREIGN_TOKEN", name=manifest.name, details=manifest.token)
    return manifest


def _content(file: Path, folder: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_MANIFEST:
            raise InputFault("BACKUP_UNREADABLE", folder=folder, problem=f"{file.name}: too large")
        return file.read_bytes()
    except OSError as error:
        problem = f"{file.name}: {error.strerror}"
        raise InputFault("BACKUP_UNREADABLE", folder=folder, problem=problem) from error


def _parsed(folder: Path, content: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        problem = f"{MANIFEST}: {first['msg']}"
        raise InputFault("BACKUP_UNREADABLE", folder=folder, problem=problem) from error
