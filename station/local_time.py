"""The office's own time: days and hours on paper are local, the journal is UTC."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from station.clock import timestamp


class TimeZone(StrEnum):
    """The three zones of Indonesia; none has summer time (Keppres 41/1987)."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def offset(self) -> timezone:
        """Its distance from UTC."""
        return timezone(timedelta(hours={TimeZone.WIB: 7, TimeZone.WITA: 8, TimeZone.WIT: 9}[self]))


@dataclass(frozen=True)
class Day:
    """One working day of the office.

    Attributes:
        start, end: moments as the journal writes them; the end is the next day's start.
    """

    on: date
    zone: TimeZone

    @property
    def start(self) -> str:
        """Midnight at its beginning."""
        return timestamp(datetime.combine(self.on, time(), self.zone.offset))

    @property
    def end(self) -> str:
        """Midnight at its end."""
        return Day(self.on + timedelta(days=1), self.zone).start


def local(moment: str | datetime, zone: TimeZone) -> datetime:
    """A moment, or the journal's text of one, in the office's time."""
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return known.astimezone(zone.offset)


def shown(moment: str, zone: TimeZone) -> str:
    """A moment of the journal as the screen shows it: the office's day and hour, with the zone's name."""
    return f"{local(moment, zone):%d-%m-%Y %H:%M:%S} {zone}"
