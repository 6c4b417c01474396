"""Command line: write bundles of made-up people for a station."""

import argparse
import sys
from pathlib import Path

from simulators.recording_station.bundle import KeyUnusable, Sender, load_station_key
from simulators.recording_station.program import write_bundles


def main() -> int:
    """Write the bundles and say how many. Return the exit status."""
    parser = _make_parser()
    options = parser.parse_args()
    if options.count < 1 or not 1 <= options.per_bundle <= 10_000:
        parser.error("--count must be at least 1, --per-bundle 1 to 10,000")
    try:
        files = write_bundles(
            options.out,
            options.count,
            Sender.at(options.key),
            load_station_key(options.station_key),
            seed=options.seed,
            per_bundle=options.per_bundle,
            status=options.status,
        )
    except (KeyUnusable, OSError) as error:
        sys.stderr.write(f"simulators.recording_station: {error}\n")
        return 1
    sys.stdout.write(f"{options.count} made-up records in {len(files)} bundles in {options.out}\n")
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.recording_station", description=__doc__)
    parser.add_argument("--count", type=int, required=True, help="records")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets the bundles")
    parser.add_argument("--station-key", type=Path, required=True, help="the station's public key (PEM)")
    parser.add_argument(
        "--key", type=Path, default=Path("recording-station.key"), help="own key; made if it is not there"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people")
    parser.add_argument("--per-bundle", type=int, default=100, help="records in a bundle")
    parser.add_argument("--status", help="status of every record, instead of BIO_CAPTURED")
    return parser


if __name__ == "__main__":
    sys.exit(main())
