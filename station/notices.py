"""The in-process event bus: what the lanes tell the people, the screen and the console."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from station.errors import StationError


@dataclass(frozen=True)
class Notice:
    """One thing to show. `message` is a message for gettext, `values` fill it; never personal data.

    Attributes:
        error: the error that the notice reports, to be explained in full.
    """

    lane: str
    job: int | None
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    error: StationError | None = None


class NoticeBoard:
    """Passes notices on to whoever listens, in the order in which they are posted."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Notice], None]] = []

    def listen(self, listener: Callable[[Notice], None]) -> None:
        """Have every notice from now on given to `listener`, in the poster's thread."""
        self._listeners.append(listener)

    def post(self, notice: Notice) -> None:
        """Give a notice to all listeners."""
        for listener in self._listeners:
            listener(notice)
