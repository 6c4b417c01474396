"""Answers of a fingerprint scanner, hurt in every way: `python -m tests.fuzz.sbi_answers --answers 30000`.

Some are hurt as bytes, some have a hurt part under the old signature, and some are hurt inside and then
signed rightly by the trusted key, so that every layer of the driver's reading is reached. Each must end in an
error of the driver with a reason. A capture may only be taken where it is the very one that was signed: what
was hurt then says nothing (a space between fields), or the trusted key itself has signed it so.
"""

import argparse
import base64
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

import numpy
from numpy.typing import NDArray

from drivers.sbi import hash_chain
from drivers.sbi.capture import CaptureWish, FingerCapture, read_answer
from drivers.sbi.device import Device, read_device
from drivers.sbi.errors import SbiError
from drivers.sbi.fingers import Finger
from drivers.sbi.hash_chain import FIRST
from drivers.sbi.policy import Policy
from drivers.sbi.trust import TrustRoots
from simulators.sbi import image_record, signing
from simulators.sbi.descriptions import Descriptions
from simulators.sbi.identity import Identity
from simulators.sbi.image_record import Record, annotation, comment, pack, segmentation
from simulators.sbi.model import Model
from simulators.sbi.truth import State
from tests.fuzz.bytes_hurt import hurt
from tests.fuzz.json_hurt import edit, spoil

PORT: Final = 4501
SLOWEST: Final = 5.0  # seconds of CPU for one answer
REPORT: Final = 1000
NOW: Final = datetime.now(UTC).replace(microsecond=0)


class Broken(AssertionError):
    """An answer that the driver did not stand; the text says which."""


@dataclass
class Tally:
    """What has become of all answers."""

    reasons: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def finger_pixels() -> NDArray[numpy.uint8]:
    """A small picture with ridges."""
    across, down = numpy.meshgrid(numpy.arange(80), numpy.arange(96))
    wave = numpy.sin(numpy.hypot(across - 37, down - 40) * 0.7)
    return ((wave + 1) * 110).astype(numpy.uint8)


class Scene:
    """One scanner, one wish, and the answer that is right."""

    def __init__(self, folder: Path) -> None:
        self.model, self.identity = Model(), Identity(folder)
        self.identity.make()
        self.key = self.identity.device_key()
        self.header = signing.header([self.identity.certificate("device")])
        self.policy = Policy(TrustRoots.from_file(self.identity.roots), "Developer")
        self.descriptions = Descriptions(self.model, self.identity)
        self.info = self.descriptions.info(State(), PORT, NOW)
        self.device: Device = read_device(self.info, PORT, self.model.device_id, self.policy, NOW)
        self.wish = CaptureWish((Finger.RIGHT_INDEX,), 40, 10.0, "7c0e0d3c-5d1f-4a57", FIRST)
        self.pixels = finger_pixels()
        height, width = self.pixels.shape
        self.record = Record(
            NOW,
            2,
            width,
            height,
            image_record.lossless(self.pixels),
            certifications=((0x40, 2),),
            blocks=(segmentation(2, width, height), annotation([(3, 1)]), comment("simulated")),
        )
        self.payload: dict[str, object] = {
            "digitalId": self.descriptions.digital_id(NOW),
            "deviceCode": self.model.serial,
            "deviceServiceVersion": "0.9.5",
            "bioType": "Finger",
            "bioSubType": "Right IndexFinger",
            "purpose": "Registration",
            "env": "Developer",
            "bioValue": signing.base64url(pack(self.record)),
            "transactionId": self.wish.transaction,
            "timestamp": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
            "requestedScore": "40",
            "qualityScore": "70.0",
        }

    def sign(self, payload: bytes) -> str:
        return signing.signed(self.key, self.header, payload)

    def answer(self, token: str, record: bytes) -> bytes:
        return answer_of([self.item(token, hash_chain.next_hash(FIRST, record))])

    def item(self, token: str, chained: str) -> dict[str, object]:
        error = {"errorCode": "0", "errorInfo": "Success"}
        return {"specVersion": "0.9.5", "data": token, "hash": chained, "error": error}

    def with_record(self, record: bytes) -> bytes:
        """A right answer, signed, around any record."""
        payload = {**self.payload, "bioValue": signing.base64url(record)}
        return self.answer(self.sign(signing.compact(payload)), record)

    def good(self) -> bytes:
        return self.with_record(pack(self.record))


