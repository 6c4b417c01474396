"""`station letters …` as an operator gives it: settings, database, page and words are real, keys soft."""

import csv
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from station.claim_keys import Algorithm
from station.errors import ExitStatus
from station.gate.gate import PrintGate
from station.letters.signing.certificate import LetterCertificate
from station.letters.signing.checking import Signedness, check_signature
from station.letters.withdrawals import read_list
from station.office import Office
from station.service.control import ControlServer
from station.service.lock import StationLock
from station.settings import load_settings
from station.staff import pins
from station.staff import store as staff
from station.staff.store import Role, StaffMember
from station.vault.holding import Holding
from station.vault.vault import Vault
from tests.fakes.devices import FakeLane
from tests.fakes.letters import LetterClock
from tests.fakes.station import FakeKeys
from tests.fakes.vault import SoftMasterKey
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey
from tests.unit.letter_signing.signing_keys import SoftFileKey
from tests.unit.station.office_desk import Desk, DeskKeys, Said, assert_explained, fake_devices
from tests.unit.vault.vault_station import Guest, hold

LETTERS = f"""
[letters]
issuer = "{ISSUER}"
number = "471.13/{{number:05d}}/99.01.325/{{year}}"
certificate = "certificate.pem"

[letters.letterhead]
office = "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"
address = "Jalan Contoh Raya Nomor 12, Contoharjo 00000"
town = "Contoharjo"

[[letters.signers]]
key = "kadis"
position = "Kepala Dinas Kependudukan\\ndan Pencatatan Sipil"
name = "Drs. H. BUDI CONTOH, M.Si."
rank = "Pembina Utama Muda"
nip = "196501011990011001"
"""
FIRST = "471.13/00001/99.01.325/2026"
FILE_KEY = SoftFileKey()
CLAIM_KEY = SoftClaimKey(Algorithm.EDDSA)


class LetterDeskKeys(DeskKeys):
    """All keys of an office that issues letters."""

    letters = CLAIM_KEY
    letter_signature = FILE_KEY


@pytest.fixture
def desk(tmp_path: Path, crowd: list[Guest], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An office without a blank; the centre has sent it six people's records."""
    devices = FakeLane(0)
    fake_devices(monkeypatch, devices)
    monkeypatch.setattr("station.office.SystemClock", LetterClock)
    monkeypatch.setattr(Office, "keys", LetterDeskKeys())
    monkeypatch.setattr(Office, "gate", PrintGate())
    folder = tmp_path / "office"
    folder.mkdir()
    desk = Desk(folder, devices)
    desk.config.write_text(desk.config.read_text() + LETTERS, encoding="utf-8")
    (folder / "certificate.pem").write_bytes(FILE_KEY.certificate().public_bytes(Encoding.PEM))
    with desk.database.transaction() as transaction:
        for name, role in (("Siti", Role.OPERATOR), ("Wati", Role.SUPERVISOR)):
            staff.add(transaction, desk.journal, StaffMember(name=name, role=role))
            staff.set_pin(transaction, desk.journal, name, pins.hash_pin("482913"), None)
    vault = Vault(desk.folder / "vault", SoftMasterKey())
    holding = Holding(desk.database, desk.journal, desk.clock, vault, FakeKeys())
    hold(desk.database, holding, crowd, "centre:test")
    yield desk
    desk.close()


def issue(desk: Desk, guest: Guest, *words: str, reason: str = "lost") -> Said:
    return desk.run("letters", "issue", guest.record, "--reason", reason, "--by", "Siti", *words)


def test_a_letter_is_issued_into_a_file_that_nobody_else_reads(desk: Desk, crowd: list[Guest]) -> None:
    target = desk.office_folder / "surat.pdf"
    said = issue(desk, crowd[0], "--out", str(target), "--json")
    assert said.status == ExitStatus.DONE, said
    assert said.fields()["number"] == FIRST
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    certificate = LetterCertificate(FILE_KEY.certificate().public_bytes(Encoding.DER))
    assert check_signature(target.read_bytes(), [certificate]).signedness is Signedness.SIGNED


def test_a_file_that_is_there_is_refused_before_a_number_is_used(desk: Desk, crowd: list[Guest]) -> None:
    target = desk.office_folder / "surat.pdf"
    target.write_text("mine")
    said = issue(desk, crowd[0], "--out", str(target))
    assert (said.status, target.read_text()) == (ExitStatus.REFUSED, "mine")
    assert desk.run("letters", "list", "--json").fields()["letters"] == []


def test_a_refusal_is_explained_with_its_source(desk: Desk, crowd: list[Guest]) -> None:
    said = issue(desk, crowd[0], reason="recorded_without_card")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "LETTER_REASON_NOT_ALLOWED")
    assert "471.13/6153/DUKCAPIL" in said.complaints


def test_an_unknown_member_of_staff_issues_nothing(desk: Desk, crowd: list[Guest]) -> None:
    said = desk.run("letters", "issue", crowd[0].record, "--reason", "lost", "--by", "Nobody")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "STAFF_UNKNOWN")


def test_without_its_settings_the_office_issues_none(desk: Desk, crowd: list[Guest]) -> None:
    desk.config.write_text(desk.config.read_text().partition("[letters]")[0], encoding="utf-8")
    said = issue(desk, crowd[0])
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "LETTERS_NOT_CONFIGURED")


