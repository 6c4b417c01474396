"""What the vault costs for one record: its key in the token, its bytes, and finding it among many."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, TypeAdapter

from simulators.rig.token_files import TokenFiles, make_batch_key, write_secret
from station.clock import SystemClock
from station.database import Database
from station.devices.keys import TokenKeys
from station.journal.store import Journal
from station.settings import KeySettings
from station.vault.holding import Holding
from station.vault.sealed import SealedRecord, open_sealed, seal
from station.vault.tokens import name_tokens
from station.vault.vault import Vault
from tests.bench.restart import HELD, fill
from tests.bench.rows import BenchFailed, Group, Row

ROUNDS: Final = 2000
SEARCHES: Final = 200
PACKED: Final = secrets.token_bytes(60_000)  # as large as a record with its pictures
NIK: Final = "9876541001900001"


class Costs(BaseModel):
    """Seconds for one of each; measured in a process of its own, which alone sees the token."""

    wrap: float
    unwrap: float
    hmac: float
    seal: float
    open: float
    encrypt: float
    by_nik: float
    by_name: float


def measure() -> Sequence[Row]:
    """Make a token and measure in a process that has it in its environment."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        files = TokenFiles(Path(name))
        write_secret(files.batch_key, make_batch_key(1).hex())
        _run("simulators.rig.token_maker", files)
        costs = TypeAdapter(Costs).validate_json(_run("tests.bench.vault", files))
    return (
        Row("wrap a record's key in the token: ms", costs.wrap * 1e3, costs.hmac * 1e3, "an HMAC in it, ms"),
        Row("unwrap it: ms", costs.unwrap * 1e3, costs.hmac * 1e3, "an HMAC in the token, ms"),
        Row("seal 60 kB: ms", costs.seal * 1e3, costs.encrypt * 1e3, "AES-GCM alone, ms"),
        Row("open 60 kB: ms", costs.open * 1e3, costs.encrypt * 1e3, "AES-GCM alone, ms"),
        Row(f"search a name among {HELD}: ms", costs.by_name * 1e3, costs.by_nik * 1e3, "a NIK, ms"),
    )


def _run(module: str, files: TokenFiles) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", module, "--folder", str(files.folder)],
        env={**os.environ, "SOFTHSM2_CONF": str(files.configuration)},
        capture_output=True,
        timeout=240,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"{module}: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


def _costs(folder: Path) -> Costs:
    files = TokenFiles(folder)
    urls = {name: files.url(name) for name in ("person", "blanks", "signature", "journal", "records")}
    keys = TokenKeys(KeySettings.model_validate(urls), folder)
    master, key = keys.records, secrets.token_bytes(32)
    wrapped, nonce, cipher = master.wrap("bench", key), secrets.token_bytes(12), AESGCM(key)
    sealed, own = seal("bench", PACKED)
    database = Database("sqlite:///station.db", folder)
    database.migrate()
    fill(database, folder / "vault", HELD, name_tokens(keys.search_key(), "SITI"))
    clock = SystemClock()
    holding = Holding(database, Journal(clock), clock, Vault(folder / "vault", master), keys)
    try:
        return Costs(
            wrap=_seconds(ROUNDS, lambda: master.wrap("bench", key)),
            unwrap=_seconds(ROUNDS, lambda: master.unwrap("bench", wrapped)),
            hmac=_seconds(ROUNDS, lambda: keys.person_key(NIK)),
            seal=_seconds(ROUNDS, lambda: seal("bench", PACKED)),
            open=_seconds(ROUNDS, lambda: open_sealed(SealedRecord("bench", sealed.sealed), own)),
            encrypt=_seconds(ROUNDS, lambda: cipher.encrypt(nonce, PACKED, None)),
            by_nik=_seconds(SEARCHES, lambda: holding.search(nik=NIK)),
            by_name=_seconds(SEARCHES, lambda: holding.search(name="SITI")),
        )
    finally:
        database.close()


def _seconds(rounds: int, do: Callable[[], object]) -> float:
    do()
    begun = time.perf_counter()
    for _ in range(rounds):
        do()
    return (time.perf_counter() - begun) / rounds


GROUP: Final = Group("vault", f"keys, bytes and a search among {HELD}; about a minute", measure)

if __name__ == "__main__":
    sys.stdout.write(_costs(Path(sys.argv[2])).model_dump_json())
