"""What a batch needs from one group to the next: fonts that are read, and processes that sign."""

from collections.abc import Callable, Sequence
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

from station.errors import StationError
from station.letters.bulk.verdicts import Verdict
from station.letters.deciding import LetterOrder

if TYPE_CHECKING:
    from station.letters.bulk.group import GroupIssuing
    from station.letters.issuing import Issuing
    from station.letters.signing.pool import SigningPool
    from station.letters.signing.signer import TokenPdfSigner

IDLE: Final = 30.0  # seconds without a group after which the processes end; to start them takes about one


class LetterWorkshop:
    """Issues groups of letters, one group at a time. Its processes end when no group comes any more.

    Args:
        issuing: makes what issues letters; asked when the first group comes.
        signer: makes what signs their files.
    """

    def __init__(
        self, issuing: "Callable[[], Issuing]", signer: "Callable[[], TokenPdfSigner]", idle: float = IDLE
    ) -> None:
        self._make_issuing, self._make_signer, self._idle = issuing, signer, idle
        self._turn = Lock()
        self._pool: SigningPool | None = None
        self._group: GroupIssuing | None = None
        self._timer: Timer | None = None

    def issue(self, records: Sequence[str], order: LetterOrder) -> list[Verdict]:
        """Issue one group, as `GroupIssuing.issue`; an error ends the processes, the next group has new ones.

        Raises:
            Refused, InputFault, DeviceAbsent, StationError: as `GroupIssuing.issue`; LETTER_WORKER_DIED.
        """
        with self._turn:
            self._stop_waiting()
            try:
                verdicts = self._opened().issue(records, order)
            except StationError:
                self._end()
                raise
            self._timer = Timer(self._idle, self.close)
            self._timer.daemon = True
            self._timer.start()
            return verdicts

    def close(self) -> None:
        """End the processes; the next group starts them again."""
        with self._turn:
            self._stop_waiting()
            self._end()

    @property
    def is_open(self) -> bool:
        """Whether there are processes."""
        return self._pool is not None

    def _opened(self) -> "GroupIssuing":
        from station.letters.bulk.group import GroupIssuing
        from station.letters.signing.pool import SigningPool

        if self._group is None:
            issuing = self._make_issuing()
            self._pool = SigningPool(self._make_signer())
            self._group = GroupIssuing(issuing, self._pool)
        return self._group

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        pool, self._pool, self._group = self._pool, None, None
        if pool is not None:
            pool.__exit__(None, None, None)