def test_a_copy_after_the_first_needs_a_reason(desk: Desk, crowd: list[Guest]) -> None:
    first, second = desk.office_folder / "surat.pdf", desk.office_folder / "lagi.pdf"
    issue(desk, crowd[0], "--out", str(first))
    words = ("letters", "reprint", FIRST, "--by", "Siti", "--out", str(second))
    said = desk.run(*words, "--reason", " ")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "REASON_MISSING")
    assert desk.run(*words, "--reason", f"NIK {crowd[0].nik}").status == ExitStatus.REFUSED
    assert not second.exists()
    assert desk.run(*words, "--reason", "terkena air").status == ExitStatus.DONE
    assert second.read_bytes() == first.read_bytes()


def test_a_withdrawn_letter_has_no_copy(desk: Desk, crowd: list[Guest]) -> None:
    issue(desk, crowd[0])
    words = ("--cause", "mistake", "--reason", "salah orang", "--by", "Siti")
    assert desk.run("letters", "withdraw", FIRST, *words).status == ExitStatus.DONE
    target = desk.office_folder / "lagi.pdf"
    said = desk.run("letters", "reprint", FIRST, "--by", "Siti", "--reason", "x", "--out", str(target))
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "LETTER_NOT_ISSUED")
    assert not target.exists()
    shown = desk.run("--lang", "en", "letters", "show", FIRST)
    assert "withdrawn: issued by mistake" in shown.words


def test_renewing_and_listing(desk: Desk, crowd: list[Guest]) -> None:
    issue(desk, crowd[0])
    said = desk.run("--lang", "en", "letters", "renew", FIRST, "--by", "Siti")
    assert said.status == ExitStatus.DONE, said
    assert f"Letter {FIRST} is withdrawn by it" in said.words
    listed = desk.run("letters", "list", "--json").fields()["letters"]
    assert isinstance(listed, list)
    assert [(one["state"], one["cause"]) for one in listed] == [("withdrawn", "renewed"), ("issued", None)]
    assert crowd[0].name not in desk.run("letters", "list").words
    shown = desk.run("records", "show", crowd[0].record, "--json").fields()["letter"]
    assert isinstance(shown, dict)
    assert shown["number"] == FIRST.replace("00001", "00002")


def test_the_register_is_written_once_and_with_names(desk: Desk, crowd: list[Guest]) -> None:
    issue(desk, crowd[0])
    target = desk.office_folder / "register.csv"
    words = ("letters", "register", "--out", str(target), "--reason", "entri SIAK", "--by", "Siti")
    assert desk.run(*words).status == ExitStatus.DONE
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    (line,) = csv.DictReader(StringIO(target.read_text(encoding="utf-8")))
    assert (line["nomor"], line["nama"]) == (FIRST, crowd[0].name)
    assert desk.run(*words).status == ExitStatus.REFUSED


def test_the_signed_list_is_written(desk: Desk, crowd: list[Guest]) -> None:
    issue(desk, crowd[0])
    target = desk.office_folder / "2026.statuslist"
    said = desk.run("letters", "withdrawals", "--out", str(target), "--json")
    assert said.status == ExitStatus.DONE
    trusted = CLAIM_KEY.trusted()
    assert read_list(target.read_bytes(), lambda wanted: trusted).withdrawn(1) is False


def test_the_policy_names_its_sources_in_words(desk: Desk) -> None:
    said = desk.run("--lang", "en", "letters", "policy")
    assert said.status == ExitStatus.DONE
    assert "only while there is no blank" in said.words
    assert "Permendagri 109/2019" in said.words
    before = desk.run("letters", "policy", "--on", "2012-01-01", "--json").fields()
    assert (before["allowed"], before["sources"]) == (False, [])
    assert desk.run("letters", "policy", "--on", "yesterday").status == ExitStatus.REFUSED


def test_only_a_supervisor_tells_the_last_number(desk: Desk, crowd: list[Guest]) -> None:
    pin = desk.office_folder / "pin"
    pin.touch(mode=0o600)
    pin.write_text("482913\n")
    words = ("letters", "last", "3", "--reason", "map arsip", "--pins-from", str(pin))
    refused = desk.run(*words, "--by", "Siti")
    assert refused.status == ExitStatus.REFUSED
    assert_explained(refused.complaints, "SUPERVISOR_NEEDED")
    assert desk.run(*words, "--by", "Wati", "--json").fields()["void"] == 3
    issued = issue(desk, crowd[0], "--json").fields()
    assert issued["place"] == 4


def test_a_running_station_issues_for_the_command(desk: Desk, crowd: list[Guest]) -> None:
    office = Office(load_settings(desk.config, {}))
    server = ControlServer(office)
    with StationLock(office.settings.lock_file):
        server.start()
        try:
            target = desk.office_folder / "surat.pdf"
            said = issue(desk, crowd[0], "--out", str(target), "--json")
            refused = issue(desk, crowd[0])
            listed = desk.run("letters", "withdrawals", "--out", str(desk.office_folder / "list"), "--json")
        finally:
            server.stop()
            office.close()
    assert said.fields()["number"] == FIRST, said
    assert target.read_bytes().startswith(b"%PDF")
    assert_explained(refused.complaints, "LETTER_VALID_ALREADY")
    assert listed.fields()["letters"] == 1
