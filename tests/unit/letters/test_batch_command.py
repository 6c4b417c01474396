"""`station letters batch` as it is used: selections, ways out, copies that were taken away, Ctrl-C."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest

from station.commands.context import Output
from station.commands.letters_batch import StopWish
from station.commands.letters_batch_sum import BatchSum
from station.commands.progress_bar import ProgressBar
from station.errors import ExitStatus, InputFault, Refused
from station.language import Language
from station.letters.bulk.verdicts import Became, Verdict
from station.service.letter_batch import BatchLine
from tests.fakes.clock import FakeClock
from tests.letters_killed.office import CLERK, LetterOffice

pytestmark = pytest.mark.timeout(600)
COUNT = 6
LOST = ("--reason", "lost", "--by", CLERK)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LetterOffice:
    office = LetterOffice(tmp_path_factory.mktemp("office"))
    office.open(COUNT, seed=2)
    return office


def batch(office: LetterOffice, *words: str) -> tuple[int, dict[str, object]]:
    done = office.ended("letters", "batch", *words, *LOST, "--json")
    return done.status, json.loads(done.words)


def numbers(document: dict[str, object]) -> list[str]:
    letters = document["letters"]
    assert isinstance(letters, list)
    return [one["number"] for one in letters]


def codes(document: dict[str, object]) -> list[str]:
    errors = document["errors"]
    assert isinstance(errors, list)
    return [one["error"]["code"] for one in errors]


def test_what_is_unclear_uses_no_number(office: LetterOffice, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("\n \n")
    for words, status, code in (
        ((), 2, "LETTER_BATCH_UNCLEAR"),
        (("one", "--all-eligible"), 2, "LETTER_BATCH_UNCLEAR"),
        (("--all-eligible", "--one-file", "a.pdf", "--out", "b"), 2, "LETTER_BATCH_UNCLEAR"),
        (("--records-from", str(empty)), 1, "LETTER_LIST_UNREADABLE"),
        (("--records-from", str(tmp_path / "none")), 1, "LETTER_LIST_UNREADABLE"),
        (("--all-eligible", "--signer", "nobody"), 1, "LETTER_SIGNER_UNKNOWN"),
        (("--all-eligible", "--again", "9901015208900001"), 1, "REASON_NAMES_NIK"),
    ):
        found, document = batch(office, *words)
        error = document["error"]
        assert isinstance(error, dict)
        assert (found, error["code"]) == (status, code)
    assert json.loads(office.station("letters", "list", "--json"))["letters"] == []


def test_a_batch_from_its_list_to_its_folder_and_again(office: LetterOffice, tmp_path: Path) -> None:
    """One story, in which each step needs the one before."""
    out = tmp_path / "out"
    status, first = batch(office, "--all-eligible", "--out", str(out))
    assert (status, first["issued"], first["planned"]) == (0, COUNT, COUNT)
    files = sorted(file.name for file in out.iterdir())
    assert files == sorted(number.replace("/", "-") + ".pdf" for number in numbers(first))
    status, again = batch(office, "--all-eligible", "--out", str(out))
    assert (status, again["planned"]) == (0, 0), "all is done"

    letters = first["letters"]
    assert isinstance(letters, list)
    records = tmp_path / "records.txt"
    records.write_text("\n".join([*(one["record"] for one in letters), "not-held", letters[0]["record"]]))
    (out / files[1]).unlink()
    status, listed = batch(office, "--records-from", str(records), "--out", str(out))
    assert (status, listed["before"], listed["refused"]) == (1, COUNT, 1)
    assert sorted(codes(listed)) == ["LETTER_OUT_ALREADY", "RECORD_NOT_HELD"]
    assert not (out / files[1]).exists()
    (out / files[2]).write_bytes(b"somebody's")
    records.write_text("\n".join(one["record"] for one in letters))
    status, listed = batch(office, "--records-from", str(records), "--out", str(out), "--again", "hilang")
    assert (status, codes(listed)) == (1, ["FILE_EXISTS"])
    assert (out / files[1]).exists()
    assert (out / files[2]).read_bytes() == b"somebody's"

    one_file = tmp_path / "all.pdf"
    wanted = ("--records-from", str(records), "--one-file", str(one_file))
    status, _ = batch(office, *wanted)
    assert (status, one_file.exists()) == (1, False), "every letter is out already"
    status, _ = batch(office, *wanted, "--again", "untuk dicetak")
    assert (status, len(pypdfium2.PdfDocument(one_file))) == (0, COUNT)
    status, refused = batch(office, *wanted, "--again", "lagi")
    assert (status, refused["error"]["code"]) == (1, "FILE_EXISTS")  # type: ignore[index]


def test_a_batch_is_printed_once(office: LetterOffice) -> None:
    office.hold(3, seed=2, first=100)
    paper = office.folder / "paper"
    status, first = batch(office, "--all-eligible", "--print")
    assert (status, len(numbers(first))) == (0, first["planned"])
    assert len(numbers(first)) >= 3
    printed = sorted(file.name for file in paper.iterdir())
    assert printed == sorted(number.replace("/", "-") + ".pdf" for number in numbers(first)), "these alone"
    times = {file.name: file.stat().st_mtime_ns for file in paper.iterdir()}
    status, _ = batch(office, "--all-eligible", "--print")
    assert status == 0
    assert times == {file.name: file.stat().st_mtime_ns for file in paper.iterdir()}


def test_a_running_station_issues_for_the_command(office: LetterOffice, tmp_path: Path) -> None:
    office.hold(2, seed=2, first=200)
    with running(office):
        status, done = batch(office, "--all-eligible", "--out", str(tmp_path / "out"))
        assert (status, len(numbers(done))) == (0, done["planned"])
        assert len(numbers(done)) >= 2
        office.station("letters", "show", numbers(done)[0])
    assert len(list((tmp_path / "out").iterdir())) == len(numbers(done))


@contextmanager
def running(office: LetterOffice) -> Iterator[None]:
    """`station run`, from its socket to its end."""
    with subprocess.Popen(
        office.command("run"), env=office.environment(), stdin=subprocess.DEVNULL
    ) as process:
        try:
            end = time.monotonic() + 120
            while not (office.data / "station.sock").exists():
                assert process.poll() is None, "the station has ended"
                assert time.monotonic() < end, "the station does not listen"
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


# ---- words ----


def output(*, as_json: bool = False) -> tuple[Output, StringIO]:
    words = StringIO()
    return Output(Language("en"), as_json=as_json, words=words), words


def test_ctrl_c_is_a_wish_and_twice_an_end() -> None:
    stop = StopWish()
    with stop.listening():
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_set
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is not stop


def test_a_stopped_batch_says_how_to_go_on() -> None:
    said, words = output()
    total = BatchSum(said, everybody=False, planned=100, stopped=True)
    total.count([BatchLine(Verdict("r1", Became.ISSUED, "1"))])
    assert total.tell() is ExitStatus.WAITS_FOR_PERSON
    assert "Stopped after 1 of 100. The same command again goes on" in words.getvalue()


def test_not_eligible_is_no_failure_and_undrawable_is_one() -> None:
    said, words = output()
    total = BatchSum(said, everybody=True)
    refused = Verdict("r1", Became.REFUSED, error=Refused("LETTER_CARD_WAITS"))
    total.count([BatchLine(refused), BatchLine(refused)])
    assert total.tell() is ExitStatus.DONE
    assert "No letter for 2 records: LETTER_CARD_WAITS." in words.getvalue()
    broken = Verdict("r2", Became.REFUSED, error=InputFault("PHOTO_UNREADABLE", problem="no picture"))
    total.count([BatchLine(broken)])
    assert total.status is ExitStatus.REFUSED
    named = BatchSum(said, everybody=False)
    named.count([BatchLine(refused)])
    assert named.status is ExitStatus.REFUSED


class Terminal(StringIO):
    """A screen with a person before it."""

    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_alone() -> None:
    clock, screen = FakeClock(), Terminal()
    said, words = output()
    bar = ProgressBar(said, clock, 200, screen)
    bar.show(0)
    clock.sleep(60)
    bar.show(50)
    bar.clear()
    assert "50 of 200, 3:00 left" in screen.getvalue()
    assert "[##########" in screen.getvalue()
    assert words.getvalue() == ""
    plain = ProgressBar(said, clock, 200, StringIO())
    for done in range(0, 200, 10):
        clock.sleep(2)
        plain.show(done)
    assert words.getvalue().splitlines() == ["40 of 200", "90 of 200", "140 of 200", "190 of 200"]
    silent, nothing = output(as_json=True)
    quiet = Terminal()
    ProgressBar(silent, clock, 200, quiet).show(100)
    assert (quiet.getvalue(), nothing.getvalue()) == ("", "")
