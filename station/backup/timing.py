"""When a backup is due, and from when on its age is a worry."""

from datetime import datetime, timedelta

from station.local_time import TimeZone, local

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
DAY = timedelta(days=1)
DRILL_EVERY = timedelta(days=90)


def interval(every: str) -> timedelta:
    """How long after one backup the next is due; a time of day means a day."""
    return DAY if ":" in every else int(every[:-1]) * UNITS[every[-1]]


def next_due(every: str, last: datetime | None, now: datetime, zone: TimeZone) -> datetime:
    """The moment from which a backup is due: at once when there was none, or none for too long.

    Args:
        every: `24h`, `90m`, or a time of day of the office, `21:30`.
        last: moment of the last good backup.
        now: the present.
        zone: of the office.
    """
    if last is None:
        return now
    if ":" not in every:
        return last + interval(every)
    hour, minute = map(int, every.split(":"))
    here = local(last, zone)
    due = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return due if due > here else due + DAY


def is_too_old(every: str, age: timedelta) -> bool:
    """Whether a backup is so old that somebody must be told: one was missed, and a day has passed too."""
    return age > max(2 * interval(every), DAY + interval(every))
