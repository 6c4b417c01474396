"""Card profiles as data: which files a chip has, how they are coded and reached, and what commits them."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files as package_files
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass as validated

from drivers.chip.fcp import Condition, FileControl, FileKind

LENGTH_PREFIX: Final = 2  # every EF starts with the big-endian length of its content

Fid = Annotated[int, Field(ge=0x0001, le=0xFFFF)]
Octet = Annotated[int, Field(ge=0x00, le=0xFF)]
Chunk = Annotated[int, Field(ge=1, le=256)]
STRICT: Final = ConfigDict(extra="forbid")


@validated(frozen=True, config=STRICT)
class FileSpecification:
    """One EF of a profile.

    Attributes:
        fid: file identifier.
        name: what it holds, as code names it.
        size: bytes with the length prefix.
        coding: name of the coding of its content.
        update, read: what these need.
    """

    fid: Fid
    name: str
    size: Annotated[int, Field(gt=LENGTH_PREFIX, le=0x7FFF)]  # 15-bit offset of READ and UPDATE BINARY
    coding: str
    update: Condition
    read: Condition

    @property
    def capacity(self) -> int:
        """Bytes of content that fit."""
        return self.size - LENGTH_PREFIX

    @property
    def control(self) -> FileControl:
        """What CREATE FILE is told."""
        access = bytes((self.update.encode(), self.read.encode()))
        return FileControl(self.fid, FileKind.TRANSPARENT, self.size, access)


@validated(frozen=True, config=STRICT)
class SecureChannelSpecification:
    """The channel that protects the files."""

    kind: Literal["scp03"]
    key_version: Octet
    protocol: Octet
    parameter: Octet


@validated(frozen=True, config=STRICT)
class ChunkSizes:
    """Bytes of plain data in one command."""

    plain_read: Chunk
    secure_read: Chunk
    secure_update: Chunk


@validated(frozen=True, config=STRICT)
class CardProfile:
    """A card application that can be written.

    Attributes:
        name: name and version, part of the signed manifest.
        evidence: where it comes from.
        writable: false for a profile that was only observed.
        application: FID of its DF.
        uid_prefix: byte in front of a 7-byte UID.
        commit: the fuse that ends personalisation.
        created_files_are_zero: a created EF is filled with 00, so its padding need not be written.
        secure_channel, chunks: see there.
        write_order: FIDs; the last one tells a reader that all is there.
        files: in the order of creation.
    """

    name: str
    evidence: str
    writable: bool
    application: Fid
    uid_prefix: Octet
    commit: Literal["activate"]
    created_files_are_zero: bool
    write_order: tuple[Fid, ...]
    secure_channel: SecureChannelSpecification
    chunks: ChunkSizes
    files: tuple[FileSpecification, ...]

    def __post_init__(self) -> None:
        if sorted(self.write_order) != sorted(item.fid for item in self.files):
            raise ValueError("write_order does not name every file once")

    @property
    def control(self) -> FileControl:
        """What CREATE FILE is told of the application's DF."""
        return FileControl(self.application, FileKind.DIRECTORY)

    def file(self, fid: int) -> FileSpecification:
        """Return the file with an identifier.

        Raises:
            KeyError: the profile has none.
        """
        return {item.fid: item for item in self.files}[fid]

    def named(self, name: str) -> FileSpecification:
        """Return the file with a name.

        Raises:
            KeyError: the profile has none.
        """
        return {item.name: item for item in self.files}[name]

    def card_uid(self, uid: bytes) -> bytes:
        """Return the 8-byte card UID for the UID that a reader tells.

        Raises:
            ValueError: neither 7 bytes (type A) nor 8 (type B).
        """
        if len(uid) == 7:
            return bytes((self.uid_prefix,)) + uid
        if len(uid) == 8:
            return uid
        raise ValueError(f"a UID of {len(uid)} bytes")


@validated(frozen=True, config=STRICT)
class PublicProfile:
    """What may be looked at on a card of the real kind, without keys.

    Attributes:
        name, evidence: as above.
        application, photo: FIDs.
        header_length: bytes to read of the photo file.
        shortest_photo, longest_photo: plausible lengths in bytes.
    """

    name: str
    evidence: str
    application: Fid
    photo: Fid
    header_length: Chunk
    shortest_photo: int
    longest_photo: int


@dataclass(frozen=True)
class _Adapters:
    writable: TypeAdapter[CardProfile]
    public: TypeAdapter[PublicProfile]


_ADAPTERS: Final = _Adapters(TypeAdapter(CardProfile), TypeAdapter(PublicProfile))


def parse_profile(text: str) -> CardProfile:
    """Read a profile from TOML.

    Raises:
        ValueError: it is not TOML, or not a whole profile.
    """
    return _ADAPTERS.writable.validate_python(tomllib.loads(text))


def ktp_el_open() -> CardProfile:
    """Return the profile `ktp-el-open`, version 1."""
    return parse_profile(_packaged("ktp_el_open.toml"))


def ktp_el_public() -> PublicProfile:
    """Return the profile `ktp-el-public`: from public observation, unverified, reading only."""
    return _ADAPTERS.public.validate_python(tomllib.loads(_packaged("ktp_el_public.toml")))


def _packaged(name: str) -> str:
    return package_files("drivers.chip").joinpath(name).read_text(encoding="utf-8")
