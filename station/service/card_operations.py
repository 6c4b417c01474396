"""Operations on single cards."""

from pydantic import BaseModel, ConfigDict, Field

from station.cards.identification import CardLooked, Finding, Identification, identify
from station.devices.inspection import ChipFound, inspect_card
from station.devices.keys import open_profile
from station.journal.store import Place
from station.office import Office
from station.ports import ChipState
from station.records.nik import masked
from station.staff import store as staff


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IdentifyCard(_Model):
    """Read the card that lies on a reader. `reader` is a URL; without it, that of the lane."""

    lane: str | None
    reader: str | None
    by: str


class IdentifiedCard(_Model):
    """What the card tells and what the journal says. The name is for the screen only."""

    card: str
    chip: ChipState
    finding: Finding
    name: str | None = Field(default=None, repr=False)
    nik_masked: str | None = Field(default=None, repr=False)
    issue: int | None
    signature_valid: bool | None
    person_matches: bool | None
    job: int | None
    attempt_state: str | None
    cause: str | None
    account: str | None
    question: int | None
    question_name: str | None


def identify_card(office: Office, request: IdentifyCard) -> IdentifiedCard:
    """Read a card, hold it against the journal, and write down that it was read."""
    with office.database.reading() as transaction:
        staff.require(transaction, request.by)
    lane = office.require_lane(request.lane) if request.lane else office.settings.lanes[0]
    found = inspect_card(request.reader or lane.reader, open_profile(office.settings.profile), office.keys)
    person = office.keys.person_key(found.nik) if found.nik else None
    with office.database.transaction() as transaction:
        known = identify(transaction, found.card, found.state, person, found.signature_valid)
        looked = CardLooked(card=found.card, chip=found.state, finding=known.finding)
        place = Place(job=known.job.id if known.job else None, person=person)
        office.journal.event(transaction, "card_identified", looked, place, request.by)
    return _result(found, known)


def _result(found: ChipFound, known: Identification) -> IdentifiedCard:
    return IdentifiedCard(
        card=found.card,
        chip=found.state,
        finding=known.finding,
        name=found.name,
        nik_masked=masked(found.nik) if found.nik else None,
        issue=found.issue,
        signature_valid=found.signature_valid,
        person_matches=known.person_matches,
        job=known.job.id if known.job else None,
        attempt_state=known.attempt.state.value if known.attempt else None,
        cause=known.attempt.cause if known.attempt else None,
        account=known.account,
        question=known.question.sequence if known.question else None,
        question_name=known.question.name if known.question else None,
    )
