"""Taking hurt bundles in, and seeing each time that nothing is half done."""

import json
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from simulators.recording_station.recordings import Recording, recording
from station.error_catalogue import CATALOGUE
from station.errors import StationError
from station.intake.importing import FileResult
from tests.fakes.intake import IntakeStation
from tests.fuzz.mutations import Mutation, mutation

FRESH_AFTER: Final = 500  # mutations; then the station begins with empty books again
KNOWN: Final = 0.3  # so many mutations are of people who are held already; the others are of new records
TABLES: Final = (
    "held_records",
    "record_tokens",
    "intakes",
    "intake_verdicts",
    "set_aside",
    "journal",
    "deliveries",
)


class Broken(AssertionError):
    """A mutation that the station did not stand; the text says which."""


@dataclass(frozen=True)
class Books:
    """What the station has on its disk."""

    rows: Mapping[str, int]
    segments: int


@dataclass
class Tally:
    """What has become of all mutations: how many ended in each code, and how many in each way."""

    codes: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)


class Hunt:
    """One station, and hurt bundles one after the other."""

    def __init__(self, folder: Path, people: list[Recording]) -> None:
        self._station, self._file, self._people = IntakeStation(folder / "data"), folder / "x.bundle", people
        self._secrets = [text for one in people for text in (one.nik, one.name)]
        self._before = self._books()

    def try_one(self, change: Mutation, tally: Tally) -> None:
        """Take a hurt bundle in.

        Raises:
            Broken: anything but a code came of it, or something was left half done.
        """
        self._file.write_bytes(change.data)
        try:
            (result,) = self._station.take(self._file)
        except Exception as error:
            raise Broken(f"{change.way}: {type(error).__name__}: {error}") from error
        after = self._books()
        try:
            self._check(result, after)
        except StationError as error:
            raise Broken(f"{change.way}: what was taken in cannot be read: {error}") from error
        except AssertionError as error:
            raise Broken(f"{change.way}: {error}") from error
        self._before = after
        tally.ways[change.way] += 1
        tally.codes.update(_codes(result))

    def close(self) -> None:
        """Close the books."""
        self._station.close()

    def _books(self) -> Books:
        rows = {table: self._station.count(table) for table in TABLES}
        rows["waiting"] = self._station.count("set_aside", "state = 'waiting'")
        folders = [self._station.folder / name for name in ("vault", "set-aside")]
        return Books(rows, sum(file.stat().st_size for one in folders for file in one.glob("*")))

    def _check(self, result: FileResult, after: Books) -> None:
        for code in _codes(result):
            assert code in CATALOGUE or code in ("accepted", "duplicate"), f"unknown code {code}"
        said = " ".join(str(one) for one in (result.fault, *(aside.trouble for aside in result.set_aside)))
        assert not any(secret in said for secret in self._secrets), "personal data in a message"
        if result.fault is not None:
            assert after == self._before, f"{result.fault.code} left something behind"
            return
        assert result.finished, "a record without a verdict"
        grown = {table: after.rows[table] - self._before.rows[table] for table in after.rows}
        assert grown["held_records"] == result.accepted, f"held {grown}, accepted {result.accepted}"
        assert grown["deliveries"] == result.accepted, f"to be sent {grown}"
        kept = sum(one.kept for one in result.set_aside)
        assert grown["set_aside"] <= kept, f"set aside {grown}, kept {kept}"
        assert result.accepted or grown["set_aside"] or after.segments == self._before.segments, "stray bytes"
        self._check_readable(result)

    def _check_readable(self, result: FileResult) -> None:
        """Whatever came in can be read, by its own id."""
        station = self._station
        if not result.accepted:
            return
        for (record,) in station.values("SELECT record FROM held_records ORDER BY rowid DESC LIMIT 3"):
            assert station.holding.content(str(record)).data.record_id == record


def hunt(mutations: int, seed: int) -> Iterator[Tally]:
    """Try so many mutations; yields the tally from time to time and at the end.

    Raises:
        Broken: with the seed and the number of the mutation.
    """
    random, tally = Random(seed), Tally()
    people = [_small(recording(seed, number, None)) for number in range(3)]
    for begin in range(0, mutations, FRESH_AFTER):
        with _hunt(people) as one:
            for number in range(begin, min(begin + FRESH_AFTER, mutations)):
                try:
                    known = random.random() < KNOWN
                    now = people if known else [_renamed(random, person) for person in people]
                    one.try_one(mutation(random, now), tally)
                except Broken as broken:
                    raise Broken(f"seed {seed}, mutation {number}: {broken}") from broken
        yield tally


@contextmanager
def _hunt(people: list[Recording]) -> Iterator[Hunt]:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    one = Hunt(folder, people)
    try:
        yield one
    finally:
        one.close()
        shutil.rmtree(folder)


def _small(person: Recording) -> Recording:
    """The same person with small pictures: what is looked at is their head and their end."""
    parts = dict(person.parts)
    parts["photo.jpg"] = parts["photo.jpg"][:2000] + parts["photo.jpg"][-200:]
    parts["finger-02.png"] = parts["finger-02.png"][:100] + parts["finger-02.png"][-100:]
    del parts["finger-07.png"]
    return Recording(person.record, person.nik, person.name, person.captured_at, parts)


def _renamed(random: Random, person: Recording) -> Recording:
    """Another recording of the same person: it can be taken in once more."""
    record = str(uuid.UUID(int=random.getrandbits(128), version=4))
    document = json.loads(person.parts["record.json"])
    parts = {**person.parts, "record.json": json.dumps({**document, "record_id": record}).encode()}
    return Recording(record, person.nik, person.name, person.captured_at, parts)


def _codes(result: FileResult) -> list[str]:
    if result.fault is not None:
        return [result.fault.code]
    codes = ["accepted"] * result.accepted + ["duplicate"] * result.duplicates
    return codes + [one.trouble.code for one in result.set_aside]
