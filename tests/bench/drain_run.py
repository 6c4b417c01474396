"""One drain in a process of its own: `python -m tests.bench.drain_run SETTINGS RECORDS`; says JSON.

A process of its own, because its memory is measured: taking the records in needs more than sending them.
"""

import faulthandler
import resource
import sys
import time
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from station.centre.store import backlog
from station.errors import StationError
from station.exchange.assembling import make_exchange
from station.exchange.rounds import Exchange
from station.office import Office
from station.settings import Settings

TRIES: Final = 1000
PAUSE: Final = 0.5  # seconds after a round that did not go through


class Drained(BaseModel):
    """What it has cost: seconds, and the peak of memory in kB after a tenth of the records and in the end."""

    seconds: float
    first_peak: int
    peak: int


def drain(office: Office, records: int) -> Drained:
    """Make rounds until nothing is left, whatever fails."""
    exchange = make_exchange(office, office.clock.sleep)
    begun, first_peak = time.perf_counter(), 0
    while True:
        is_well = _round(exchange)
        with office.database.reading() as transaction:
            left = backlog(transaction)
        if not first_peak and left.received >= records // 10:
            first_peak = _peak()
        if not left.left:
            break
        if not is_well:
            office.clock.sleep(PAUSE)
    exchange.close()
    return Drained(seconds=time.perf_counter() - begun, first_peak=first_peak, peak=_peak())


def _round(exchange: Exchange) -> bool:
    """Make a round; tell whether it went through."""
    try:
        return exchange.round(TRIES).tally.trouble is None
    except StationError as error:
        if not error.code.startswith("CENTRE_"):
            raise
        return False


def _peak() -> int:
    """The largest memory that this process has had, in kB (getrusage(2))."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(settings: Path, records: int) -> int:
    """Drain what is held and say what it has cost."""
    faulthandler.enable()  # a library that crashes says where
    office = Office(Settings.model_validate_json(settings.read_bytes()))
    try:
        sys.stdout.write(drain(office, records).model_dump_json() + "\n")
    finally:
        office.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
