"""What an import cannot do without: `python -m tests.bench.records_floor FOLDER BUNDLES PART OF`; says JSON.

The bytes read, each signature verified, each record's key unwrapped, its bytes hashed and opened, the
person's digest and the wrapped key asked of the token, the sealed bytes written, five rows a record: one
after the other, with one sync and one commit for each batch. Nothing of a record is checked, nothing told.
OF processes at once, each with its PART from 0, begin when all are ready: a line on their input.
"""

import hashlib
import json
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from station.bundles.agreement import Agreements
from station.bundles.manifest import read_manifest
from station.office import Office, open_office
from station.settings import load_settings

BATCH: Final = 64
HEAD: Final = 14  # docs/reference/bundle.md, "File"
ROWS: Final = 5  # held record, intake, verdict, journal, and the search tokens as one
ROW_BYTES: Final = 400
PERSON: Final = "3171010101010001"  # any NIK costs the token the same


@dataclass(frozen=True)
class Opened:
    """What one bundle of one record takes to open."""

    sealed: bytes
    key: bytes


class Floor:
    """Opens bundles and writes what they carry, in the fewest steps."""

    def __init__(self, office: Office, folder: Path, sender: ec.EllipticCurvePublicKey) -> None:
        self._office, self._sender = office, sender
        self._agreements = Agreements(office.keys.exchange)
        own = Path(tempfile.mkdtemp(prefix="floor-", dir=folder))
        self._segment = os.open(own / "floor.seg", os.O_WRONLY | os.O_CREAT, 0o600)
        self._database = sqlite3.connect(own / "floor.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE rows (name TEXT PRIMARY KEY, value BLOB)")

    def take_in(self, files: list[Path]) -> None:
        for start in range(0, len(files), BATCH):
            self._write([self._open(file) for file in files[start : start + BATCH]])

    def _open(self, file: Path) -> Opened:
        content = file.read_bytes()
        size, signature = int.from_bytes(content[8:12], "big"), int.from_bytes(content[12:14], "big")
        signed = content[HEAD : HEAD + size]
        start = HEAD + size + signature
        self._sender.verify(content[HEAD + size : start], signed, ec.ECDSA(hashes.SHA256()))
        manifest = read_manifest(signed)
        (entry,) = manifest.records
        sealed = content[start:]
        if hashlib.sha256(sealed).hexdigest() != entry.sha256:
            raise ValueError("not what was signed")
        key = aes_key_unwrap(self._agreements.encryption_key(manifest), bytes.fromhex(entry.key))
        packed = AESGCM(key).decrypt(sealed[4:16], sealed[16:], b"PSR1" + entry.record.encode())
        hashlib.sha256(packed)
        self._office.keys.person_key(PERSON)
        return Opened(sealed, key)

    def _write(self, batch: list[Opened]) -> None:
        for one in batch:
            self._office.keys.records.wrap("floor", one.key)
        os.write(self._segment, b"".join(one.sealed for one in batch))
        os.fdatasync(self._segment)
        rows = [(secrets.token_hex(16), bytes(ROW_BYTES)) for _ in range(ROWS * len(batch))]
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO rows VALUES (?, ?)", rows)
        self._database.execute("COMMIT")


def main(folder: Path, bundles: Path, part: int, of: int) -> int:
    """Do it, and say what it has cost."""
    files = sorted(bundles.rglob("*.bundle"))[part::of]
    sender = load_pem_public_key((folder / "sender.pem").read_bytes())
    if not isinstance(sender, ec.EllipticCurvePublicKey):
        raise TypeError("the sender's key is none on P-256")
    with open_office(load_settings(folder / "station.toml")) as office:
        office.keys.search_key()  # the login to the token is not part of the figure
        floor = Floor(office, folder, sender)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        begun = time.perf_counter()
        floor.take_in(files)
        seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"records": len(files), "seconds": seconds}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
