"""1,002 canaries go through a whole office that is killed again and again: no file of it shows one."""

import base64
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from simulators.recording_station.bundle import Sender, load_station_key
from simulators.rig import Rig
from tests.e2e.canaries import NAME_MARK, NIK_MARK, TEMPLATE_MARK, Canary, canary, sightings

pytest_plugins = ["tests.rig_plugin"]
PEOPLE = 334
CARDS = 2
PATIENCE = 120.0
SUPERVISOR, PIN = "Wati", "482913"
# Records that are refused somewhere on the way: nobody may be named when that is said.
ODD: tuple[dict[str, str], ...] = (
    {"birth_date": "{name}"},
    {"rt": "{name}"},
    {"religion": "{name}"},
    {"valid_until": "{name}"},
    {"status": "{name}"},
    {"name": "{name} {name} {name} {name}"},
    {"address": '"{name}"'},
    {"occupation": "{name} \N{LATIN SMALL LETTER E WITH ACUTE}"},
)


@dataclass
class CanaryOffice:
    """An office whose commands write nowhere but into folders that are scanned."""

    rig: Rig
    root: Path
    said: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def folders(self) -> tuple[Path, ...]:
        return (
            self.root / "data",
            self.root / "tmp",
            self.root / "home",
            self.root / "work",
            self.root / "backup",
        )

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self.rig.environment(),
            "STATION_DATA": str(self.root / "data"),
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "SQLITE_TMPDIR": str(self.root / "tmp"),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "station"), *words],
            env=self.environment(),
            cwd=self.root / "work",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)),
        )

    def run(self, *words: str) -> int:
        """Give a command and let it end; then look."""
        process = self.start(*words)
        self._end(process)
        return process.returncode

    def kill(self, after: float, *words: str) -> None:
        """Give a command and kill it in the middle; then look."""
        process = self.start(*words)
        time.sleep(after)
        process.kill()
        self._end(process)

    def _end(self, process: subprocess.Popen[str]) -> None:
        words, _ = process.communicate(timeout=PATIENCE)
        self.said.append(words)
        self.look()

    def look(self) -> None:
        """Nobody may be seen, neither in a file nor in what was said."""
        assert sightings(*self.folders) == []
        assert not any(mark in "\n".join(self.said) for mark in (NAME_MARK, NIK_MARK))
        self.seen |= {file.name for folder in self.folders for file in folder.rglob("*")}


@pytest.fixture
def office(own_rig: Rig) -> CanaryOffice:
    root = own_rig.options.folder
    for name in ("data", "tmp", "home", "work", "backup", "in"):
        (root / name).mkdir(mode=0o700, exist_ok=True)
    with own_rig.config.open("a") as file:
        file.write(f'\n[backup]\nplace = "{root / "backup"}"\n')
    return CanaryOffice(own_rig, root)


def write_bundles(office: CanaryOffice) -> list[Canary]:
    """Bundles of the centre with all the people, some of them odd."""
    sender = Sender(ec.generate_private_key(ec.SECP256R1()))
    trusted = office.root / "senders" / "centre"
    trusted.mkdir(parents=True, exist_ok=True)
    (trusted / "kanari.pem").write_bytes(sender.public_pem())
    key = load_station_key(office.rig.files.exchange_key)
    people = [canary(number, dict(enumerate(ODD)).get(number)) for number in range(PEOPLE)]
    for start in range(0, PEOPLE, 100):
        records = [one.sealed for one in people[start : start + 100]]
        sender.write(office.root / "in" / f"{start:04}.bundle", records, key)
    return people


def hire(office: CanaryOffice) -> Path:
    pins = office.root / "pins"
    pins.touch(mode=0o600)
    pins.write_text(f"{PIN}\n")
    assert office.run("staff", "add", SUPERVISOR, "--role", "supervisor", "--pins-from", str(pins)) == 0
    return pins


def issue_letters(office: CanaryOffice, people: list[Canary], chance: random.Random) -> None:
    """Letters for some, while there is no blank: issued, renewed, taken back, listed with their names."""
    words = ("--by", SUPERVISOR)
    for one in people:
        issue = ("letters", "issue", one.record, "--reason", "lost", *words)
        office.kill(chance.uniform(0.8, 2.0), *issue)
        office.run(*issue)  # it finishes what the kill has left, or says that the letter is there
    numbers = [str(row[0]) for row in rows(office, "SELECT number FROM letters WHERE state = 'issued'")]
    assert len(numbers) == len(people)
    assert office.run("letters", "renew", numbers[0], *words) == 0
    back = ("--cause", "mistake", "--reason", "salah orang", *words)
    assert office.run("letters", "withdraw", numbers[-1], *back) == 0
    register = office.root / "register.csv"  # written by wish: it lies beside what is scanned
    out = ("--out", str(register), "--reason", "entri SIAK", *words)
    assert office.run("letters", "register", *out) == 0
    assert register.read_text().count(NAME_MARK) == len(people) + 1
    assert office.run("letters", "withdrawals", "--out", str(office.root / "withdrawals")) == 0


