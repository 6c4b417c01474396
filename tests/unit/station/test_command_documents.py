"""Every command with `--json` writes one document, whatever happens; exit statuses keep their meaning."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from station.cards.store import JobState
from station.errors import DeviceAbsent, ExitStatus
from tests.fakes.devices import FakeLane, raising
from tests.fakes.station import records
from tests.unit.station.office_desk import Desk, assert_explained, run_command

PLAIN = [
    ("jobs", "list"),
    ("jobs", "list", "--state", "ready"),
    ("jobs", "run"),
    ("jobs", "run", "--limit", "0"),
    ("questions", "list"),
    ("lanes", "show"),
    ("blanks", "show"),
    ("staff", "list"),
    ("errors", "list"),
    ("errors", "show", "PRINTER_FAULT"),
    ("doctor",),
]
REFUSED = [
    (("jobs", "show", "99"), "JOB_UNKNOWN"),
    (("cards", "show", "8004000000000001"), "CARD_UNKNOWN"),
    (
        ("questions", "answer", "1", "--verdict", "x", "--by", "Siti", "--reason", "looked"),
        "QUESTION_UNKNOWN",
    ),
    (("questions", "answer", "1", "--verdict", "x", "--by", "Siti", "--reason", " "), "REASON_MISSING"),
    (("lanes", "clear", "A", "--by", "Siti", "--reason", "looked"), "LANE_NOT_BROKEN"),
    (("lanes", "clear", "Z", "--by", "Siti", "--reason", "looked"), "LANE_UNKNOWN"),
    (("lanes", "clear", "A", "--by", "Nobody", "--reason", "looked"), "STAFF_UNKNOWN"),
    (("blanks", "load", "--lane", "A", "--count", "1", "--by", "Siti"), "BLANKS_SHORT"),
    (("doctor", "--specimen"), "STAFF_UNKNOWN"),
]


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_a_command_that_goes_well_writes_one_document(desk: Desk, words: tuple[str, ...]) -> None:
    said = desk.run(*words, "--json")
    said.document()
    assert (said.status, said.complaints) == (ExitStatus.DONE, "")


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_without_json_there_are_words_for_people(desk: Desk, words: tuple[str, ...]) -> None:
    said = desk.run(*words)
    assert said.status == ExitStatus.DONE
    assert said.words.strip()


@pytest.mark.parametrize(("words", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_a_refused_command_writes_its_error_as_the_one_document(
    desk: Desk, words: tuple[str, ...], code: str
) -> None:
    said = desk.run(*words, "--json")
    assert said.status == ExitStatus.REFUSED
    assert said.error()["code"] == code
    assert said.complaints == ""


@pytest.mark.parametrize(("words", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_a_refused_command_explains_itself_in_indonesian_on_standard_error(
    desk: Desk, words: tuple[str, ...], code: str
) -> None:
    assert_explained(desk.run(*words).complaints, code)


def test_job_commands_tell_the_whole_way_of_a_record(desk: Desk, tmp_path: Path) -> None:
    (folder,) = records(tmp_path / "records", 1)
    (added,) = json.loads(desk.run("jobs", "add", str(folder), "--json").words)
    assert (added["job"], added["state"], added["refusal"]) == (1, "queued", None)
    run = desk.run("jobs", "run", "--json").fields()
    assert run["run"] == {"ready": 1, "spoiled": 0, "refused": 0}
    shown = desk.run("jobs", "show", "1", "--json").fields()
    assert shown["state"] == "ready"
    (listed,) = json.loads(desk.run("jobs", "list", "--json").words)
    assert listed["record"] == shown["record"]


def test_a_job_that_waits_for_a_person_is_status_3(desk: Desk, tmp_path: Path) -> None:
    desk.devices.arm("print", desk.devices.jam_while_printing)
    desk.devices.on_clear = lambda: _free(desk.devices)
    desk.add(records(tmp_path / "records", 1))
    said = desk.run("jobs", "run", "--json")
    assert said.status == ExitStatus.WAITS_FOR_PERSON
    assert said.fields()["failures"] == []
    (question,) = json.loads(desk.run("questions", "list", "--json").words)
    assert question["verdicts"] == ["print_again", "give_up"]
    answer = ("questions", "answer", str(question["question"]), "--verdict", "print_again", "--by", "Siti")
    answered = desk.run(*answer, "--reason", "the holder waits", "--json")
    assert (answered.status, answered.fields()["job_state"]) == (ExitStatus.DONE, "queued")


def test_a_latched_lane_is_status_70_and_can_be_cleared(desk: Desk, tmp_path: Path) -> None:
    def boom() -> None:
        raise ZeroDivisionError("in the middle")

    desk.devices.arm("write", boom)
    desk.add(records(tmp_path / "records", 1))
    said = desk.run("jobs", "run", "--json")
    assert said.status == ExitStatus.LATCHED
    assert said.fields()["failures"] == ["LANE_BROKEN"]
    (lane,) = json.loads(desk.run("lanes", "show", "--json").words)
    assert (lane["state"], lane["job"]) == ("broken", 1)
    clear = desk.run("lanes", "clear", "A", "--by", "Siti", "--reason", "switched it off and on", "--json")
    assert clear.status == ExitStatus.DONE
    assert desk.run("jobs", "run", "--json").status == ExitStatus.DONE
    assert desk.job(1).state is JobState.READY


def test_a_failed_command_of_no_known_kind_is_status_70_without_a_traceback(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom(folder: Path) -> None:
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr("station.cards.source.read_record", boom)
    said = desk.run("jobs", "add", "x", "--json")
    assert said.status == ExitStatus.LATCHED
    assert said.error()["code"] == "COMMAND_FAILED"


def test_a_device_that_is_away_is_status_4(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = DeviceAbsent("PRINTER_ABSENT", url="socket://127.0.0.1:9")
    monkeypatch.setattr(desk.devices, "identify", raising(absent))
    desk.add(records(tmp_path / "records", 1))
    said = desk.run("jobs", "run", "--json")
    assert said.status == ExitStatus.DEVICE_ABSENT
    assert said.error()["code"] == "PRINTER_ABSENT"
    assert desk.job(1).state is JobState.QUEUED
    assert desk.attempts(1) == []


@pytest.mark.parametrize(
    "words",
    [
        ("jobs",),
        ("jobs", "add"),
        ("jobs", "show", "one"),
        ("blanks", "load", "--lane", "A", "--count", "9" * 30, "--by", "Siti"),
        ("jobs", "list", "--state", "lost"),
        ("nothing",),
        ("errors", "show", "NO_SUCH_CODE"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_is_status_2(desk: Desk, words: tuple[str, ...]) -> None:
    said = desk.run(*words)
    assert said.status == ExitStatus.USAGE
    assert said.words == ""
    assert said.complaints


def test_an_unknown_error_code_is_a_document_too() -> None:
    said = run_command("errors", "show", "NO_SUCH_CODE", "--json")
    assert said.status == ExitStatus.USAGE
    assert said.error()["code"] == "ERROR_UNKNOWN"


def _free(devices: FakeLane) -> None:
    devices.errors = ()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_running_station_makes_cards_and_stops_when_it_is_told_to(
    desk: Desk, tmp_path: Path, number: signal.Signals
) -> None:
    (job,) = desk.add(records(tmp_path / "records", 1))

    def stop_when_it_is_ready() -> None:
        deadline = time.monotonic() + 20
        while desk.job(job.id).state is not JobState.READY and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    watcher = threading.Thread(target=stop_when_it_is_ready)
    watcher.start()
    said = desk.run("run", "--json")
    watcher.join()
    assert said.status == ExitStatus.DONE
    assert said.fields() == {"stopped": True}
    assert desk.job(job.id).state is JobState.READY
    assert not (desk.folder / "station.sock").exists()
