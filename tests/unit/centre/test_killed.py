"""The station is killed in the middle of its uploads, again and again: nothing lost, nothing twice."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.centre import RunningCentre, SendingStation

SENDER = """
import sys
from pathlib import Path
from tests.fakes.centre import SendingStation, KnownCentre

station = SendingStation(Path(sys.argv[1]), KnownCentre(Path(sys.argv[2]), int(sys.argv[3])))
print("ready", flush=True)
station.drain()
station.close()
print("done", flush=True)
"""
COUNT = 30


@pytest.mark.timeout(240)
def test_killed_in_the_middle_of_uploads(tmp_path: Path) -> None:
    chance = random.Random(11)
    with RunningCentre(tmp_path / "centre", fail_one_in=6) as centre:
        folder = tmp_path / "station"
        station = SendingStation(folder, centre)
        hashes = station.record(COUNT)
        station.close()
        kills = 0
        for _ in range(60):
            process = subprocess.Popen(
                [sys.executable, "-c", SENDER, str(folder), str(tmp_path / "centre"), str(centre.port)],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            )
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            before = len(centre.received())
            wanted = before + chance.randrange(1, 8)
            while process.poll() is None and len(centre.received()) < wanted:
                time.sleep(0.001)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.stdout.close()
            process.wait()
            if process.returncode == 0:
                break
        assert kills >= 3
        assert sorted(centre.hashes()) == sorted(hashes)
        station = SendingStation(folder, centre)
        assert station.backlog().received == COUNT
        numbers = {row["content_hash"]: row["number"] for row in centre.received()}
        assert {one: station.delivery(one).receipt_number for one in hashes} == numbers
        station.check_whole()
        station.close()