def receive_blanks(office: CanaryOffice) -> None:
    words = ("--by", SUPERVISOR)
    assert office.run("blanks", "receive", "--carton", "K1", "--count", "20", *words) == 0
    assert office.run("blanks", "load", "--lane", "A", "--count", "20", *words) == 0


@pytest.mark.timeout(900)
def test_nobody_is_seen_in_any_file(office: CanaryOffice) -> None:
    chance = random.Random(4)
    people = write_bundles(office)
    pins = hire(office)
    for _ in range(3):
        office.kill(chance.uniform(0.6, 2.5), "records", "import", str(office.root / "in"))
    office.run(
        "records", "import", str(office.root / "in")
    )  # some are set aside: that is said, without names
    assert held(office) == PEOPLE - ASIDE
    issue_letters(office, [*people[20:22], people[-1]], chance)
    receive_blanks(office)
    cards = [word for one in people[len(ODD) : len(ODD) + CARDS] for word in ("--record", one.record)]
    odd = [word for one in people[: len(ODD)] for word in ("--record", one.record)]
    office.run("jobs", "add", *cards, *odd)
    office.kill(chance.uniform(2.0, 4.0), "jobs", "run")
    office.run("jobs", "run")
    office.kill(chance.uniform(0.8, 2.0), "centre", "sync")
    office.run("centre", "sync")
    office.kill(chance.uniform(0.5, 1.5), "backup", "run")
    assert office.run("backup", "run") == 0
    doomed = people[-1]
    words = ("--by", SUPERVISOR, "--reason", "withdrawn", "--pins-from", str(pins))
    office.kill(chance.uniform(0.5, 1.2), "records", "shred", people[-2].record, *words)
    assert office.run("records", "shred", doomed.record, *words) == 0
    abort_a_running_station(office)
    assert office.run("audit", "verify") == 0
    assert {"000001.seg", "station.db", "station.db-wal", "station.lock"} <= office.seen
    assert made(office) >= 1
    assert count(office, "SELECT count(*) FROM letters WHERE erased_at IS NOT NULL") == 1
    assert (office.root / "data" / "letters" / "000001.seg").stat().st_size > 0
    assert is_whole(office)


ASIDE = 4  # of the odd ones, those that are no records: birth date, rt, status, name


def held(office: CanaryOffice) -> int:
    return count(office, "SELECT count(*) FROM held_records")


def made(office: CanaryOffice) -> int:
    return count(office, "SELECT count(*) FROM jobs WHERE state = 'ready'")


def count(office: CanaryOffice, statement: str) -> int:
    (row,) = rows(office, statement)
    return int(str(row[0]))


def rows(office: CanaryOffice, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office.root / "data" / "station.db")) as connection:
        return connection.execute(statement + " ORDER BY 1").fetchall()


def is_whole(office: CanaryOffice) -> bool:
    with closing(sqlite3.connect(office.root / "data" / "station.db")) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def abort_a_running_station(office: CanaryOffice) -> None:
    """A station that dies by an abort, where cores are allowed, leaves no picture of its memory."""
    process = office.start("run")
    deadline = time.monotonic() + PATIENCE
    while not (office.root / "data" / "station.sock").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert limits.split("Max core file size")[1].split()[:2] == ["0", "0"]
    office.look()
    process.send_signal(signal.SIGABRT)
    process.communicate(timeout=PATIENCE)
    office.look()
    assert not list((office.root / "work").iterdir())


@pytest.mark.parametrize(
    "written",
    [
        f"Nama: SITI {NAME_MARK}ABCD".encode(),
        f"x{NAME_MARK}".encode("utf-16-le"),
        f"{NIK_MARK}0001".encode(),
        f"{NIK_MARK}0001".encode("utf-16-be"),
        *(base64.b64encode(bytes(shift) + TEMPLATE_MARK + b"\xffmore") for shift in range(5)),
        *(base64.urlsafe_b64encode(b"{" * shift + NAME_MARK.encode() + b"ABCD") for shift in range(5)),
        TEMPLATE_MARK + b"rest",
        (b"\x01" + TEMPLATE_MARK).hex().encode(),
        (b"\x01" + NAME_MARK.encode()).hex().upper().encode(),
        b"\x1f\x8b\x08 something packed",
    ],
)
def test_the_scan_sees_what_is_there(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "log").write_bytes(b"before " + written + b" after" if written[:1] != b"\x1f" else written)
    assert sightings(tmp_path)


def test_the_bundle_is_sealed_but_the_canaries_are_in_it(tmp_path: Path) -> None:
    """Otherwise the scan of the vault would show nothing."""
    from station.vault.sealed import SealedRecord, open_sealed, unpack

    one = canary(7)
    parts = unpack(open_sealed(SealedRecord(one.record, one.sealed.content), one.sealed.key))
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content)
    assert {sighting.split(":")[0].split("/")[-1] for sighting in sightings(tmp_path)} == {
        "record.json",
        "fingers.iso",
    }
    assert (one.name.encode() in parts["record.json"], one.template in parts["fingers.iso"]) == (True, True)
