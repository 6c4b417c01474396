"""One hurt bundle after the other: hurt as a file, signed by a trusted key with a hurt manifest, or sealed
rightly around hurt content, so that every layer of the station's reading is reached."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from simulators.recording_station.bundle import Draft, framed
from simulators.recording_station.recordings import Recording
from simulators.recording_station.sealing import Sealed, packed, sealed, sealed_bytes
from tests.fakes.exchange import SENDER, STATION
from tests.fuzz.bytes_hurt import hurt
from tests.fuzz.json_hurt import edit, other_value, spoil

PARTS: Final = ("record.json", "photo.jpg", "signature.png", "fingers.iso", "finger-02.png")
NAMES: Final = (
    "",
    "../x",
    "a" * 65,
    "Photo.jpg",
    "photo.jpg\0",
    "é.jpg",
    "/etc/passwd",
    "finger-00.png",
    "x",
)
HEAD: Final = 14  # magic and lengths


@dataclass(frozen=True)
class Mutation:
    """A hurt bundle, and in which way it was hurt."""

    way: str
    data: bytes


def mutation(random: Random, people: Sequence[Recording]) -> Mutation:
    """Hurt a bundle of these people in a way that `random` chooses."""
    way = random.choice(sorted(WAYS))
    return Mutation(way, WAYS[way](random, people))


def _draft(people: Sequence[Recording]) -> Draft:
    records = [sealed(one.record, one.captured_at, one.parts) for one in people]
    return SENDER.draft(records, STATION.public_key())


def _of(records: Sequence[Sealed]) -> bytes:
    return SENDER.bundle(SENDER.draft(records, STATION.public_key()))


def _file(random: Random, people: Sequence[Recording]) -> bytes:
    return hurt(random, SENDER.bundle(_draft(people)))


def _truncated(random: Random, people: Sequence[Recording]) -> bytes:
    """Cut at every kind of border: inside the head, at its end, in the manifest, at a record's edge."""
    draft = _draft(people)
    data = SENDER.bundle(draft)
    manifest = len(draft.manifest_bytes())
    start = len(data) - sum(map(len, draft.contents))
    borders = [
        0,
        1,
        7,
        8,
        11,
        12,
        13,
        HEAD,
        HEAD + manifest,
        start,
        start + len(draft.contents[0]),
        len(data),
    ]
    return data[: max(0, random.choice(borders) + random.choice((-1, 0, 1)))]


def _lengths(random: Random, people: Sequence[Recording]) -> bytes:
    data = bytearray(SENDER.bundle(_draft(people)))
    at, size = random.choice(((8, 4), (12, 2)))
    true = int.from_bytes(data[at : at + size], "big")
    wanted = random.choice((0, 1, true - 1, true + 1, true * 2, 256**size - 1, random.randrange(256**size)))
    data[at : at + size] = (wanted % 256**size).to_bytes(size, "big")
    return bytes(data)


def _signature(random: Random, people: Sequence[Recording]) -> bytes:
    draft = _draft(people)
    text = draft.manifest_bytes()
    return framed(text, hurt(random, SENDER.sign(text))[:65535], draft.contents)


def _manifest_field(random: Random, people: Sequence[Recording]) -> bytes:
    draft = _draft(people)
    manifest: dict[str, object] = dict(draft.manifest)
    if random.random() < 0.5:
        manifest = edit(random, manifest)
    else:
        records = manifest["records"]
        assert isinstance(records, list)
        number = random.randrange(len(records))
        manifest["records"] = [edit(random, one) if at == number else one for at, one in enumerate(records)]
    return _signed(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode(), draft.contents)


def _manifest_text(random: Random, people: Sequence[Recording]) -> bytes:
    draft = _draft(people)
    return _signed(spoil(random, draft.manifest_bytes()), draft.contents)


def _records_moved(random: Random, people: Sequence[Recording]) -> bytes:
    """Records twice, in another order, without their bytes, with the bytes or the key of another."""
    draft = _draft(people)
    records = draft.manifest["records"]
    assert isinstance(records, list)
    entries, contents = [dict(one) for one in records], list(draft.contents)
    way = random.randrange(5)
    if way == 0:
        entries, contents = entries + entries[:1], contents + contents[:1]
    elif way == 1:
        contents.reverse()
    elif way == 2:
        entries[0]["key"], entries[-1]["key"] = entries[-1]["key"], entries[0]["key"]
    elif way == 3:
        entries[0]["record"], entries[-1]["record"] = entries[-1]["record"], entries[0]["record"]
    else:
        entries.reverse()
    draft.manifest["records"] = entries
    return _signed(draft.manifest_bytes(), contents)


