"""What an office that issues letters gets from outside: a certificate, and a list of trusted keys.

The authority and the root are keys of this program that nobody keeps: the files they have signed stay.
Formats: X.509 (RFC 5280), and the list of docs/reference/letters-register.md and its neighbours.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509.oid import NameOID

from simulators.rig.errors import RigError
from simulators.rig.token_files import TokenFiles

ISSUER = "https://dukcapil.contoharjo.example/surat"
CERTIFICATE, TRUST, ROOT = "letter-certificate.pem", "letter-trust.json", "letter-root.pem"
YEARS = 5
LETTERHEAD = {
    "office": "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    "address": "Jalan Contoh Raya Nomor 12, Contoharjo 00000",
    "contact": "Telepon (0000) 000000",
    "town": "Contoharjo",
}
SIGNER = {
    "key": "kadis",
    "position": "Kepala Dinas Kependudukan\ndan Pencatatan Sipil",
    "name": "Drs. H. BUDI CONTOH, M.Si.",
    "rank": "Pembina Utama Muda",
    "nip": "196501011990011001",
}


def make_letter_files(folder: Path, files: TokenFiles) -> None:
    """Write certificate, list and root into the folder, unless a former start has.

    Raises:
        RigError: the token's public keys are not there.
    """
    if (folder / ROOT).exists():
        return
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    end = start + timedelta(days=365 * YEARS)
    try:
        code_key = load_pem_public_key(files.letters_key.read_bytes())
        file_key = load_pem_public_key(files.letter_signature_key.read_bytes())
    except (OSError, ValueError) as error:
        raise RigError(f"the token's keys for letters cannot be read: {error}") from error
    if not isinstance(file_key, ec.EllipticCurvePublicKey):
        raise RigError("the token's key for letters' files is no EC key")
    certificate = _certificate(file_key, start, end)
    (folder / CERTIFICATE).write_bytes(certificate.public_bytes(Encoding.PEM))
    times = {"valid_from": start.isoformat(), "valid_to": end.isoformat(), "state": "signs"}
    public = code_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = {"issuer": ISSUER, "algorithm": "EDDSA", "public_key": _text(public), **times}
    trusted = {"issuer": ISSUER, "certificate": _text(certificate.public_bytes(Encoding.DER)), **times}
    _write_list(folder, {"issued": start.isoformat(), "keys": [key], "certificates": [trusted]})


def _certificate(key: ec.EllipticCurvePublicKey, start: datetime, end: datetime) -> x509.Certificate:
    """A certificate for the key that signs letters' files, of an authority that is forgotten at once."""
    authority = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SPESIMEN Dinas Contoharjo")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SPESIMEN Otoritas Contoh")]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(usage, critical=True)
        .sign(authority, SHA256())
    )


def _write_list(folder: Path, content: dict[str, object]) -> None:
    """Write the list, its signature, and last the root's public key: it says that all of it is there."""
    root = ec.generate_private_key(ec.SECP256R1())
    text = json.dumps({"format": "letter-trust/1", **content}, indent=1).encode()
    (folder / TRUST).write_bytes(text)
    (folder / f"{TRUST}.sig").write_bytes(root.sign(text, ec.ECDSA(SHA256())))
    public = root.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / ROOT).write_bytes(public)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
