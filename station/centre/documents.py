"""What the centre says, as models: receipts, pages, flags. docs/reference/centre.md, "Documents"."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")


def _moment(value: str) -> str:
    if not MOMENT.fullmatch(value):
        raise ValueError("not a moment written YYYY-MM-DDThh:mm:ss.ffffffZ")
    datetime.fromisoformat(value)
    return value


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, AfterValidator(_moment)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
StatusCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,64}$")]
ErrorCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
StationName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Kind = Literal["record", "message"]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Receipt(_Document):
    """That the centre has something, for good."""

    kind: Kind
    content_hash: Digest
    received_at: Moment
    number: int = Field(ge=1, le=2**53)
    signature: str = Field(max_length=128)

    @property
    def lines(self) -> tuple[str, ...]:
        """What its signature covers."""
        return (
            "print-station receipt 1",
            self.kind,
            self.content_hash,
            self.received_at,
            str(self.number),
        )


class Challenge(_Document):
    """What a station signs to be let in."""

    challenge: Digest


class Session(_Document):
    """That it is let in, and for how many seconds."""

    session: Digest
    expires_in: int = Field(ge=1, le=7 * 24 * 3600)


class ErrorDocument(_Document):
    """Why not. `offset`: how much of it the centre has."""

    error: ErrorCode
    offset: int = Field(default=0, ge=0)


class Offset(_Document):
    """How much of something the centre has."""

    offset: int = Field(ge=0)


class Health(_Document):
    """The two flags, and when the centre says so."""

    deduplicates: bool
    printing_allowed: bool
    at: Moment


class RecordStatus(_Document):
    """A record's status. `digest` is over its four files: it is said of them and of nothing else."""

    record: RecordId
    digest: Digest
    status: StatusCode
    at: Moment


class StatusPage(_Document):
    """Statuses since a cursor, oldest first."""

    cursor: Cursor
    more: bool
    statuses: tuple[RecordStatus, ...] = Field(max_length=1000)


class Parcel(_Document):
    """A published bundle: SHA-256 and size of its file."""

    sha256: Digest
    size: int = Field(ge=1, le=2**40)


class ParcelPage(_Document):
    """Published bundles since a cursor, oldest first."""

    cursor: Cursor
    more: bool
    bundles: tuple[Parcel, ...] = Field(max_length=100)


class Refusal(_Document):
    """One thing that the centre refuses for good, as it goes by hand."""

    kind: Kind
    content_hash: Digest
    error: ErrorCode


class CarriedAnswer(_Document):
    """What the centre sends back by hand besides receipts; each bundle lies beside it under its SHA-256."""

    station: StationName
    health: Health
    statuses: tuple[RecordStatus, ...] = Field(max_length=200_000)
    refusals: tuple[Refusal, ...] = Field(max_length=200_000)


class CarriedEnvelope(_Document):
    """A document with its signature, as it lies on a disk."""

    station: StationName
    document: str
    signature: str = Field(max_length=128)
