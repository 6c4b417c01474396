"""What comes in on this day: two bundles of a recording team, and one that the centre has published."""

import hashlib
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel, ConfigDict

from simulators.recording_station.bundle import Sender
from simulators.recording_station.recordings import recording
from simulators.recording_station.sealing import Sealed, sealed
from station.records.parts import FILES, FINGERS
from tests.crash.lost_writes.records_day.layout import INCOMING, TRUST
from tests.fakes.exchange import SENDER, STATION, trust

CENTRE: Final = Sender(ec.derive_private_key(0xCE17, ec.SECP256R1()))
CENTRE_KEY: Final = ec.derive_private_key(0xCE18, ec.SECP256R1())  # what is meant for the centre alone
TEAM, SECOND, PARCEL = "team.bundle", "second.bundle", "parcel.bundle"
PEOPLE = "people.json"


class Person(BaseModel):
    """A record of this day: its id, the hash of its sealed bytes, and that over its four files."""

    model_config = ConfigDict(frozen=True)

    record: str
    content_hash: str
    digest: str


class People(BaseModel):
    """Whose records come in.

    Attributes:
        first: in both bundles of the team. second: the centre's answer on it is lost.
        erased: held for a while. wrong: opens but is not right. ready: published by the centre.
    """

    model_config = ConfigDict(frozen=True)

    first: Person
    second: Person
    erased: Person
    wrong: Person
    ready: Person

    @property
    def of_the_team(self) -> tuple[Person, ...]:
        """What the centre must have in the end."""
        return self.first, self.second, self.erased

    @property
    def readable(self) -> tuple[Person, ...]:
        """What the station must hold in the end."""
        return self.first, self.second, self.ready


def write(root: Path) -> None:
    """Write the bundles, and the public keys of those who send them."""
    folder = root / INCOMING
    folder.mkdir()
    first, second, erased = (_sealed(number) for number in range(3))
    wrong, ready = _sealed(3, without=FINGERS), _sealed(4, status="PRINT_READY_RECORD")
    for name, sender, items in (
        (TEAM, SENDER, (first, second, wrong)),
        (SECOND, SENDER, (first, erased)),
        (PARCEL, CENTRE, (ready,)),
    ):
        content, _ = zip(*items, strict=True)
        sender.write(folder / name, content, STATION.public_key())
    trust(root / TRUST)
    trust(root / TRUST, CENTRE, "centre", "centre")
    trust(root / TRUST, Sender(CENTRE_KEY), "recipients", "centre")
    people = People(
        first=_person(first),
        second=_person(second),
        erased=_person(erased),
        wrong=_person(wrong),
        ready=_person(ready),
    )
    folder.joinpath(PEOPLE).write_text(people.model_dump_json(), encoding="utf-8")


def read_people(root: Path) -> People:
    """Read who comes in."""
    return People.model_validate_json(root.joinpath(INCOMING, PEOPLE).read_bytes())


def _sealed(number: int, *, status: str | None = None, without: str = "") -> tuple[Sealed, str]:
    """Seal a recording without its large finger images; return it with the digest over its four files."""
    person = recording(7, number, status)
    parts = {name: person.parts[name] for name in FILES}
    digest = hashlib.sha256(b"".join(hashlib.sha256(parts[name]).digest() for name in FILES)).hexdigest()
    kept = {name: content for name, content in parts.items() if name != without}
    return sealed(person.record, person.captured_at, kept), digest


def _person(one: tuple[Sealed, str]) -> Person:
    item, digest = one
    return Person(record=item.record, content_hash=item.sha256, digest=digest)
