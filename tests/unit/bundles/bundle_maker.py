"""Bundles for tests, by the independent writer."""

from pathlib import Path

from simulators.recording_station.bundle import Draft, Sender
from simulators.recording_station.recordings import recording
from simulators.recording_station.sealing import Sealed, sealed
from tests.fakes.exchange import SENDER, STATION


def sealed_people(count: int, first: int = 0, status: str | None = None) -> list[Sealed]:
    """Sealed recordings of made-up people."""
    people = (recording(7, number, status) for number in range(first, first + count))
    return [sealed(one.record, one.captured_at, one.parts) for one in people]


def draft(count: int, first: int = 0, sender: Sender = SENDER, status: str | None = None) -> Draft:
    """A bundle before it is signed."""
    return sender.draft(sealed_people(count, first, status), STATION.public_key())


def write(file: Path, made: Draft, sender: Sender = SENDER) -> Path:
    """Sign a draft and write it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sender.bundle(made))
    return file


def write_people(file: Path, count: int, first: int = 0, status: str | None = None) -> Path:
    """Write a bundle of made-up people."""
    return write(file, draft(count, first, status=status))
