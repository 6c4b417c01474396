"""What becomes of a record that came in: the rules, as functions of what is known.

| The station holds | and the record that came | then |
|---|---|---|
| nothing like it | opens and is right | accepted |
| the same sealed bytes | | duplicate |
| the same id, the same four files | was sealed anew | duplicate |
| the same id, other files | | set aside: RECORD_CONFLICT |
| the same id or bytes, erased | | set aside, not kept: RECORD_ERASED |
| the same person under other ids | opens and is right | accepted, with a warning |
| | was opened, but is not right | set aside, kept sealed |
| | cannot be opened | set aside, not kept: only the verdict is |
"""

from dataclasses import dataclass, field
from enum import StrEnum

from station.errors import InputFault, StationError
from station.vault.sealed import SealedRecord


class Verdict(StrEnum):
    """What became of a record."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Incoming:
    """A record on its way in.

    Attributes:
        position: in its bundle, from 0.
        sealed, key: None when its bytes or its key could not be read at all.
        record_sha256: over its four files; empty when it was not right.
        warnings: codes of what looks odd.
        trouble: why it cannot be taken; None when it can.
        opened: whether its content could be read, so that it is kept although it is not right.
    """

    position: int
    record: str
    content_hash: str
    captured_at: str
    sealed: SealedRecord | None = field(default=None, repr=False)
    key: bytes | None = field(default=None, repr=False)
    record_sha256: str = ""
    warnings: tuple[str, ...] = ()
    trouble: StationError | None = None
    opened: bool = False


def judge(
    incoming: Incoming,
    held_content: str | None = None,
    held_files: str = "",
    erased_at: str | None = None,
) -> tuple[Verdict, StationError | None]:
    """Say what becomes of a record.

    A duplicate is recognised before anything else: what is in already needs not be right once more.

    Args:
        incoming: the record.
        held_content: content hash of what is held under its content, or else under its id; None for nothing.
        held_files: SHA-256 over the four files of that.
        erased_at: when that was erased.
    """
    if erased_at is not None:
        return Verdict.SET_ASIDE, InputFault("RECORD_ERASED", record=incoming.record, at=erased_at)
    if held_content == incoming.content_hash:
        return Verdict.DUPLICATE, None
    if incoming.trouble is not None:
        return Verdict.SET_ASIDE, incoming.trouble
    if held_content is None:
        return Verdict.ACCEPTED, None
    if held_files == incoming.record_sha256:
        return Verdict.DUPLICATE, None
    return Verdict.SET_ASIDE, InputFault("RECORD_CONFLICT", record=incoming.record)
