"""A letter from register to sheet, by the public command: real token, real cupsd, a faulty printer."""

import json
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.people.folders import write_people
from simulators.recording_station.bundle import Sender, load_station_key
from simulators.recording_station.sealing import sealed
from simulators.rig import Rig, RigOptions
from tests.paper_fixture import wait_for
from tests.rig_fixture import Finished, StationRunner

TEAM = "perekaman"
CAPTURED = "2026-10-01T08:00:00Z"
PEOPLE = 2
PATIENCE = 200.0  # seconds; a busy machine takes its time


@dataclass
class LetterOffice:
    """An office that has issued letters, and its paper printer."""

    rig: Rig
    station: StationRunner
    numbers: tuple[str, ...]

    def print(self, number: str, *words: str) -> Finished:
        return self.station.run("letters", "print", number, *words, timeout=PATIENCE)

    def sheets(self, number: str) -> list[str]:
        """What came out under a number."""
        return [run.paper for run in self.rig.paper.truth().runs if run.title == number]


@pytest.fixture(scope="module")
def office() -> Iterator[LetterOffice]:
    """Two people hold letters of today; the printer is well."""
    folder = Path(tempfile.mkdtemp(prefix="rig-"))
    try:
        with Rig(RigOptions(folder, speed=50, paper=True)) as rig:
            station = StationRunner(rig)
            yield LetterOffice(rig, station, issue(rig, station, folder))
    finally:
        shutil.rmtree(folder)


def issue(rig: Rig, station: StationRunner, folder: Path) -> tuple[str, ...]:
    """Take two recordings in, have the centre know them, and issue a letter for each."""
    people = write_people(1, PEOPLE, folder / "people")
    sender = Sender.at(folder / f"{TEAM}.key")
    trusted = folder / "senders" / "recording_station"
    trusted.mkdir(parents=True)
    shutil.copy(folder / f"{TEAM}.pem", trusted)
    parts = [{file.name: file.read_bytes() for file in sorted(one.iterdir())} for one in people]
    records = [str(json.loads(one["record.json"])["record_id"]) for one in parts]
    bundle = folder / "two.bundle"
    sealed_people = [sealed(record, CAPTURED, one) for record, one in zip(records, parts, strict=True)]
    sender.write(bundle, sealed_people, load_station_key(rig.files.exchange_key))
    for words in (
        ("staff", "add", "Siti", "--role", "operator"),
        ("records", "import", str(bundle)),
    ):
        done = station.run(*words)
        assert done.status == 0, done.complaints
    rig.announce(people)
    assert station.run("centre", "sync").status == 0
    numbers = list[str]()
    for record in records:
        done = station.run(
            *("letters", "issue", record, "--reason", "lost", "--by", "Siti", "--json"), timeout=PATIENCE
        )
        assert done.status == 0, done.words + done.complaints
        document = done.document()
        assert isinstance(document, dict)
        numbers.append(str(document["number"]))
    return tuple(numbers)


def test_out_of_paper_killed_and_asked_again(office: LetterOffice) -> None:
    number = office.numbers[0]
    office.rig.paper.fault("media-empty")
    process = office.station.start("letters", "print", number)
    wait_for(lambda: bool(office.sheets(number)), 60)
    process.send_signal(signal.SIGKILL)  # the operator's window is closed
    process.communicate(timeout=60)
    waiting = office.print(number, "--wait", "1")
    assert waiting.status == 3
    assert "PAPER_PRINTER_COMPLAINS" in waiting.words
    assert "no paper" in waiting.words
    on_their_way = office.station.run("letters", "printer")
    assert "Paper printer kantor: no paper." in on_their_way.words
    assert number in on_their_way.words
    assert "at the printer" in on_their_way.words
    office.rig.paper.person("mend")
    done = office.print(number)
    assert done.status == 0, done.words + done.complaints
    assert "handed to the printer" in done.words
    assert office.sheets(number) == ["whole"]
    again = office.print(number)
    assert again.status == 1
    assert "PAPER_ALREADY_PRINTED" in again.complaints
    kept = office.station.run("letters", "paper", number, "--verdict", "good", "--by", "Siti")
    assert kept.status == 0, kept.complaints
    copy = office.print(number, "--again", "--reason", "torn at the counter", "--by", "Siti")
    assert copy.status == 0, copy.complaints
    assert office.sheets(number) == ["whole", "whole"]


def test_the_station_that_runs_keeps_the_rows(office: LetterOffice) -> None:
    """`station run` holds the station; the command prints, and the rows go through the socket."""
    number = office.numbers[1]
    running = office.station.start("run")
    try:
        socket = office.rig.options.folder / "data" / "station.sock"
        wait_for(socket.exists, 60)
        done = office.print(number, "--json")
        assert done.status == 0, done.words + done.complaints
        document = done.document()
        assert isinstance(document, dict)
        assert (document["outcome"], document["number"], document["attempt"]) == ("DONE", number, 1)
        refused = office.print(number, "--json")
        assert refused.status == 1
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert office.sheets(number) == ["whole"]
    assert office.station.run("audit", "verify").status == 0


def test_the_doctor_names_the_paper_printer(office: LetterOffice) -> None:
    done = office.station.run("doctor")
    assert "OK paper printer: kantor, iso_a4_210x297mm" in done.words
    office.rig.paper.person("switch_off")
    wait_for(lambda: not office.rig.paper.truth().cupsd)
    absent = office.station.run("doctor")
    assert "!! paper printer" in absent.words
    assert "PAPER_PRINTER_ABSENT" in absent.words
    assert absent.status == 4
    gone = office.print(office.numbers[0])
    assert (gone.status, "PAPER_PRINTER_ABSENT" in gone.complaints) == (4, True)
    office.rig.paper.person("switch_on")
    wait_for(lambda: office.rig.paper.truth().cupsd)
