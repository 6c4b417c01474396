"""Answer a disk that came by hand: `python -m simulators.centre.carried --folder TRUTH --disk DIR`.

Reads `print-station/STATION/to-centre/*.bundle`, writes receipts, statuses, flags and published bundles into
`print-station/STATION/from-centre/`. docs/reference/centre.md, "By hand". The centre may run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from simulators.centre.bundles import BadBundle, Item, key_id, read_items
from simulators.centre.centre import Centre, Equipment, Refusal
from simulators.centre.documents import Receipt, json_bytes, sign_carried
from simulators.centre.identity import load_public
from simulators.centre.sealed import MAGIC, NONCE
from simulators.centre.verdicts import Deduplication

ROOT = "print-station"
MESSAGES = "messages-"
RECEIPTS_A_FILE = 5000


@dataclass
class Answered:
    """What was found on a station's part of a disk, and what came of it."""

    station: str
    bundles: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    refusals: list[dict[str, str]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    published: int = 0

    def document(self) -> dict[str, object]:
        """For the person who carries the disk."""
        return {
            "station": self.station,
            "bundles": self.bundles,
            "receipts": len(self.receipts),
            "refusals": len(self.refusals),
            "unreadable": self.unreadable,
            "published": self.published,
        }


def answer_disk(centre: Centre, disk: Path) -> list[Answered]:
    """Answer every station whose part lies on the disk."""
    stations = sorted(path.name for path in (disk / ROOT).glob("*") if path.is_dir())
    return [_answer(centre, disk / ROOT / station, station) for station in stations]


def _answer(centre: Centre, folder: Path, station: str) -> Answered:
    done = Answered(station)
    rows = centre.truth.rows("SELECT signing FROM stations WHERE name = ?", (station,))
    if not rows:
        done.unreadable.append("the station is not known")
        return done
    signing = load_public(str(rows[0][0]).encode())
    for path in sorted((folder / "to-centre").glob("*.bundle")):
        done.bundles += 1
        try:
            for item in read_items(path, centre.encryption, {key_id(signing): signing}):
                _take(centre, station, item, done)
        except BadBundle as error:
            done.unreadable.append(f"{path.name}: {error}")
    _write_answer(centre, folder / "from-centre", station, done)
    return done


def _take(centre: Centre, station: str, item: Item | str, done: Answered) -> None:
    if isinstance(item, str):
        done.refusals.append({"kind": "record", "content_hash": item, "error": "hash_differs"})
        return
    if item.record.startswith(MESSAGES):
        for content_hash, body in _messages(item):
            try:
                done.receipts.append(centre.receive_message(station, content_hash, body, "disk")[0])
            except Refusal as refusal:
                done.refusals.append({"kind": "message", "content_hash": content_hash, "error": str(refusal)})
        return
    try:
        centre.require_receiving()
        done.receipts.append(centre.take(station, item, "disk")[0])
    except Refusal as refusal:
        if refusal.status < 500:  # a centre that cannot receive says nothing of the record
            done.refusals.append({"kind": "record", "content_hash": item.content_hash, "error": str(refusal)})


def _messages(item: Item) -> Iterator[tuple[str, bytes]]:
    start = len(MAGIC) + NONCE
    try:
        packed = AESGCM(item.key).decrypt(
            item.sealed[len(MAGIC) : start], item.sealed[start:], MAGIC + item.record.encode()
        )
    except InvalidTag:
        return
    parts: dict[str, bytes] = cbor2.loads(packed)
    yield from parts.items()


def _write_answer(centre: Centre, folder: Path, station: str, done: Answered) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    documents = [receipt.document(centre.signing) for receipt in done.receipts]
    for number, start in enumerate(range(0, len(documents), RECEIPTS_A_FILE), 1):
        page = {"receipts": documents[start : start + RECEIPTS_A_FILE]}
        _write(folder / f"receipts-{number:03}.json", json_bytes(page))
    for path in _publications(centre, station):
        shutil.copyfile(path, folder / path.name)
        done.published += 1
    answer = {
        "station": station,
        "health": centre.health(),
        "statuses": _all_statuses(centre, station),
        "refusals": done.refusals,
    }
    _write(folder / "answer.json", json_bytes(sign_carried(centre.signing, station, json_bytes(answer))))


def _all_statuses(centre: Centre, station: str) -> list[object]:
    statuses: list[object] = []
    cursor = ""
    while True:
        page = centre.statuses(station, cursor)
        found = page["statuses"]
        statuses += found if isinstance(found, list) else []
        cursor = str(page["cursor"])
        if not page["more"]:
            return statuses


def _publications(centre: Centre, station: str) -> list[Path]:
    rows = centre.truth.rows(
        "SELECT sha256 FROM publications WHERE station = ? ORDER BY sequence", (station,)
    )
    return [centre.publication_file(str(sha256)) for (sha256,) in rows]


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Answer one disk; say what was done as JSON."""
    parser = argparse.ArgumentParser(prog="python -m simulators.centre.carried", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the centre keeps its truth")
    parser.add_argument("--disk", type=Path, required=True, help="folder of the disk")
    options = parser.parse_args(arguments)
    centre = Centre(Equipment(options.folder.resolve(), Deduplication(), speed=0.0))
    try:
        done = answer_disk(centre, options.disk)
    finally:
        centre.truth.close()
    sys.stdout.write(json.dumps([one.document() for one in done]) + "\n")
    return 0 if done and not any(one.unreadable for one in done) else 1


if __name__ == "__main__":
    sys.exit(main())