def answer_of(items: Sequence[Mapping[str, object]]) -> bytes:
    return json.dumps({"biometrics": list(items)}).encode()


# ---- ways to hurt ----


def _bytes(random: Random, scene: Scene) -> bytes:
    return hurt(random, scene.good())


def _text(random: Random, scene: Scene) -> bytes:
    return spoil(random, scene.good())


def _item(random: Random, scene: Scene) -> bytes:
    (item,) = json.loads(scene.good())["biometrics"]
    changed = edit(random, item)
    return answer_of(random.choice(([changed], [changed, item], [item, changed], [item, item], [])))


def _token(random: Random, scene: Scene) -> bytes:
    """A hurt part of the token under the old signature."""
    (item,) = json.loads(scene.good())["biometrics"]
    parts = [piece.encode() for piece in item["data"].split(".")]
    number = random.randrange(len(parts))
    parts[number] = hurt(random, parts[number])
    item["data"] = b".".join(parts).decode("ascii", "replace")
    return answer_of([item])


def _letters(random: Random, scene: Scene) -> bytes:
    """Another letter of base64url somewhere in the token: the smallest change that keeps its form."""
    (item,) = json.loads(scene.good())["biometrics"]
    token = item["data"]
    at = random.choice((random.randrange(len(token)), len(token) - 1, token.index(".") - 1))
    item["data"] = token[:at] + random.choice("ABCQgwz09-_") + token[at + 1 :]
    return answer_of([item])


def _header(random: Random, scene: Scene) -> bytes:
    """A hurt header, with a signature that fits it."""
    head = edit(random, dict(scene.header))
    if random.random() < 0.5:
        certificate = hurt(random, scene.identity.certificate("device"))
        head["x5c"] = [base64.b64encode(certificate).decode()]
    token = signing.signed(scene.key, head, signing.compact(scene.payload))
    return scene.answer(token, pack(scene.record))


def _payload(random: Random, scene: Scene) -> bytes:
    token = scene.sign(signing.compact(edit(random, scene.payload)))
    return scene.answer(token, pack(scene.record))


def _payload_text(random: Random, scene: Scene) -> bytes:
    token = scene.sign(spoil(random, signing.compact(scene.payload)))
    return scene.answer(token, pack(scene.record))


def _record(random: Random, scene: Scene) -> bytes:
    return scene.with_record(hurt(random, pack(scene.record)))


def _record_head(random: Random, scene: Scene) -> bytes:
    record = bytearray(pack(scene.record))
    for _ in range(random.randint(1, 3)):
        record[random.randrange(70)] = random.choice((0, 1, 2, 5, 127, 128, 255, random.randrange(256)))
    return scene.with_record(bytes(record))


def _image(random: Random, scene: Scene) -> bytes:
    return scene.with_record(pack(scene.record.but(image=hurt(random, scene.record.image))))


def _codestream(random: Random, scene: Scene) -> bytes:
    """A codestream without its file around it, hurt in its head: sizes, tiles, layers, markers."""
    image = scene.record.image
    stream = bytearray(image[image.index(b"\xff\x4f\xff\x51") :])
    for _ in range(random.randint(1, 4)):
        stream[random.randrange(140)] = random.choice((0, 1, 2, 7, 127, 255, random.randrange(256)))
    return scene.with_record(pack(scene.record.but(image=bytes(stream))))


