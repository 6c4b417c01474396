"""`station letters verify` and `trust`, without settings, without a database, without a token."""

import base64
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.commands.letters_verdict import ANSWERS, STATUSES
from station.commands.main import main
from station.errors import ExitStatus
from station.letters.claim.code import write_code
from station.letters.presented.answers import Answer
from station.letters.trust import TrustList
from station.letters.withdrawals import WithdrawalList, set_bits, write_list
from tests.letter_flips.letter import CODE_KEY, STATEMENT, SignedLetter, make_letter, trust_list
from tests.unit.letter_codes.letter_keys import ISSUER

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
NOW = datetime.now(UTC)
NAMES = ["2026.cwt", "letter.pdf", "root.pem", "trust.json", "trust.json.sig"]


@pytest.fixture(scope="module")
def fresh() -> SignedLetter:
    """A letter that is one day old; the command asks the machine's clock."""
    issued = int((NOW - timedelta(days=1)).timestamp())
    return make_letter(replace(STATEMENT, issued=issued, expires=issued + 181 * 86_400))


def write_trust(folder: Path, trust: TrustList) -> list[str]:
    """Write list, signature and root, and return the options that name them."""
    times = {"valid_from": "2020-01-01T00:00:00Z", "valid_to": "2100-01-01T00:00:00Z", "state": "signs"}
    keys = [
        {"issuer": one.issuer, "algorithm": one.algorithm.name,
         "public_key": base64.b64encode(one.public_key).decode(), **times}
        for one in trust.keys
    ]  # fmt: skip
    certificates = [
        {"issuer": one.issuer, "certificate": base64.b64encode(one.certificate.der).decode(), **times}
        for one in trust.certificates
    ]
    issued = {"format": "letter-trust/1", "issued": "2026-01-01T00:00:00Z"}
    content = json.dumps({**issued, "keys": keys, "certificates": certificates}).encode()
    (folder / "trust.json").write_bytes(content)
    (folder / "trust.json.sig").write_bytes(ROOT.sign(content))
    pem = ROOT.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "root.pem").write_bytes(pem)
    return ["--trust", str(folder / "trust.json"), "--root", str(folder / "root.pem")]


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STATION_CONFIG", raising=False)
    monkeypatch.setenv("SOFTHSM2_CONF", "/nowhere")
    return write_trust(tmp_path, trust_list())


def withdrawals(file: Path, *places: int) -> str:
    begun = int(NOW.timestamp()) - 3_600
    content = WithdrawalList(ISSUER, 2026, begun, begun + 14 * 86_400, set_bits(places, 5_000))
    file.write_bytes(write_list(content, CODE_KEY))
    return str(file)


def verify(capsys: pytest.CaptureFixture[str], *words: str, lang: str = "en") -> tuple[ExitStatus, str]:
    status = main(["--lang", lang, "letters", "verify", *words])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return status, said.out + said.err


def test_genuine_and_not_withdrawn(
    fresh: SignedLetter, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.pdf").write_bytes(fresh.pdf)
    known = withdrawals(tmp_path / "2026.cwt", 1, 2)
    status, said = verify(capsys, "letter.pdf", *options, "--withdrawals", known)
    assert status is ExitStatus.DONE
    assert "letter.pdf: GENUINE\n" in said
    assert "Withdrawn: no, as of" in said
    assert STATEMENT.number in said and STATEMENT.name in said
    assert sorted(one.name for one in tmp_path.iterdir()) == NAMES  # it has made nothing


def test_withdrawn(
    fresh: SignedLetter, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code.txt").write_text(fresh.code + "\r\n")
    known = withdrawals(tmp_path / "2026.cwt", STATEMENT.place)
    status, said = verify(capsys, "code.txt", *options, "--withdrawals", known)
    assert (status, "Withdrawn: yes, as of" in said) == (ExitStatus.LETTER_WITHDRAWN, True)


def test_a_list_that_is_not_believed_is_named_and_not_asked(
    fresh: SignedLetter, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code.txt").write_text(fresh.code)
    known = Path(withdrawals(tmp_path / "2026.cwt", STATEMENT.place))
    sound = known.read_bytes()
    known.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    status, said = verify(capsys, "code.txt", *options, "--withdrawals", str(known))
    assert status is ExitStatus.DONE
    assert "2026.cwt is not believed" in said and "Withdrawn: unknown" in said


def test_several_files_and_the_worst_of_them(
    fresh: SignedLetter, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.pdf").write_bytes(fresh.pdf)
    (tmp_path / "bad.pdf").write_bytes(fresh.pdf[:-1] + b"\0")
    (tmp_path / "old.txt").write_text(write_code(STATEMENT, CODE_KEY)[:-1])
    names = ["good.pdf", "bad.pdf", "old.txt", "absent.pdf", str(tmp_path)]
    status, said = verify(capsys, *names, *options, "--json")
    found = {one["file"]: one["answer"] for one in json.loads(said)["letters"]}
    assert status is ExitStatus.LETTER_ALTERED
    assert [found[name] for name in names] == ["genuine", "altered", "no_letter", "unreadable", "unreadable"]


def test_a_reader_of_codes_types_into_the_command(
    fresh: SignedLetter,
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(fresh.code.encode() + b"\n")))
    status, said = verify(capsys, "-", *options)
    assert status is ExitStatus.DONE and "-: GENUINE" in said


def test_without_anything_to_believe(
    fresh: SignedLetter, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code.txt").write_text(fresh.code)
    status, said = verify(capsys, "code.txt")
    assert (status, "SETTINGS_MISSING" in said) == (ExitStatus.REFUSED, True)
    (tmp_path / "trust.json").write_text("{}")
    status, said = verify(capsys, "code.txt", *options)
    assert (status, "TRUST_LIST_UNUSABLE" in said) == (ExitStatus.REFUSED, True)


def test_every_answer_has_its_words_and_its_status() -> None:
    assert set(STATUSES) == set(ANSWERS) == set(Answer)
    assert len(set(STATUSES.values())) == len(Answer)
    statuses = [STATUSES[answer] for answer in Answer]
    assert statuses == sorted(statuses)


def test_the_list_is_shown_with_the_root_s_fingerprint(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "letters", "trust", "show", *options]) is ExitStatus.DONE
    said = capsys.readouterr().out
    assert CODE_KEY.key_id.hex() in said and "EDDSA" in said and "PAdES" in said
    assert "fingerprint: " in said
    main(["--lang", "en", "letters", "trust", "show", *options, "--json"])
    assert len(json.loads(capsys.readouterr().out)["keys"]) == 2
