"""What an exchange shows of the centre: link, receiving and print permission, each for itself.

Only what was seen or said is told: a connection that fails says nothing of receiving, and a full disk of the
centre nothing of the permission. `station/outage/` dates and keeps it.
"""

from station.centre.documents import Health
from station.centre.store import mark, set_mark
from station.clock import Clock
from station.database import Database
from station.errors import StationError
from station.journal.store import Journal
from station.outage.facts import Answer, Observation, Source, Subject
from station.outage.store import observe

HEALTH_AT = "health_at"


class Witness:
    """Tells the outage what an exchange has shown."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database, self._journal, self._clock = database, journal, clock

    def reached(self) -> None:
        """The centre has answered with its own signature."""
        self._tell(Observation(subject=Subject.LINK, answer=Answer.YES, source=Source.CONTACT))

    def failed(self, error: StationError) -> None:
        """An exchange has failed."""
        if error.code == "CENTRE_NOT_RECEIVING":
            reason = str(error.values.get("reason", ""))
            self._tell(
                Observation(subject=Subject.RECEIVING, answer=Answer.NO, source=Source.CENTRE, how=reason)
            )
            return
        self._tell(
            Observation(subject=Subject.LINK, answer=Answer.NO, source=Source.CONTACT, how=error.code.lower())
        )

    def said(self, health: Health) -> None:
        """The centre has said how it is; what it said later by another way counts more."""
        if not self._is_newer(health):
            return
        for subject, is_well in (
            (Subject.RECEIVING, health.deduplicates),
            (Subject.PRINTING, health.printing_allowed),
        ):
            answer = Answer.YES if is_well else Answer.NO
            self._tell(Observation(subject=subject, answer=answer, source=Source.CENTRE, how=health.at))

    def _is_newer(self, health: Health) -> bool:
        with self._database.transaction() as transaction:
            if health.at <= mark(transaction, HEALTH_AT):
                return False
            set_mark(transaction, HEALTH_AT, health.at)
        return True

    def _tell(self, observation: Observation) -> None:
        with self._database.transaction() as transaction:
            observe(transaction, self._journal, self._clock, observation)
