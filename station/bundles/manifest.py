"""The manifest of a bundle: what the file carries, for whom, and how large each part must be.

Format: docs/reference/bundle.md, "Manifest". Nothing in it names a person: records go by a random id.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from station.bundles.faults import malformed

FORMAT: Final = "bundle/1"
LARGEST_MANIFEST = 8 * 1024 * 1024
MOST_RECORDS = 10_000
SMALLEST_SEALED = 33  # "PSR1", a nonce of 12, a tag of 16, and at least one byte in between
LARGEST_SEALED = 24 * 1024 * 1024 + 32  # what station/vault/sealed.py packs at most, and its sealing
NUMBER = re.compile(r"[0-9-]{1,20}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def read_moment(value: object) -> str:
    """Take a moment as it must be written: UTC, to the second.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, str) and MOMENT.fullmatch(value):
        datetime.fromisoformat(value)
        return value
    raise ValueError("not a moment written YYYY-MM-DDThh:mm:ssZ")


def read_record_id(value: str) -> str:
    """Take the id of a record, but no bare number: a NIK would name its person on every disk.

    Raises:
        ValueError: it is a number.
    """
    if NUMBER.fullmatch(value):
        raise ValueError("a bare number")
    return value


Moment = Annotated[str, BeforeValidator(read_moment)]
BundleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$"), AfterValidator(read_record_id)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
WrappedKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{80}$")]  # AES-KW of 32 bytes: 40 bytes
Point = Annotated[str, StringConstraints(pattern=r"^04[0-9a-f]{128}$")]  # SEC 1, 2.3.3, uncompressed


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class CarriedRecord(_Model):
    """One sealed record in the file, by the order of its bytes.

    Attributes:
        captured_at: when the person was recorded.
        key: the record's AES-256 key, wrapped (RFC 3394), 40 bytes in hex.
        record: id given by the recording station, as in record.json; a UUID, say. Never the NIK.
        sha256: over the sealed bytes: the content hash under which the record is known everywhere.
        size: of the sealed bytes.
    """

    captured_at: Moment
    key: WrappedKey = Field(repr=False)
    record: RecordId
    sha256: Digest
    size: Annotated[int, Field(ge=SMALLEST_SEALED, le=LARGEST_SEALED)]


class Manifest(_Model):
    """All that a bundle says about itself.

    Attributes:
        bundle: random id of this bundle, 32 hex digits.
        created_at: when it was written.
        ephemeral: the sender's one-time public point on P-256, uncompressed, hex.
        recipient, sender: SHA-256 of the DER SubjectPublicKeyInfo of each one's public key, hex.
        records: in the order of their bytes; at most 10,000.
    """

    bundle: BundleId
    created_at: Moment
    ephemeral: Point
    format: Literal["bundle/1"]
    recipient: Digest
    records: Annotated[tuple[CarriedRecord, ...], Field(min_length=1, max_length=MOST_RECORDS)]
    sender: Digest

    def canonical(self) -> bytes:
        """The one way to write it: keys in order, no blanks, ASCII (every value is)."""
        return self.model_dump_json().encode("ascii")  # the fields above are in alphabetical order


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest strictly: it must be the very bytes that `canonical` writes.

    Raises:
        InputFault: BUNDLE_MALFORMED.
    """
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][:3] if not _is_foreign(part))
        raise malformed(f"manifest {where}: {first['type']}") from None  # the message could show the input
    if manifest.canonical() != data:
        raise malformed("the manifest is not in its canonical form")
    return manifest


def _is_foreign(part: int | str) -> bool:
    """Whether a part of a place in the manifest is a name that the file itself has made up."""
    return isinstance(part, str) and part not in {*Manifest.model_fields, *CarriedRecord.model_fields}


def moment(at: datetime) -> str:
    """Write a moment as manifests hold it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
