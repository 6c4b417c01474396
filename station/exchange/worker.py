"""The centre's thread in `station run`: a round, a wait, a round; it never ends before the station does."""

from station.centre.backoff import Backoff
from station.clock import Clock
from station.errors import OutcomeUnknown, StationError
from station.exchange.rounds import Exchange
from station.lanes.tools import StopRequested, StopWish
from station.language import marked
from station.notices import Notice, NoticeBoard

LOOK = 0.5  # seconds between two looks at the wish to stop
PATIENCE = 4  # failures in a row that end a round; the next one asks first how the centre is
WHILE_PAUSED = 5.0
LANE = "-"  # notices that belong to no lane


class Bell:
    """Ends a wait early: somebody wants a round at once."""

    def __init__(self) -> None:
        self._rung = False

    def ring(self) -> None:
        """Wish for a round."""
        self._rung = True

    def answer(self) -> bool:
        """Tell whether somebody has rung, and forget it."""
        rung, self._rung = self._rung, False
        return rung


def stoppable_pause(clock: Clock, stop: StopWish, duration: float, bell: Bell | None = None) -> None:
    """Wait, but not longer than until somebody wants to stop, or rings.

    Raises:
        StopRequested: the station is to stop.
    """
    until = clock.monotonic() + duration
    while not stop.is_set():
        left = until - clock.monotonic()
        if left <= 0 or (bell is not None and bell.answer()):
            return
        clock.sleep(min(left, LOOK))
    raise StopRequested


class CentreWorker:
    """Makes rounds until the station stops."""

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        notices: NoticeBoard,
        stop: StopWish,
        backoff: Backoff,
        every: float,
        bell: Bell | None = None,
    ) -> None:
        """Make a worker; `backoff` is of rounds, `every` the wait between two good ones, `bell` ends it."""
        self._exchange, self._clock, self._notices = exchange, clock, notices
        self._stop, self._backoff, self._every = stop, backoff, every
        self._bell, self._said = bell or Bell(), ""

    def run_forever(self) -> None:
        """Make rounds until `stop` is set."""
        try:
            while not self._stop.is_set():
                stoppable_pause(self._clock, self._stop, self._round(), self._bell)
        except StopRequested:
            return
        finally:
            self._exchange.close()

    def _round(self) -> float:
        """Make one round; return how long to wait before the next."""
        try:
            done = self._exchange.round(PATIENCE)
        except StationError as error:
            self._say(error)
            if error.code == "CENTRE_PAUSED":
                return WHILE_PAUSED
            return max(self._backoff.failed(), self._backoff.wait_after(1))
        except StopRequested:
            raise
        except Exception as error:  # the undefined: said, and never the end of the station's sending
            undefined = StationError("UNDEFINED", cause=type(error).__name__, details=str(error))
            self._say(undefined)
            self._exchange.close()
            return max(self._backoff.failed(), self._every)
        if done.tally.trouble is not None:
            self._say(done.tally.trouble)
            return max(self._backoff.failed(), self._backoff.wait_after(1))
        self._backoff.succeeded()
        if self._said:
            self._said = ""
            self._notices.post(Notice(LANE, None, marked("The centre is reached again.")))
        if done.tally.refused:
            message = marked("{count} deliveries are set aside: station centre status.")
            self._notices.post(Notice(LANE, None, message, {"count": done.tally.refused}))
        return 0.0 if done.more else self._every

    def _say(self, error: StationError) -> None:
        """Say a trouble once, not at every try."""
        if error.code != self._said and not (
            isinstance(error, OutcomeUnknown) and not self._backoff.failures
        ):
            self._said = error.code
            message = marked("Nothing goes to the centre for now; cards and recordings go on.")
            self._notices.post(Notice(LANE, None, message, {}, error))
