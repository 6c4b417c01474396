"""An office that issues letters by its commands: a token of its own, a certificate, and people of a seed."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from simulators.rig.token_files import KEYS, TokenFiles, make_batch_key, write_secret
from station.letters.presented.judging import Judge
from station.letters.signing.certificate import read_certificate
from station.letters.trust import KeyState, TrustedCertificate, TrustedKey, TrustList

CLERK: Final = "Siti"
ISSUER: Final = "https://dukcapil.example.id/3509"
DAY: Final = timedelta(days=1)
LIMIT: Final = 3600.0  # seconds of one command
SETTINGS: Final = """\
data = "data"

[office]
province = "JAWA REKAAN"
regency = "KABUPATEN CONTOHARJO"

[keys]
{keys}

[disk_space]
warn_below = 0
stop_intake_below = 0
stop_cards_below = 0

[letters]
issuer = "{issuer}"
number = "471.13/{{number:05d}}/99.01.325/{{year}}"
certificate = "letters.crt"
printer = "file://{folder}/paper"

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

[[lanes]]
name = "A"
printer = "socket://127.0.0.1:9"
reader = "pcsc:///nobody"
"""


class CommandFailed(Exception):
    """A command did not do what it was to do; the text has what it said."""


@dataclass(frozen=True)
class Ended:
    """How a command has ended."""

    status: int
    words: str


class LetterOffice:
    """A station without devices, run by its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, TokenFiles(folder)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def open(self, count: int, seed: int) -> None:
        """Make the token, the settings and one clerk, and hold the records of so many people."""
        write_secret(self.files.batch_key, make_batch_key(1).hex())
        self.run(sys.executable, "-m", "simulators.rig.token_maker", "--folder", str(self.folder))
        keys = "\n".join(f"{name} = {json.dumps(self.files.url(name))}" for name in KEYS)
        text = SETTINGS.format(keys=keys, issuer=ISSUER, folder=self.folder)
        (self.folder / "station.toml").write_text(text, encoding="utf-8")
        (self.folder / "letters.crt").write_bytes(self._certificate())
        (self.folder / "paper").mkdir()
        self.station("staff", "add", CLERK, "--role", "operator")
        self.hold(count, seed)

    def hold(self, count: int, seed: int, first: int = 0) -> None:
        """Hold records of people that the centre has sent; the token is another process's."""
        words = ["--count", str(count), "--seed", str(seed), "--first", str(first)]
        self.run(sys.executable, "-m", "tests.letters_killed.holding", str(self.folder), *words)

    def station(self, *words: str) -> str:
        """Run one command to its end.

        Raises:
            CommandFailed: it has not ended with 0.
        """
        return self.run(*self.command(*words))

    def ended(self, *words: str) -> Ended:
        """Run one command, however it ends; what it said is both streams."""
        done = subprocess.run(
            self.command(*words),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    def command(self, *words: str) -> list[str]:
        """The command line of a command of the station."""
        return [str(Path(sys.executable).parent / "station"), "--lang", "en", *words]

    def environment(self) -> dict[str, str]:
        """The environment of the station's processes."""
        return {
            **os.environ,
            "SOFTHSM2_CONF": str(self.files.configuration),
            "STATION_CONFIG": str(self.folder / "station.toml"),
        }

    def run(self, *command: str) -> str:
        """Run a program to its end and return what it wrote.

        Raises:
            CommandFailed: it has not ended with 0.
        """
        done = subprocess.run(
            command,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode != 0:
            raise CommandFailed(f"{command[1:4]} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def judge(self) -> Judge:
        """Somebody who believes this office's keys."""
        public = load_pem_public_key(self.files.letters_key.read_bytes())
        now, times = datetime.now(UTC), _times()
        key = TrustedKey.model_validate(
            {
                "issuer": ISSUER,
                "algorithm": "EDDSA",
                "public_key": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
                **times,
            }
        )
        certificate = read_certificate(self.folder / "letters.crt")
        trusted = TrustedCertificate.model_validate({"issuer": ISSUER, "certificate": certificate, **times})
        return Judge(
            TrustList(format="letter-trust/1", issued=now - DAY, keys=(key,), certificates=(trusted,)),
            (),
            now,
        )

    def _certificate(self) -> bytes:
        """A certificate of the token's key, by an authority that nobody else knows."""
        public = load_pem_public_key(self.files.letter_signature_key.read_bytes())
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise CommandFailed("the token's key is on no curve")
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
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(_name("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"))
            .issuer_name(_name("Otoritas Contoh"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + 700 * DAY)
            .add_extension(usage, critical=True)
            .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
            .public_bytes(Encoding.PEM)
        )


def _times() -> dict[str, object]:
    now = datetime.now(UTC)
    return {"valid_from": now - 30 * DAY, "valid_to": now + 600 * DAY, "state": KeyState.SIGNS}


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
