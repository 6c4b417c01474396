"""Makes the rig's token: `python -m simulators.rig.token_maker --folder DIR`.

A program of its own, because a process reads SOFTHSM2_CONF once and never again. A token that is there is
kept. The batch key is read from its file, where the simulated maker of the blanks reads it too.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PublicKey
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from simulators.rig.errors import RigError
from simulators.rig.token_files import (
    BLANKS,
    BUNDLES,
    EXCHANGE,
    JOURNAL,
    LABEL,
    LETTER_SIGNATURE,
    LETTERS,
    PERSON,
    RECORDS,
    SIGNATURE,
    TokenFiles,
    find_library,
    write_secret,
)

CONFIGURATION = """\
directories.tokendir = {tokens}
objectstore.backend = file
log.level = ERROR
slots.removable = false
"""
PIN_BYTES = 8
PERSON_BITS = 256
MASTER_BITS = 256
TOOL_PATIENCE = 30.0  # seconds
EDWARDS = bytes((0x13, 12)) + b"edwards25519"  # the curve as PKCS#11 3.0 names it: a PrintableString
EDWARDS_BYTES = 32  # RFC 8032 clause 5.1.5
LOCKED_IN: dict[Attribute, object] = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
}
DERIVE_ONLY: dict[Attribute, object] = {
    Attribute.DERIVE: True,
    Attribute.ENCRYPT: False,
    Attribute.DECRYPT: False,
    Attribute.SIGN: False,
    Attribute.VERIFY: False,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
}


def main() -> int:
    """Make the token if it is not there; the ready line on stdout is JSON."""
    parser = argparse.ArgumentParser(prog="python -m simulators.rig.token_maker", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    os.umask(0o077)
    try:
        made = make_token(TokenFiles(options.folder))
    except (RigError, OSError, subprocess.SubprocessError, pkcs11.PKCS11Error) as error:
        sys.stderr.write(f"simulators.rig.token_maker: {type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(json.dumps({"ready": True, "made": made}) + "\n")
    return 0


def make_token(files: TokenFiles) -> bool:
    """Make token, PIN and keys, and tell whether they were made now. A half-made one is thrown away.

    Raises:
        RigError: SoftHSM 2 is not there.
        subprocess.SubprocessError: its tool failed.
        pkcs11.PKCS11Error: its library failed.
    """
    if files.public_key.exists():
        return False
    shutil.rmtree(files.token, ignore_errors=True)
    tokens = files.token / "tokens"
    tokens.mkdir(parents=True)
    files.configuration.write_text(CONFIGURATION.format(tokens=tokens), encoding="utf-8")
    pin = secrets.token_hex(PIN_BYTES)
    write_secret(files.pin, pin + "\n")
    os.environ["SOFTHSM2_CONF"] = str(files.configuration)
    _initialise(pin)
    public_keys = _make_keys(pin, bytes.fromhex(files.batch_key.read_text(encoding="ascii")))
    write_secret(files.exchange_key, public_keys[EXCHANGE])
    write_secret(files.bundles_key, public_keys[BUNDLES])
    write_secret(files.journal_key, public_keys[JOURNAL])
    write_secret(files.letters_key, public_keys[LETTERS])
    write_secret(files.letter_signature_key, public_keys[LETTER_SIGNATURE])
    write_secret(files.public_key, public_keys[SIGNATURE])
    return True


def _initialise(pin: str) -> None:
    """Make an empty token. Its security officer's PIN is thrown away: a rig's token is made again instead."""
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL]
    subprocess.run(
        [*command, "--so-pin", secrets.token_hex(PIN_BYTES), "--pin", pin],
        check=True,
        capture_output=True,
        timeout=TOOL_PATIENCE,
    )


def _make_keys(pin: str, batch_key: bytes) -> dict[str, str]:
    """Put the keys into the token; return the public ones by name, as PEM."""
    library = pkcs11.lib(str(find_library()))
    with library.get_token(token_label=LABEL).open(rw=True, user_pin=pin) as session:
        session.generate_key(
            KeyType.GENERIC_SECRET,
            PERSON_BITS,
            store=True,
            label=PERSON,
            capabilities=MechanismFlag.SIGN,
            template=LOCKED_IN,
        )
        session.generate_key(
            KeyType.AES,
            MASTER_BITS,
            store=True,
            label=RECORDS,
            capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
            template=LOCKED_IN,
        )
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.AES,
                Attribute.LABEL: BLANKS,
                Attribute.VALUE: batch_key,
                **DERIVE_ONLY,
                **LOCKED_IN,
            }
        )
        sign, derive = MechanismFlag.SIGN | MechanismFlag.VERIFY, MechanismFlag.DERIVE
        pairs = {JOURNAL: sign, BUNDLES: sign, EXCHANGE: derive, LETTER_SIGNATURE: sign, SIGNATURE: sign}
        made = {label: _make_key_pair(session, label, may) for label, may in pairs.items()}
        return {**made, LETTERS: _make_edwards_pair(session, LETTERS)}


def _make_key_pair(session: pkcs11.Session, label: str, may: MechanismFlag) -> str:
    """Make a pair on P-256 and return its public key as PEM."""
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
        store=True,
        label=label,
        capabilities=may,
        private_template=LOCKED_IN,
    )
    if not isinstance(public, PublicKey):
        raise RigError("the token made no public key")
    key = load_der_public_key(encode_ec_public_key(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def _make_edwards_pair(session: pkcs11.Session, label: str) -> str:
    """Make an Ed25519 pair and return its public key as PEM."""
    curve = {Attribute.EC_PARAMS: EDWARDS}
    public, _ = session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True).generate_keypair(
        mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        store=True,
        label=label,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template=LOCKED_IN,
    )
    point = public[Attribute.EC_POINT]
    if not isinstance(point, bytes):
        raise RigError("the token made no public key")
    key = Ed25519PublicKey.from_public_bytes(point[-EDWARDS_BYTES:])
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


if __name__ == "__main__":
    sys.exit(main())