WAYS: Final[Mapping[str, Callable[[Random, Scene], bytes]]] = {
    "bytes": _bytes,
    "text": _text,
    "item": _item,
    "token": _token,
    "letters": _letters,
    "header": _header,
    "payload": _payload,
    "payload text": _payload_text,
    "record": _record,
    "record head": _record_head,
    "image": _image,
    "codestream": _codestream,
}
SIGNED_INSIDE: Final = frozenset({"payload", "record", "record head", "image", "codestream", "payload text"})
"""Here the trusted key has signed the hurt content: what is still a right record is rightly taken."""


def try_one(scene: Scene, way: str, answer: bytes, tally: Tally) -> None:
    """Give one answer to the driver.

    Raises:
        Broken: anything but a reason came of it, or a capture that must not be.
    """
    tally.ways[way] += 1
    begun = time.thread_time()
    try:
        captures = read_answer(answer, scene.wish, scene.device, scene.policy, NOW)
    except SbiError as error:
        if scene.model.serial in str(error) or not str(error).isprintable():
            raise Broken(f"{way}: the error tells too much: {error}") from error
        tally.reasons[str(error.reason)] += 1
    except Exception as error:
        raise Broken(f"{way}: {type(error).__name__}: {error}") from error
    else:
        tally.reasons[_require_true(scene, way, answer, captures)] += 1
    spent = time.thread_time() - begun
    tally.slowest = max(tally.slowest, spent)
    if spent > SLOWEST:
        raise Broken(f"{way}: it took {spent:.1f} s")


def _require_true(scene: Scene, way: str, answer: bytes, captures: Sequence[FingerCapture]) -> str:
    """Require the capture that was signed: the only finger, the right place in the chain, trusted."""
    (capture,) = captures
    record = _record_of(answer)
    true = (
        capture.finger == Finger.RIGHT_INDEX
        and capture.trusted
        and capture.serial == scene.model.serial
        and capture.hash == hash_chain.next_hash(FIRST, record)
        and record[:8] == b"FIR\x00020\x00"
        and 490 <= capture.dpi <= 1010
    )
    same = record == pack(scene.record) and numpy.array_equal(capture.pixels, scene.pixels)
    if not true or not (same or way in SIGNED_INSIDE):
        raise Broken(f"{way}: a capture was taken that must not be")
    return "taken: the capture itself" if same else "taken: signed so by the trusted key"


def _record_of(answer: bytes) -> bytes:
    """The record in an answer that was taken, by other code than the driver's."""
    (item,) = json.loads(answer)["biometrics"]
    payload = re.split(rb"\.", item["data"].encode())[1]
    value = json.loads(base64.urlsafe_b64decode(payload + b"=="))["bioValue"]
    return base64.urlsafe_b64decode(value + "==")


def hunt(scene: Scene, answers: int, seed: int) -> Iterator[Tally]:
    """Try so many answers; yields the tally from time to time and at the end.

    Raises:
        Broken: with the seed and the number of the answer.
    """
    random, tally = Random(seed), Tally()
    names = sorted(WAYS)
    for number in range(answers):
        way = random.choice(names)
        answer = WAYS[way](random, scene)
        try:
            try_one(scene, way, answer, tally)
        except Broken as broken:
            raise Broken(f"seed {seed}, answer {number}: {broken}") from broken
        if number % REPORT == REPORT - 1:
            yield tally
    yield tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Try answers; exit status 0 when each ended in a reason or was true, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.sbi_answers", description=__doc__)
    parser.add_argument("--answers", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tally, out = Tally(), sys.stdout
    try:
        with tempfile.TemporaryDirectory(prefix="sbi-fuzz-") as folder:
            for tally in hunt(Scene(Path(folder)), options.answers, options.seed):
                out.write(f"{sum(tally.ways.values())} answers\n")
                out.flush()
    except Broken as broken:
        out.write(f"{broken}\n")
        return 1
    for title, counts in (("way", tally.ways), ("ended in", tally.reasons)):
        for name, count in counts.most_common():
            out.write(f"{title} {name}: {count}\n")
    out.write(f"slowest: {tally.slowest * 1000:.0f} ms of CPU\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
