"""Declaring by a letter what no wire can tell: that the centre has stopped, or that printing is withdrawn."""

from pydantic import BaseModel, ConfigDict

from station.errors import Refused
from station.office import Office
from station.outage.facts import Answer, Observation, Source, Subject
from station.outage.store import facts, observe
from station.service.operations import Done
from station.staff import store as staff
from station.staff.store import Role

BY_LETTER = frozenset({Subject.RECEIVING, Subject.PRINTING})


class DeclareCentre(BaseModel):
    """What a letter says of the centre."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    answer: Answer
    letter: str
    by: str


def declare_centre(office: Office, request: DeclareCentre) -> Done:
    """Take a letter's word. Only a supervisor gives a permission back, and never against the centre's word.

    Raises:
        Refused: STAFF_UNKNOWN, REASON_MISSING, SUPERVISOR_NEEDED, CENTRE_WORD_STANDS.
    """
    letter = " ".join(request.letter.split())
    if not letter:
        raise Refused("REASON_MISSING")
    with office.database.transaction() as transaction:
        member = staff.require(transaction, request.by)
        if request.answer is Answer.YES and member.role is not Role.SUPERVISOR:
            raise Refused("SUPERVISOR_NEEDED")
        before = {fact.subject: fact for fact in facts(transaction).all}[request.subject]
        is_centres_no = before.source is Source.CENTRE and before.answer is Answer.NO
        if request.answer is Answer.YES and is_centres_no:
            raise Refused("CENTRE_WORD_STANDS", since=before.since[:10])
        observation = Observation(
            subject=request.subject, answer=request.answer, source=Source.PERSON, how=letter
        )
        observe(transaction, office.journal, office.clock, observation, member.name)
    return Done()
