"""How quickly the backlog drains beside a plain http.client loop; and a centre that fails again and again.

`RECORDS=50000` in the environment makes the failing run that long; otherwise it is short.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.rig.station_file import STATION
from station.bundles.senders import read_public_key
from station.centre.identity import KeyEnvelope, signed_text
from station.centre.store import backlog
from station.exchange.assembling import make_exchange
from station.exchange.rounds import until_done
from station.vault.store import page
from tests.bench.drain import DrainRig, drain_rig, fresh_folder
from tests.bench.drain_run import TRIES, Drained
from tests.bench.rows import BenchFailed, Group, Row

ROUNDS: Final = 3
A_ROUND: Final = 500
_ASKED: Final = os.environ.get("RECORDS", "")
FAILING: Final = int(_ASKED) if _ASKED.isdigit() else 3000  # for the group `fingers` RECORDS names a folder
GOAL: Final = 1 / 0.6  # issue 4: at least 0.6 of the plain loop's rate
MEMORY_GOAL: Final = 1.25  # peak of the whole run beside the peak of its first tenth
LIMIT: Final = 3600.0


def measure() -> Sequence[Row]:
    """Drain beside the plain loop, then against a failing centre."""
    base = fresh_folder()
    try:
        return (*_beside_plain_loop(base), *_against_failing_centre(base))
    finally:
        shutil.rmtree(base, ignore_errors=True)


# ---- the rate ----


def _beside_plain_loop(base: Path) -> Sequence[Row]:
    """Ours and the plain loop by turns, each with records of its own, against the same server."""
    ours, plain = [], []
    with drain_rig(base, "even") as rig:
        exchange = make_exchange(rig.office, rig.office.clock.sleep)
        for number in range(ROUNDS):
            rig.fill(A_ROUND, 2 * number * A_ROUND)
            begun = time.perf_counter()
            until_done(exchange, rig.office.database, rig.office.clock, TRIES, 60.0)
            ours.append(time.perf_counter() - begun)
            _require_received(rig, (2 * number + 1) * A_ROUND)
            rig.fill(A_ROUND, (2 * number + 1) * A_ROUND)
            plain.append(_plain_loop(rig))
            _require_received(rig, (2 * number + 2) * A_ROUND)
            # these went without the station: it sends them again, and each gets the receipt that it has
            until_done(exchange, rig.office.database, rig.office.clock, TRIES, 60.0)
        exchange.close()
    return (
        Row(
            "drain of a record of 66 kB: ms",
            min(ours) / A_ROUND * 1000,
            min(plain) / A_ROUND * 1000,
            "plain http.client loop, same server, TLS",
            GOAL,
        ),
    )


def _require_received(rig: DrainRig, count: int) -> None:
    if rig.admin.truth().records != count:
        raise BenchFailed(f"the centre holds {rig.admin.truth().records} records, not {count}")


@dataclass(frozen=True)
class _Put:
    path: str
    headers: dict[str, str]
    body: bytes


def _plain_loop(rig: DrainRig) -> float:
    """PUT the same records with nothing but http.client: everything is prepared, nothing is written down."""
    context = ssl.create_default_context(cafile=rig.ports.ca)
    connection = http.client.HTTPSConnection("127.0.0.1", rig.ports.port, context=context, timeout=10)
    session = _let_in(rig, connection)
    puts = list(_prepared(rig, session))
    begun = time.perf_counter()
    for put in puts:
        connection.request("PUT", put.path, put.body, put.headers)
        response = connection.getresponse()
        response.read()
        if response.status != 201:
            raise BenchFailed(f"the centre answers a plain PUT with {response.status}")
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def _let_in(rig: DrainRig, connection: http.client.HTTPSConnection) -> str:
    def post(path: str, wish: dict[str, str]) -> dict[str, str]:
        connection.request("POST", path, json.dumps(wish).encode())
        answer: dict[str, str] = json.loads(connection.getresponse().read())
        return answer

    challenge = post("/v1/challenges", {"station": STATION})["challenge"]
    text = signed_text(("print-station session 1", f"127.0.0.1:{rig.ports.port}", STATION, challenge))
    signature = base64.b64encode(rig.office.centre_signer().sign(text)).decode()
    wish = {"station": STATION, "challenge": challenge, "signature": signature}
    return post("/v1/sessions", wish)["session"]


def _prepared(rig: DrainRig, session: str) -> Iterator[_Put]:
    envelope = KeyEnvelope(read_public_key(rig.folder / "recipients" / "centre.pem"))
    with rig.office.database.reading() as transaction:
        held = [one for one in page(transaction, most=100_000) if one.local_status == "BIO_CAPTURED"]
    for one in held:
        found, content = rig.office.holding.sealed(one.record)
        headers = {
            "Authorization": f"Bearer {session}",
            "Content-Type": "application/octet-stream",
            "Record-Id": one.record,
            "Record-Key": envelope.header(rig.office.holding.record_key(found)),
        }
        yield _Put(f"/v1/records/{one.content_hash}", headers, content.sealed)


# ---- nothing lost, nothing twice ----


def _against_failing_centre(base: Path) -> Sequence[Row]:
    with drain_rig(base, "failing", fail_one_in=10) as rig:
        rig.fill(FAILING)
        done = _drained_elsewhere(rig)
        _require_once(rig)
    return (
        Row(
            f"peak memory over {FAILING:,} records, one request in ten fails: MB",
            done.peak / 1024,
            done.first_peak / 1024,
            "peak after a tenth of them",
            MEMORY_GOAL,
        ),
        Row("the same run: ms a record", done.seconds / FAILING * 1000, 1.0, "nothing; it informs"),
    )


def _drained_elsewhere(rig: DrainRig) -> Drained:
    settings = rig.folder / "settings.json"
    settings.write_text(rig.office.settings.model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-m", "tests.bench.drain_run", str(settings), str(FAILING)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise BenchFailed(f"the drain ended with {done.returncode}: {done.stderr[-2000:]}")
    return Drained.model_validate_json(done.stdout)


def _require_once(rig: DrainRig) -> None:
    """The centre's truth: every record, each of them once; and the station has counted as many."""
    truth = rig.admin.truth()
    with rig.office.database.reading() as transaction:
        counted = backlog(transaction)
    if (truth.records, counted.received, counted.refused) != (FAILING, FAILING, {}):
        raise BenchFailed(
            f"of {FAILING} records the centre holds {truth.records}, the station has counted "
            f"{counted.received}, set aside: {counted.refused}"
        )


GROUP: Final = Group("centre", f"draining the backlog; {FAILING:,} records against a failing centre", measure)
