"""Fake devices whose every deed is marked, and whose truth can be taken up again at any mark."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.ports import ChipContent
from templates.card.face import CardFace
from tests.crash.lost_writes.marks import DeviceMark, Marker
from tests.fakes.devices import FakeLane

CALLABLES = ("hook", "on_clear", "faults")


class FoundLane(FakeLane):
    """A lane as it was found: a person clears its jams."""

    def __init__(self, cards: int) -> None:
        super().__init__(cards)
        self.on_clear = self.mend

    def mend(self) -> None:
        """Somebody opens the cover and mends what is broken."""
        self.errors = ()

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in CALLABLES}

    def __setstate__(self, state: dict[str, object]) -> None:
        FoundLane.__init__(self, 0)
        vars(self).update(state)


class TruthFolder:
    """Numbered snapshots of the devices. Number 0 is before anything has moved."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        folder.mkdir(exist_ok=True)

    def save(self, lane: FoundLane) -> int:
        """Keep a snapshot; return its number."""
        self._folder.joinpath(f"{self._count}.pickle").write_bytes(pickle.dumps(lane))
        self._count += 1
        return self._count - 1

    def load(self, number: int) -> FoundLane:
        """Take up the devices as they were: each time anew."""
        lane = pickle.loads(self._folder.joinpath(f"{number}.pickle").read_bytes())
        if not isinstance(lane, FoundLane):
            raise TypeError("no snapshot of a lane")
        return lane


class MarkedLane(FoundLane):
    """Marks every deed after it is done, and snapshots the truth."""

    def __init__(self, cards: int, marker: Marker, truths: TruthFolder) -> None:
        super().__init__(cards)
        self._marker, self._truths = marker, truths
        truths.save(self)

    def __getstate__(self) -> dict[str, object]:
        mine = ("_marker", "_truths")
        return {name: value for name, value in super().__getstate__().items() if name not in mine}

    def __reduce__(self) -> tuple[type[FoundLane], tuple[int], dict[str, object]]:
        return FoundLane, (0,), self.__getstate__()

    @contextmanager
    def _marked(self, operation: str) -> Iterator[None]:
        before = self.inside
        try:
            yield
        finally:
            card = self.inside or before
            self._marker.write(
                DeviceMark(
                    operation=operation, card=card.uid.hex() if card else None, truth=self._truths.save(self)
                )
            )

    def feed_to_chip_station(self) -> None:
        with self._marked("feed"):
            super().feed_to_chip_station()

    def recall_to_chip_station(self) -> None:
        with self._marked("feed"):
            super().recall_to_chip_station()

    def print_and_eject(self, face: CardFace) -> None:
        with self._marked("print"):
            super().print_and_eject(face)

    def reject(self) -> None:
        with self._marked("reject"):
            super().reject()

    def write(self, uid: bytes, content: ChipContent) -> None:
        with self._marked("write"):
            super().write(uid, content)

    def activate(self, uid: bytes) -> None:
        with self._marked("activate"):
            super().activate(uid)

    def terminate(self, uid: bytes) -> None:
        with self._marked("terminate"):
            super().terminate(uid)

    def clear_errors(self) -> None:
        if self.errors:
            with self._marked("mend"):
                super().clear_errors()
