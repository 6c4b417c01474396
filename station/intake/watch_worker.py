"""The thread of `station run` that looks into the watched folder; it never ends before the station does."""

from typing import Final

from station.clock import Clock
from station.errors import StationError
from station.intake.importing import FileResult
from station.intake.watching import WatchedFolder
from station.lanes.tools import StopWish
from station.language import marked
from station.notices import Notice, NoticeBoard

EVERY: Final = 2.0  # seconds between two looks
SLICE: Final = 0.5  # of a wait: the wish to stop is seen so soon
LANE: Final = "-"  # notices that belong to no lane


class WatchWorker:
    """Looks into the folder until the station stops, and says what came.

    Args:
        folder: the watched folder.
        clock, notices: of the station.
        stop: the wish to stop.
    """

    def __init__(self, folder: WatchedFolder, clock: Clock, notices: NoticeBoard, stop: StopWish) -> None:
        self._folder, self._clock, self._notices, self._stop = folder, clock, notices, stop
        self._said = ""

    def run_forever(self) -> None:
        """Look until `stop` is set."""
        while not self._stop.is_set():
            self.look()
            until = self._clock.monotonic() + EVERY
            while not self._stop.is_set() and self._clock.monotonic() < until:
                self._clock.sleep(SLICE)

    def look(self) -> None:
        """Look once. The same trouble is said once, not every two seconds."""
        try:
            results = self._folder.look()
        except StationError as error:
            if error.code != self._said:
                self._said = error.code
                self._post(marked("The watched folder is not taken in now."), error=error)
            return
        self._said = ""
        for result in results:
            self._tell(result)

    def _tell(self, result: FileResult) -> None:
        if result.fault is not None:
            self._post(marked("A bundle in the watched folder was refused."), error=result.fault)
            return
        self._post(
            marked("Bundle {bundle} of {sender}: {accepted} records taken in, {aside} set aside."),
            bundle=result.bundle[:8],
            sender=result.sender,
            accepted=result.accepted,
            aside=len(result.set_aside),
        )

    def _post(self, message: str, error: StationError | None = None, **values: object) -> None:
        self._notices.post(Notice(LANE, None, message, values, error))
