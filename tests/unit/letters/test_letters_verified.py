"""A letter of the register on the verifier's desk: issued, verified, withdrawn, found out."""

from pathlib import Path

import pytest

from station.errors import ExitStatus
from tests.fakes.letters import LetterClock
from tests.letter_flips.letter import trust_list
from tests.unit.letter_presented.test_judging import saved, scan
from tests.unit.letter_presented.test_verify_command import write_trust
from tests.unit.letters.test_letter_commands import FIRST, issue
from tests.unit.letters.test_letter_commands import desk as desk  # the fixture
from tests.unit.station.office_desk import Desk
from tests.unit.vault.vault_station import Guest


@pytest.fixture
def letter(desk: Desk, crowd: list[Guest], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the office has given out; the settings name the list of trusted keys."""
    monkeypatch.setattr("station.clock.SystemClock", LetterClock)
    write_trust(desk.office_folder, trust_list())
    names = {"trust.json": "letter-trust.json", "trust.json.sig": "letter-trust.json.sig",
             "root.pem": "letter-root.pem"}  # fmt: skip
    for written, name in names.items():
        (desk.office_folder / written).rename(desk.office_folder / name)
    target = desk.office_folder / "surat.pdf"
    assert issue(desk, crowd[0], "--out", str(target)).status == ExitStatus.DONE
    return target


def verdict(desk: Desk, file: Path) -> tuple[ExitStatus, str, str, str]:
    """Exit status, answer, number of the code, and whether it is withdrawn."""
    said = desk.run("letters", "verify", str(file), "--json")
    (found,) = said.fields()["letters"]  # type: ignore[misc]
    (code,) = found["codes"]  # type: ignore[has-type]
    return ExitStatus(said.status), found["answer"], code["number"], code["withdrawal"]  # type: ignore[has-type]


def write_list(desk: Desk, name: str) -> Path:
    folder = desk.office_folder / "letter-withdrawals"
    folder.mkdir(exist_ok=True)
    words = ("letters", "withdrawals", "--year", "2026", "--out", str(folder / name))
    assert desk.run(*words).status == ExitStatus.DONE
    return folder / name


def test_from_the_register_to_the_desk(desk: Desk, letter: Path) -> None:
    paper = desk.office_folder / "scan.png"
    paper.write_bytes(saved(scan(letter.read_bytes(), 150), "PNG"))
    for file in (letter, paper):
        assert verdict(desk, file) == (ExitStatus.DONE, "genuine", FIRST, "unknown")
    before = write_list(desk, "1.statuslist")
    assert verdict(desk, letter) == (ExitStatus.DONE, "genuine", FIRST, "not_withdrawn")

    why = ("--cause", "mistake", "--reason", "salah orang", "--by", "Siti")
    assert desk.run("letters", "withdraw", FIRST, *why).status == ExitStatus.DONE
    before.unlink()
    write_list(desk, "2.statuslist")
    for file in (letter, paper):
        assert verdict(desk, file) == (ExitStatus.LETTER_WITHDRAWN, "withdrawn", FIRST, "withdrawn")


def test_a_byte_more(desk: Desk, letter: Path) -> None:
    letter.write_bytes(letter.read_bytes() + b"\n")
    assert verdict(desk, letter) == (ExitStatus.LETTER_ALTERED, "altered", FIRST, "unknown")


def test_times_are_the_office_s(desk: Desk, letter: Path) -> None:
    """Issued at three in the morning UTC: ten o'clock in Jakarta."""
    said = desk.run("--lang", "en", "letters", "verify", str(letter)).words
    assert f"Letter {FIRST}, from 28-11-2026 10:00 WIB to " in said


def test_the_doctor_looks_at_the_certificate(desk: Desk) -> None:
    said = desk.run("--lang", "en", "doctor").words
    assert "certificate of letters: " in said and "2028-10-28" in said
    (desk.office_folder / "certificate.pem").write_text("torn")
    assert "LETTER_CERTIFICATE_UNUSABLE" in desk.run("--lang", "en", "doctor").words