def _sealed_hurt(random: Random, people: Sequence[Recording]) -> bytes:
    """Hurt sealed bytes under a manifest that says they are right."""
    draft = _draft(people)
    records = draft.manifest["records"]
    assert isinstance(records, list)
    number = random.randrange(len(records))
    draft.contents[number] = hurt(random, draft.contents[number])
    records[number]["sha256"] = hashlib.sha256(draft.contents[number]).hexdigest()
    records[number]["size"] = len(draft.contents[number])
    return _signed(draft.manifest_bytes(), draft.contents)


def _packed_hurt(random: Random, people: Sequence[Recording]) -> bytes:
    """Seal hurt CBOR rightly."""
    content = packed(people[0].parts)
    odd = random.choice(
        (
            hurt(random, content),
            b"\xbf" + content[1:] + b"\xff",  # a map of indefinite length
            b"\xc1" + content,  # a tag
            b"\xa1\x61a\x5b" + b"\xff" * 8,  # a byte string of 2^64 - 1 bytes
            b"\x9f" * 5000,  # arrays in arrays
            b"\xbb" + b"\xff" * 8,
            b"\xd8\x1c" * 3000,  # shared values
            content + content,
            b"\xb8" + bytes([len(people[0].parts)]) + content[1:],  # a length that is not the shortest
        )
    )
    return _of([sealed_bytes(people[0].record, people[0].captured_at, odd), *_rest(people)])


def _part_hurt(random: Random, people: Sequence[Recording]) -> bytes:
    parts = dict(people[0].parts)
    name = random.choice(PARTS)
    parts[name] = hurt(random, parts[name])
    return _of([_with(people[0], parts), *_rest(people)])


def _parts_moved(random: Random, people: Sequence[Recording]) -> bytes:
    parts = dict(people[0].parts)
    way = random.randrange(4)
    first, second = random.sample(PARTS, 2)
    if way == 0:
        del parts[first]
    elif way == 1:
        parts[first], parts[second] = parts[second], parts[first]
    elif way == 2:
        parts[random.choice(NAMES)] = parts.pop(first)
    else:
        parts = {f"part-{number}": b"" for number in range(random.choice((0, 64, 65, 300)))}
    return _of([_with(people[0], parts), *_rest(people)])


def _record_field(random: Random, people: Sequence[Recording]) -> bytes:
    parts = dict(people[0].parts)
    document = edit(random, json.loads(parts["record.json"]))
    for _ in range(random.randrange(3)):
        name = random.choice(sorted(document) or [""])
        document[name] = other_value(random, document.get(name))
    parts["record.json"] = json.dumps(document).encode()
    return _of([_with(people[0], parts), *_rest(people)])


def _record_text(random: Random, people: Sequence[Recording]) -> bytes:
    parts = dict(people[0].parts)
    parts["record.json"] = spoil(random, parts["record.json"])
    return _of([_with(people[0], parts), *_rest(people)])


def _signed(manifest: bytes, contents: Sequence[bytes]) -> bytes:
    return framed(manifest, SENDER.sign(manifest), contents)


def _with(person: Recording, parts: Mapping[str, bytes]) -> Sealed:
    return sealed(person.record, person.captured_at, parts)


def _rest(people: Sequence[Recording]) -> list[Sealed]:
    return [sealed(one.record, one.captured_at, one.parts) for one in people[1:]]


WAYS: Final[Mapping[str, Callable[[Random, Sequence[Recording]], bytes]]] = {
    "file": _file,
    "truncated": _truncated,
    "lengths": _lengths,
    "signature": _signature,
    "manifest field": _manifest_field,
    "manifest text": _manifest_text,
    "records moved": _records_moved,
    "sealed bytes": _sealed_hurt,
    "packed bytes": _packed_hurt,
    "part": _part_hurt,
    "parts moved": _parts_moved,
    "record field": _record_field,
    "record text": _record_text,
}
