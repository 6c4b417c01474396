"""The simulated paper printer as a program: who it runs as, what it leaves, how it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.cups.client import CupsQueue
from drivers.cups.readings import JobState
from simulators.rig.admin_client import AdminRefusal
from tests.paper_fixture import ROOT, PaperOffice, listening_addresses, wait_for

pytest_plugins = ["tests.paper_plugin"]

PDF = b"%PDF-1.7\n%%EOF\n"
PROGRAMS = ("__init__.py", "stopping.py", "admin.py", "served_port.py", "paper")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user may write to, with a copy of the program."""
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "simulators").mkdir()
        for program in PROGRAMS:
            source, copy = ROOT / "simulators" / program, folder / "simulators" / program
            shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
        yield folder


def cupsd_of(office: PaperOffice) -> int:
    """The pid of cupsd."""
    return int((office.folder / "cups/state/cupsd.pid").read_text())


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def print_one(office: PaperOffice, title: str) -> None:
    queue = CupsQueue(office.url, "print-station")
    job = queue.create_job(title, {})
    queue.send_document(job, PDF)
    wait_for(lambda: queue.look_at_job(job).state is JobState.COMPLETED)
    assert office.sheets(title) == 1


def test_an_ordinary_user_runs_it_as_himself(home: Path) -> None:
    """Root drops his rights for it; an ordinary user's run of all other tests is this test."""
    drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
    program = [*(drop if os.geteuid() == 0 else ()), "/usr/bin/python3", "-m", "simulators.paper"]
    office = PaperOffice(home / "run", program=program, cwd=home)
    try:
        print_one(office, "as nobody")
        pid = cupsd_of(office)
        assert Path(f"/proc/{pid}").stat().st_uid in (65534, os.geteuid())
        assert listening_addresses(pid) == {"0100007F"}
    finally:
        assert office.stop() == 0
    wait_for(lambda: not is_alive(pid))


def test_it_dies_with_its_program_and_comes_back_with_its_truth(tmp_path: Path) -> None:
    office = PaperOffice(tmp_path)
    print_one(office, "before")
    pid = cupsd_of(office)
    office.stop(signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))
    again = PaperOffice(tmp_path)
    try:
        assert again.sheets("before") == 1
        print_one(again, "after")
    finally:
        assert again.stop() == 0


def test_the_systems_own_print_server_is_left_alone(own_paper: PaperOffice) -> None:
    """Whatever it writes lies in its folder: another cupsd on this machine never notices."""
    print_one(own_paper, "mine")
    settings = (own_paper.folder / "cups/etc/cups-files.conf").read_text()
    places = [line.split()[1] for line in settings.splitlines()]
    assert all(place.startswith(str(own_paper.folder)) for place in places)
    log = (own_paper.folder / "cups/log/error").read_text()
    assert "/run/cups" not in log


def test_what_nobody_can_do_is_refused(own_paper: PaperOffice) -> None:
    with pytest.raises(AdminRefusal, match="no fault"):
        own_paper.admin.fault("explode")
    with pytest.raises(AdminRefusal, match="nobody can do"):
        own_paper.admin.person("dance")


@pytest.mark.parametrize("words", [["--error-policy", "shrug"], ["--port", "x"], []])
def test_wrong_usage(words: list[str]) -> None:
    command = [sys.executable, "-m", "simulators.paper", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "usage" in done.stderr
