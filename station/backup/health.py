"""How old the last good backup and the last restore drill are, and what to worry about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from station.backup import store
from station.backup.drill import RESTORE_DRILLED
from station.backup.making import BACKUP_FAILED, BACKUP_MADE
from station.backup.store import LastTime
from station.backup.timing import DRILL_EVERY, is_too_old
from station.database import Transaction
from station.disk_space.guard import on_same_disk
from station.errors import DeviceAbsent, Refused, StationError
from station.settings import BackupSettings


@dataclass(frozen=True)
class BackupHealth:
    """When it was last done, and what to worry about, worst first."""

    made: LastTime | None
    failed: LastTime | None
    drilled: LastTime | None
    worries: tuple[StationError, ...]


def backup_health(
    transaction: Transaction, settings: BackupSettings, data: Path, now: datetime
) -> BackupHealth:
    """Look at the books, not at the disk: it may be in a drawer, where it belongs."""
    made, failed = store.last_time(transaction, BACKUP_MADE), store.last_time(transaction, BACKUP_FAILED)
    drilled = store.last_time(transaction, RESTORE_DRILLED)
    worries = [*_about_backups(settings, made, now), *_about_drills(made, drilled, now)]
    place = settings.place
    if place is not None and place.is_dir() and on_same_disk(place, data):
        worries.append(Refused("BACKUP_SAME_DISK", place=place))
    return BackupHealth(made, failed, drilled, tuple(worries))


def _about_backups(settings: BackupSettings, made: LastTime | None, now: datetime) -> list[StationError]:
    if settings.place is None and made is None:
        return [Refused("BACKUP_PLACE_UNSET")]
    if made is None:
        return [DeviceAbsent("BACKUP_NEVER")]
    age = _age(made, now)
    return [Refused("BACKUP_OLD", age=age.days)] if is_too_old(settings.every, age) else []


def _about_drills(made: LastTime | None, drilled: LastTime | None, now: datetime) -> list[StationError]:
    if made is None:
        return []
    if drilled is None:
        return [Refused("DRILL_NEVER")]
    age = _age(drilled, now)
    return [Refused("DRILL_OLD", age=age.days)] if age > DRILL_EVERY else []


def _age(last: LastTime, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(last.at)
