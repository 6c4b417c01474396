"""What journal rows about a restore say to whoever makes the table again: the replay, and the audit."""

from pydantic import BaseModel, ConfigDict

RESTORED = "restored_from_backup"
RELEASED, SETTLED = "restore_released", "restore_settled"


class RestoredRow(BaseModel):
    """The part of `restored_from_backup` that the table keeps. `sequence`: the last row in the backup."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    backup: str
    state_of: str
    sequence: int


class ReleasedRow(BaseModel):
    """The part of `restore_released` and `restore_settled` that the table keeps."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    asks_each: bool
