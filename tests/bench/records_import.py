"""One import in a process of its own: `python -m tests.bench.records_import FOLDER BUNDLES`; says JSON."""

import faulthandler
import json
import resource
import sys
import time
from pathlib import Path

from station.office import open_office
from station.settings import load_settings


def main(folder: Path, bundles: Path) -> int:
    """Take the bundles in and say what it has cost."""
    faulthandler.enable()  # a library that crashes says where
    files = sorted(bundles.rglob("*.bundle"))
    with open_office(load_settings(folder / "station.toml")) as office:
        bundle_import = office.bundle_import()
        office.keys.search_key()  # the login to the token is not part of the figure
        begun, cpu = time.perf_counter(), time.process_time()
        results = bundle_import.take_in(files)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    document = {
        "records": sum(one.accepted for one in results),
        "seconds": seconds,
        "cpu": cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
