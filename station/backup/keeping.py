"""Keeping backups while the station runs: a thread of its own that no lane waits for.

Each round it makes a backup when one is due, continues the newest with the journal's fresh rows, and watches
the disk. A failure is shown once, dated in the journal, and tried again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from station.backup import store
from station.backup.continuation import ContinuationWriter
from station.backup.making import BACKUP_MADE, BackupMaker, BackupSource
from station.backup.manifest import Manifest
from station.backup.place import BackupPlace
from station.backup.timing import next_due
from station.disk_space.guard import SpaceLevel
from station.errors import StationError
from station.lanes.tools import StopRequested
from station.language import marked
from station.local_time import TimeZone
from station.notices import Notice, NoticeBoard
from station.restoration import store as restorations
from station.settings import BackupSettings

ROUND = 5.0
SLICE = 0.5
RETRY = timedelta(minutes=5)
BACKUP = "backup"


class DiskSpaceChanged(BaseModel):
    """Payload: the disk has passed one of its limits."""

    model_config = ConfigDict(frozen=True)

    level: str
    free: int


class BackupKeeper:
    """Makes backups and the continuation on time; one thread runs it."""

    def __init__(
        self,
        source: BackupSource,
        settings: BackupSettings,
        zone: TimeZone,
        notices: NoticeBoard,
        seal: Callable[[], None],
    ) -> None:
        self._source, self._settings, self._zone = source, settings, zone
        self._notices, self._seal = notices, seal
        self._place = BackupPlace(settings.place) if settings.place else None
        self._continuation: ContinuationWriter | None = None
        self._not_before: datetime | None = None
        self._said = dict[str, str]()
        self._level = SpaceLevel.AMPLE
        self._is_stopping: Callable[[], bool] = lambda: False

    def run(self, is_stopping: Callable[[], bool]) -> None:
        """Keep backups until the station stops."""
        self._is_stopping = is_stopping
        while not is_stopping():
            self.round()
            waited = 0.0
            while waited < ROUND and not is_stopping():
                self._source.clock.sleep(SLICE)
                waited += SLICE

    def round(self) -> None:
        """Do what is due now. Nothing that goes wrong here stops the station."""
        self._guarded("disk", self._watch_disk)
        if self._place is not None:
            self._guarded(BACKUP, self._back_up_when_due)
            self._guarded("continuation", self._write_continuation)

    def _guarded(self, what: str, is_well: Callable[[], bool]) -> None:
        try:
            if is_well() and self._said.pop(what, "") and not self._said:
                self._post(marked("The backup works again."), None)
        except StopRequested:
            return  # a backup that is broken off is none; the next one sweeps it away
        except StationError as error:
            self._say_once(what, error)
        except Exception as error:  # the undefined must not end this thread in silence: it is tried again
            undefined = StationError("UNDEFINED", cause=type(error).__name__, details=str(error))
            self._say_once(what, undefined)

    def _say_once(self, what: str, error: StationError) -> None:
        if self._said.get(what) != error.code and error.code not in self._said.values():
            self._post(marked("The backup needs somebody."), error)
        self._said[what] = error.code

    def _post(self, message: str, error: StationError | None) -> None:
        self._notices.post(Notice(BACKUP, None, message, {}, error))

    # ---- backups ----

    def _back_up_when_due(self) -> bool:
        now = self._source.clock.now()
        if self._not_before is not None and now < self._not_before:
            return False
        last, known = self._last_good()
        if self._place is None or now < next_due(self._settings.every, last, now, self._zone):
            return True
        self._not_before = now + RETRY
        maker = BackupMaker(self._source, self._place, self._settings.keep, self._tick)
        made = maker.make(known=known)
        self._not_before = None
        self._begin_continuation(made.manifest)
        return True

    def _tick(self) -> None:
        """Break a backup off when the station stops: nobody waits for it.

        Raises:
            StopRequested: it does.
        """
        if self._is_stopping():
            raise StopRequested

    def _last_good(self) -> tuple[datetime | None, bool]:
        """The moment of the last good backup, and whether there was any.

        None counts that is older than a restore of this database: what it holds is not what is here.
        """
        with self._source.database.reading() as transaction:
            made, restored = store.last_time(transaction, BACKUP_MADE), restorations.latest(transaction)
        if made is None or (restored is not None and made.journal <= restored.journal):
            return None, made is not None
        return datetime.fromisoformat(made.at), True

    # ---- the continuation ----

    def _write_continuation(self) -> bool:
        if self._continuation is None:
            manifest = self._newest_of_ours()
            if manifest is None:
                return True
            self._begin_continuation(manifest)
        if self._continuation is not None:
            self._seal()
            self._continuation.append()
        return True

    def _begin_continuation(self, manifest: Manifest) -> None:
        if self._place is not None:
            self._continuation = ContinuationWriter(self._source.database, self._place, manifest)

    def _newest_of_ours(self) -> Manifest | None:
        if self._place is None:
            return None
        with self._source.database.reading() as transaction:
            for manifest in reversed(self._place.manifests()):
                if store.has_row(transaction, manifest.journal.sequence, manifest.journal.hash):
                    return manifest
        return None

    # ---- the disk ----

    def _watch_disk(self) -> bool:
        reading = self._source.guard.look()
        if reading.level is self._level:
            return True
        self._level = reading.level
        changed = DiskSpaceChanged(level=reading.level.name.lower(), free=reading.free)
        with self._source.database.transaction() as transaction:
            self._source.journal.event(transaction, "disk_space_changed", changed)
        worries = self._source.guard.worries()
        for worry in worries:
            self._post(marked("The disk is filling up."), worry)
        if not worries:
            self._post(marked("The disk has room again."), None)
        return True
