"""Holds records that the centre has sent: `python -m tests.letters_killed.holding FOLDER --count N`."""

import argparse
import sys
from pathlib import Path
from typing import Final

from simulators.recording_station.recordings import recordings
from station.office import Office, open_office
from station.records.folder import FILES
from station.records.parts import record_of
from station.settings import load_settings
from station.vault.sealed import pack, seal

TOGETHER: Final = 200
STATUS: Final = "PRINT_READY_RECORD"


def hold(office: Office, seed: int, first: int, count: int) -> None:
    """Hold the records of some people, in one transaction."""
    parts = [{name: one.parts[name] for name in FILES} for one in recordings(seed, count, STATUS, first)]
    records = [record_of(one) for one in parts]
    sealed = [seal(record.data.record_id, pack(one)) for record, one in zip(records, parts, strict=True)]
    kept = office.holding.keep(sealed)
    described = [office.holding.describe(record) for record in records]
    with office.database.transaction() as transaction:
        for one, description in zip(kept, described, strict=True):
            office.holding.add(transaction, one, description, "centre:test")


def main() -> int:
    """Hold so many."""
    parser = argparse.ArgumentParser(prog="python -m tests.letters_killed.holding", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    end = options.first + options.count
    with open_office(load_settings(options.folder / "station.toml")) as office:
        for first in range(options.first, end, TOGETHER):
            hold(office, options.seed, first, min(TOGETHER, end - first))
    return 0


if __name__ == "__main__":
    sys.exit(main())
