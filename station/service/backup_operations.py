"""Operations on a restored station."""

from pydantic import BaseModel, ConfigDict

from station.backup.releasing import release
from station.office import Office
from station.staff.signatures import Signature, confirm_two


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ReleaseRestore(_Model):
    """Let a restored station make cards again."""

    reason: str
    ask_each: bool
    signatures: tuple[Signature, ...]


class Released(_Model):
    """Whether each job is asked about before it is made."""

    asks_each: bool


def release_restore(office: Office, request: ReleaseRestore) -> Released:
    """Release what a restore holds back, with two signatures."""
    signers = confirm_two(office.database, office.journal, request.signatures)
    lanes = [lane.name for lane in office.settings.lanes]
    found = release(
        office.database, office.journal, lanes, signers, request.reason, ask_each=request.ask_each
    )
    return Released(asks_each=found.restoration.released is None and bool(found.unexplained))
