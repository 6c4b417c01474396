"""The whole way with real processes, a real token, a real printer protocol: a disk dies, the office goes on.

The station backs itself up while it works; it is killed with SIGKILL in the middle of a card, its data folder
is gone, and the backup is restored. The printer simulator says whether anybody got two cards.
"""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.rig import Rig
from simulators.rig.printer_view import CardView
from station.errors import ExitStatus
from tests.fakes.station import records
from tests.rig_fixture import Finished, StationRunner

pytest_plugins = ["tests.rig_plugin"]
pytestmark = pytest.mark.timeout(900)

PATIENCE = 240.0
BLANKS = 6
PINS = {"Siti": "471158", "Budi": "114785"}


class Workplace:
    """A rig with a backup disk, a staffed station, and commands that must work."""

    def __init__(self, rig: Rig, station: StationRunner) -> None:
        self.rig, self.station, self.folders = rig, station, list[Path]()
        self.data, self.disk = rig.options.folder / "data", rig.options.folder / "usb"
        self.disk.mkdir()
        settings = Path(rig.environment()["STATION_CONFIG"])
        backup = f'\n[backup]\nplace = {json.dumps(str(self.disk))}\nevery = "24h"\n\n[office]'
        settings.write_text(settings.read_text().replace("\n[office]", backup, 1))
        self.pins = rig.options.folder / "pins"
        self.pins.write_text("\n".join(PINS.values()) + "\n")
        self.pins.chmod(0o600)

    def ask(self, *words: str) -> Finished:
        return self.station.run(*words, timeout=PATIENCE)

    def run(self, *words: str, status: ExitStatus = ExitStatus.DONE) -> Finished:
        done = self.ask(*words)
        assert done.status == status, (words, done.words, done.complaints)
        return done

    def open_up(self) -> None:
        for name, role in (("Siti", "operator"), ("Budi", "supervisor")):
            self.run("staff", "add", name, "--role", role)
        for name, pin in PINS.items():
            file = self.rig.options.folder / "pin"
            file.write_text(pin + "\n")
            file.chmod(0o600)
            self.run("staff", "pin", name, "--pins-from", str(file))
        self.run("blanks", "receive", "--carton", "K-1", "--count", str(BLANKS), "--by", "Siti")
        self.run("blanks", "load", "--lane", "A", "--count", str(BLANKS), "--by", "Siti")

    def states(self) -> dict[int, str]:
        """The state of each job by its number."""
        jobs = json.loads(self.ask("jobs", "list", "--json").words)
        return {int(job["job"]): str(job["state"]) for job in jobs}

    def continuation(self) -> bytes:
        return b"".join(file.read_bytes() for file in sorted(self.disk.glob("continuations/*.jsonl")))

    def printed(self) -> list[CardView]:
        """The cards that the printer has printed on."""
        cards = self.rig.admin("A").truth().cards
        return [card for card in cards if any(side.times for side in card.prints.values())]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_a_dead_disk_costs_nobody_a_second_card(own_rig: Rig, own_station: StationRunner) -> None:
    place = Workplace(own_rig, own_station)
    folders = records(own_rig.options.folder / "records", 3)
    place.folders = folders
    place.open_up()
    own_rig.announce(folders)
    process = own_station.start("run")
    try:
        wait_for(lambda: bool(list(place.disk.glob("backups/2*"))), process)
        place.run("centre", "sync")
        for folder in folders:
            place.run("jobs", "add", str(folder))
        wait_for(lambda: place.continuation().count(b'"card_ready"') >= 1, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    shutil.rmtree(place.data)

    verified = place.ask("backup", "verify", "--from", str(place.disk), "--json")
    assert json.loads(verified.words)["good"] is True
    assert not place.data.exists(), "to verify makes a data folder, and is in the restore's way"
    restored = place.run(
        "backup", "restore", str(place.disk), "--into", str(place.data), status=ExitStatus.WAITS_FOR_PERSON
    )
    assert "NOTHING IS PRINTED" in restored.words
    printed = len(place.printed())
    held = place.ask("jobs", "run")
    assert held.status == ExitStatus.REFUSED, held
    assert "RESTORE_HOLDS" in held.words
    assert len(place.printed()) == printed

    process = own_station.start("run")
    try:
        _release(place, process)
        made = _made_without_a_row(place)
        wait_for(lambda: _is_done(place, made), process)
    finally:
        process.send_signal(signal.SIGTERM)
        words, _ = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in words
    cards = place.printed()
    assert all(side.times <= 1 for card in cards for side in card.prints.values())
    assert len(cards) == len(folders), "not one card for each person"
    assert json.loads(place.ask("audit", "verify", "--json").words)["intact"] is True


def _release(place: Workplace, process: subprocess.Popen[str]) -> None:
    """Count what is there, look at the comparison, release with two signatures."""
    hopper = place.rig.admin("A").truth().hopper_count

    def has_seen_the_printer() -> bool:
        compared = json.loads(place.ask("backup", "compare", "--json").words)
        return compared["lanes"][0]["after"] is not None

    # Before the station has its lock, the comparison would take it to look at the printers itself.
    wait_for((place.data / "station.sock").exists, process)
    wait_for(has_seen_the_printer, process)
    place.ask(
        *("blanks", "count", "--stock", "0", "--lane", f"A={hopper}", "--kind", "opening", "--by", "Siti")
    )
    release = ["backup", "release", "--reason", "counted", "--sign", "Siti", "--sign", "Budi"]
    release += ["--pins-from", str(place.pins)]
    _add_again(place, place.folders)  # where the records of later jobs lie is in no journal
    done = place.ask(*release)
    if done.status != ExitStatus.DONE:
        assert "RESTORE_UNEXPLAINED" in done.complaints, done
        if place.rig.admin("A").truth().inside is not None:
            place.rig.admin("A").person("clear_jam", take_card_out=True)
        place.run(*release, "--ask-each")


def _add_again(place: Workplace, folders: list[Path]) -> None:
    """Add every record again: of cards that are ready it is refused, of others their job finds it again."""
    for folder in folders:
        done = place.ask("jobs", "add", str(folder))
        assert done.status == ExitStatus.DONE or "PERSON_HAS_CARD" in done.words + done.complaints, done


def _made_without_a_row(place: Workplace) -> set[int]:
    """The jobs whose card exists though the books do not have it: the lane takes them in their order."""
    states = place.states()
    more = len(place.printed()) - sum(state == "ready" for state in states.values())
    return set(sorted(job for job, state in states.items() if state != "ready")[: max(more, 0)])


def _is_done(place: Workplace, made: set[int]) -> bool:
    """Answer what is asked by what the printer really holds, until every job has ended."""
    for question in json.loads(place.ask("questions", "list", "--json").words):
        printed = question["card"] in {card.card_uid for card in place.printed()}
        verdict = {
            "made_since_backup": "made" if question["job"] in made else "not_made",
            "print_unknown": "printed_good" if printed else "spoiled",
            "card_missing": "missing",
            "load_unknown": "spoiled",
            "print_again": "print_again",
        }[question["name"]]
        words = ["--verdict", verdict, "--by", "Siti", "--reason", "looked"]
        place.ask("questions", "answer", str(question["question"]), *words)
    return all(state in ("ready", "given_up", "refused") for state in place.states().values())
