"""`station letters certificate-request` and `trust check`, with a real token."""

import base64
import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.clock import SystemClock
from station.commands.main import main
from station.devices.keys import TokenKeys
from station.errors import ExitStatus
from station.letters.signing.checking import Signedness, check_signature
from station.letters.signing.signer import open_signer
from station.settings import load_settings
from templates.letters.press import Press
from tests.letter_flips.letter import FOLDERS, letter_values
from tests.unit.letter_signing.signing_keys import NAME, NOON
from tests.unit.token.soft_token import SoftToken, generate_edwards_key, generate_signing_key

SETTINGS = """
data = "{data}"
[office]
province = "JAWA REKAAN"
regency = "KABUPATEN CONTOHARJO"
[keys]
person = "{person}"
blanks = "{other}"
signature = "{other}"
journal = "{other}"
letters = "{letters}"
letter_signature = "{files}"
[letters]
issuer = "https://dukcapil.example.id/3509"
certificate = "certificate.pem"
[letters.letterhead]
office = "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"
address = "Jalan Contoh 1"
town = "Contoharjo"
[[letters.signers]]
key = "kadis"
position = "Kepala Dinas"
name = "BUDI"
rank = "Pembina"
nip = "196501011990011001"
[[lanes]]
name = "A"
printer = "socket://127.0.0.1:9"
reader = "pcsc:///None"
"""
ROOT = ec.derive_private_key(31, ec.SECP256R1())


@pytest.fixture
def config(filled: SoftToken, tmp_path: Path) -> Path:
    with filled.open_writable() as session:
        generate_edwards_key(session, "letters")
        generate_signing_key(session, "letter_signature")
    file = tmp_path / "station.toml"
    urls = {"person": "person", "other": "chip-data", "letters": "letters", "files": "letter_signature"}
    data = tmp_path / "data"
    data.mkdir()
    file.write_text(SETTINGS.format(data=data, **{name: filled.text(key) for name, key in urls.items()}))
    return file


def certified(request: bytes) -> x509.Certificate:
    """What an authority makes of a request."""
    asked = x509.load_pem_x509_csr(request)
    assert asked.is_signature_valid
    return (
        x509.CertificateBuilder(extensions=list(asked.extensions))
        .subject_name(asked.subject)
        .issuer_name(NAME)
        .public_key(asked.public_key())
        .serial_number(7)
        .not_valid_before(NOON.replace(year=2020))
        .not_valid_after(NOON.replace(year=2090))
        .sign(ROOT, hashes.SHA256())
    )


def write_trust(folder: Path, code_key: bytes, certificate: bytes) -> None:
    times = {"valid_from": "2020-01-01T00:00:00Z", "valid_to": "2090-01-01T00:00:00Z", "state": "signs"}
    issuer = {"issuer": "https://dukcapil.example.id/3509", **times}
    content = json.dumps(
        {
            "format": "letter-trust/1",
            "issued": "2026-01-01T00:00:00Z",
            "keys": [{**issuer, "algorithm": "EDDSA", "public_key": base64.b64encode(code_key).decode()}],
            "certificates": [{**issuer, "certificate": base64.b64encode(certificate).decode()}],
        }
    ).encode()
    (folder / "letter-trust.json").write_bytes(content)
    (folder / "letter-trust.json.sig").write_bytes(ROOT.sign(content, ec.ECDSA(hashes.SHA256())))
    pem = ROOT.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "letter-root.pem").write_bytes(pem)


def test_from_the_request_to_the_signed_letter(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Request, certificate, trust list, a signed file: the whole way of a new office."""
    station = ["--lang", "en", "--config", str(config), "letters"]
    request = tmp_path / "letters.csr"
    assert main([*station, "certificate-request", "--out", str(request)]) is ExitStatus.DONE
    assert main([*station, "certificate-request", "--out", str(request)]) is ExitStatus.REFUSED
    assert "LETTER_REQUEST_UNWRITTEN" in capsys.readouterr().err
    certificate = certified(request.read_bytes())
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))

    settings = load_settings(config)
    keys = TokenKeys(settings.keys, settings.data)
    assert settings.letters is not None
    write_trust(tmp_path, keys.letters.public_key(), certificate.public_bytes(Encoding.DER))
    assert main([*station, "trust", "check", "--token"]) is ExitStatus.DONE
    assert capsys.readouterr().out.count("believed") == 2

    signer = open_signer(settings.letters.certificate, keys.letter_signature, SystemClock())
    body = Press.load(FOLDERS).one_letter(letter_values("TEXT"))
    for _ in range(4):  # about every second ECDSA signature has to be turned into the lower form
        signed = signer.sign(body)
        assert check_signature(signed, [signer.certificate]).signedness is Signedness.SIGNED

    write_trust(tmp_path, b"other" + keys.letters.public_key(), certificate.public_bytes(Encoding.DER))
    assert main([*station, "trust", "check"]) is ExitStatus.REFUSED
