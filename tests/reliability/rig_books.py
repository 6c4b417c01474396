"""The station's books of a rig's office, as a person looks into them: nothing stays open over a fork."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from station.database import Database


class PublicHeadKey:
    """Verifies the heads of the journal with the public key alone."""

    def __init__(self, pem: Path) -> None:
        key = load_pem_public_key(pem.read_bytes())
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TypeError(f"{pem} is no elliptic-curve key")
        self._key = key

    def sign(self, data: bytes) -> bytes:
        raise NotImplementedError("the private key is in the token")

    def verify(self, data: bytes, signature: bytes) -> bool:
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            self._key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Standing:
    """How the office stands, by its books."""

    left: int
    attempts: int
    questions: int
    broken: bool
    rows: int
    loaded: int
    stock: int


class Books:
    """Looks into the station's database; keeps nothing open, since no connection may cross a fork."""

    def __init__(self, data: Path) -> None:
        self._file = data / "station.db"
        self.database = Database("sqlite:///station.db", data)

    def standing(self) -> Standing:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=10)) as connection:
            return Standing(*connection.execute(STANDING).fetchone())

    def count(self, condition: str) -> int:
        """Count rows of the journal."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=10)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM journal WHERE {condition}").fetchone()[0])


STANDING = """
SELECT (SELECT count(*) FROM jobs WHERE state IN ('queued', 'working', 'waiting')),
       (SELECT count(*) FROM attempts),
       (SELECT count(*) FROM journal AS q WHERE kind = 'question'
          AND NOT EXISTS (SELECT 1 FROM journal WHERE kind = 'answer' AND question = q.sequence)),
       (SELECT count(*) FROM lanes WHERE state = 'broken'),
       (SELECT count(*) FROM journal),
       (SELECT coalesce(sum(quantity), 0) FROM blank_moves WHERE source = 'stock' AND target = 'in_machine'),
       (SELECT coalesce(sum(balance), 0) FROM blank_accounts WHERE account = 'stock')
"""
