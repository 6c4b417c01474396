"""`station blanks report`, `handover`, `minutes`: one file that was not there; nothing else is touched."""

import os
from pathlib import Path

import pytest

from station.commands.papers import write_new
from station.errors import ExitStatus, Refused
from tests.unit.ledger.ledger_counter import OPERATOR, PINS, SECOND, SUPERVISOR, Counter
from tests.unit.reports.report_samples import read
from tests.unit.station.office_desk import Said, assert_explained


def report(counter: Counter, out: Path, *words: str) -> Said:
    return counter.run("blanks", "report", "--out", str(out), *words)


def hand_over(counter: Counter, out: Path, *words: str, pins: list[str] | None = None) -> Said:
    people = ("--from", SUPERVISOR, "--to", OPERATOR)
    given = [PINS[SUPERVISOR], PINS[OPERATOR]] if pins is None else pins
    return counter.give("blanks", "handover", *people, "--out", str(out), *words, pins=given)


def test_a_statement_of_today_is_written(counter: Counter, tmp_path: Path) -> None:
    counter.receive(100)
    counter.count("--stock", "99")
    said = report(counter, tmp_path / "day.pdf", "--json").fields()
    assert said["date"] == "2017-03-17"
    assert (said["open_differences"], said["open_questions"]) == (1, 0)
    shown = read((tmp_path / "day.pdf").read_bytes())
    for words in ("PEMERINTAH KABUPATEN CONTOHARJO", "dus K-0001", "Selisih \u22121 blangko di persediaan"):
        assert words in shown.text


def test_a_statement_of_a_day_before_the_station_is_empty_and_balanced(
    counter: Counter, tmp_path: Path
) -> None:
    assert report(counter, tmp_path / "day.pdf", "--date", "2016-10-01").status == ExitStatus.DONE
    shown = read((tmp_path / "day.pdf").read_bytes())
    assert "Persamaan blangko seimbang: 0 = 0." in shown.text
    assert "Jurnal masih kosong." in shown.text


@pytest.mark.parametrize("on", ["2017-03-18", "2017-02-30", "yesterday"])
def test_a_day_that_cannot_be_meant_is_refused(counter: Counter, tmp_path: Path, on: str) -> None:
    assert_explained(report(counter, tmp_path / "day.pdf", "--date", on).complaints, "DATE_WRONG")
    assert not (tmp_path / "day.pdf").exists()


def test_no_file_is_overwritten_not_even_through_a_link(counter: Counter, tmp_path: Path) -> None:
    file, link = tmp_path / "day.pdf", tmp_path / "link.pdf"
    file.write_text("yesterday's")
    link.symlink_to(tmp_path / "nowhere.pdf")
    for target in (file, link):
        assert_explained(report(counter, target).complaints, "FILE_EXISTS")
    assert file.read_text() == "yesterday's"
    assert_explained(report(counter, tmp_path / "absent" / "x.pdf").complaints, "FILE_UNWRITABLE")


def test_both_sign_a_handover_of_the_stock(counter: Counter, tmp_path: Path) -> None:
    counter.receive(100)
    counter.count("--stock", "100", "--lane", "A=8", kind="closing")
    before = counter.balances()
    said = hand_over(counter, tmp_path / "handover.pdf", "--json")
    assert said.fields()["number"] == "001/BAST/2017"
    assert counter.balances() == before
    text = read((tmp_path / "handover.pdf").read_bytes()).text
    for words in (
        "108 (seratus delapan) keping",
        "Persediaan 100 100 17 Maret 2017 15.00 WIB",
        "Lajur A 8 8",
        f"Nama : {SUPERVISOR}",
        f"Nama : {OPERATOR}",
        "Blangko dinyatakan hilang : 0 keping",
    ):
        assert words in text, words
    again = tmp_path / "again.pdf"
    counter.must("blanks", "minutes", "001/BAST/2017", "--out", str(again))
    assert again.read_bytes() == (tmp_path / "handover.pdf").read_bytes()


def test_a_handover_needs_both_pins_of_two_people_who_work_here(counter: Counter, tmp_path: Path) -> None:
    out = tmp_path / "handover.pdf"
    wrong = hand_over(counter, out, pins=[PINS[SUPERVISOR], PINS[SUPERVISOR]])
    assert_explained(wrong.complaints, "PIN_WRONG")
    words = ("blanks", "handover", "--from", OPERATOR, "--out", str(out), "--to")
    alone = counter.give(*words, OPERATOR, pins=[PINS[OPERATOR]] * 2)
    assert_explained(alone.complaints, "SIGNATURES_NEEDED")
    stranger = counter.give(*words, "Nobody", pins=[PINS[OPERATOR], "660145"])
    assert_explained(stranger.complaints, "STAFF_UNKNOWN")
    assert not out.exists()
    two_operators = counter.give(*words, SECOND, pins=[PINS[OPERATOR], PINS[SECOND]])
    assert two_operators.status == ExitStatus.DONE


def test_minutes_of_a_loan_need_no_pin_because_the_loan_is_booked(counter: Counter, tmp_path: Path) -> None:
    counter.receive(100)
    lend = ("blanks", "lend", "--to", "Dispendukcapil Lumajang", "--count", "25", "--by", OPERATOR)
    row = counter.must(*lend, "--json").fields()["row"]
    out = tmp_path / "loan.pdf"
    words = ("blanks", "handover", "--from", OPERATOR, "--to", "Hendra", "--out", str(out), "--row")
    assert counter.must(*words, str(row)).words
    text = read(out.read_bytes()).text
    for wanted in ("Hendra", "Dispendukcapil Lumajang", "25 (dua puluh lima) keping", f"{row:05}/BAST/2017"):
        assert wanted in text
    out.unlink()
    assert_explained(counter.run(*words, "1").complaints, "LOAN_UNKNOWN")
    assert_explained(counter.run(*words, "99999").complaints, "LOAN_UNKNOWN")


def test_a_full_disk_leaves_no_half_paper_and_the_act_can_be_printed_again(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "handover.pdf"
    with monkeypatch.context() as patched:
        patched.setattr("station.commands.papers.os.fsync", full)
        assert_explained(hand_over(counter, out).complaints, "FILE_UNWRITABLE")
    assert not out.exists()
    assert counter.must("blanks", "minutes", "001/BAST/2017", "--out", str(out)).status == ExitStatus.DONE


def test_a_paper_and_its_name_are_on_the_disk_before_it_is_said_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = list[int]()
    monkeypatch.setattr("os.fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    target = tmp_path / "x.pdf"
    write_new(target, b"paper")
    assert synced == [target.stat().st_ino, tmp_path.stat().st_ino]
    with pytest.raises(Refused):
        write_new(target, b"another")
    assert target.read_bytes() == b"paper", "even where it came between the look and the writing"


def test_missing_fonts_are_explained_and_nothing_is_booked(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = counter.config.read_text()
    counter.config.write_text(settings + f'\n[fonts]\nfolder = "{tmp_path}"\n')
    assert_explained(hand_over(counter, tmp_path / "x.pdf").complaints, "REPORT_UNDRAWABLE")
    counter.config.write_text(settings)
    said = hand_over(counter, tmp_path / "x.pdf", "--json")
    assert said.fields()["number"] == "001/BAST/2017", "the refused one has taken no number"
