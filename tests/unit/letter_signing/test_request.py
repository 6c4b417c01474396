"""The request for a certificate, before openssl."""

import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.letters.signing.request import write_request
from tests.unit.letter_signing.signing_keys import SoftFileKey


def test_openssl_finds_the_key_the_name_and_a_good_signature(key: SoftFileKey, tmp_path: Path) -> None:
    file = tmp_path / "request.csr"
    file.write_bytes(write_request(key, "DINAS KEPENDUDUKAN", "KABUPATEN CONTOHARJO"))
    said = subprocess.run(
        ["openssl", "req", "-in", file, "-noout", "-verify", "-text"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "verify OK" in said.stderr
    assert "C = ID, O = KABUPATEN CONTOHARJO, CN = DINAS KEPENDUDUKAN" in said.stdout
    assert "Digital Signature, Non Repudiation" in said.stdout
    assert "ecdsa-with-SHA256" in said.stdout
    request = x509.load_pem_x509_csr(file.read_bytes())
    public = request.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert public == key.public_key()
