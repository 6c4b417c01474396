"""What becomes of each record of a batch."""

from dataclasses import dataclass
from enum import StrEnum

from station.errors import StationError


class Became(StrEnum):
    """What has become of a record in a batch."""

    ISSUED = "issued"
    RESUMED = "resumed"  # its number was taken before a crash
    BEFORE = "before"  # it had its letter already
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """What has become of one record; `error` of one that has no letter, `number` of one that has."""

    record: str
    became: Became
    number: str = ""
    error: StationError | None = None
