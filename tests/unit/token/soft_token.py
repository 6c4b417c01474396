"""A SoftHSM 2 token in files, and ways to put keys into it."""

import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11._pkcs11 import lib as Module  # noqa: N812 - the class is called lib
from pkcs11.util.ec import encode_named_curve_parameters

from drivers.token import Pkcs11Url
from drivers.token.module import find_module

LABEL = "station"
PIN = "1234"
SO_PIN = "87654321"
BATCH_KEY = bytes(range(0x60, 0x70))
HMAC_KEY = bytes(range(32))
LOCKED_IN: dict[Attribute, object] = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
}


@dataclass(frozen=True)
class SoftToken:
    """One token; `state` is the folder for markers of refused PINs."""

    pin_file: Path
    state: Path

    def text(self, key: str = "", extra: str = "") -> str:
        """URL of a key in the token, as text."""
        key_part = f";object={key}" if key else ""
        pin = quote(str(self.pin_file), safe="/")
        return f"pkcs11:token={LABEL}{key_part}{extra}?pin-source=file:{pin}&module-name=softhsm2"

    def url(self, key: str = "", extra: str = "") -> Pkcs11Url:
        """URL of a key in the token."""
        return Pkcs11Url.parse(self.text(key, extra))

    def fill(self) -> None:
        """Put in the keys of a station."""
        with self.open_writable() as session:
            import_batch_key(session, BATCH_KEY, "chip-batch")
            import_hmac_key(session, HMAC_KEY, "person")
            generate_signing_key(session, "chip-data")

    def open_writable(self) -> pkcs11.Session:
        """A session that may make keys; no other may be open."""
        return module().get_token(token_label=LABEL).open(rw=True, user_pin=PIN)


def module() -> Module:
    """The SoftHSM 2 module of this process."""
    return pkcs11.lib(str(find_module(Pkcs11Url.parse("pkcs11:token=x?module-name=softhsm2"))))


def make_token(folder: Path) -> SoftToken:
    """Make a token with a PIN and no keys; SOFTHSM2_CONF must point into the same folder."""
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", SO_PIN, "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True, timeout=20)
    pin_file = folder / "pin file"
    pin_file.write_text(PIN + "\n")
    return SoftToken(pin_file, folder / "state")


def import_batch_key(
    session: pkcs11.Session, value: bytes, label: str, attributes: dict[Attribute, object] | None = None
) -> None:
    """Put an AES key in the token."""
    kind = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.DERIVE: True}
    named = {Attribute.LABEL: label, Attribute.VALUE: value}
    session.create_object({**kind, **LOCKED_IN, **named, **(attributes or {})})


def import_hmac_key(
    session: pkcs11.Session, value: bytes, label: str, attributes: dict[Attribute, object] | None = None
) -> None:
    """Put a generic secret key in the token."""
    kind = {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
        Attribute.SIGN: True,
    }
    named = {Attribute.LABEL: label, Attribute.VALUE: value}
    session.create_object({**kind, **LOCKED_IN, **named, **(attributes or {})})


def generate_signing_key(
    session: pkcs11.Session,
    label: str,
    curve: str = "secp256r1",
    attributes: dict[Attribute, object] | None = None,
) -> None:
    """Make an ECDSA key pair in the token."""
    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
    )
    parameters.generate_keypair(
        store=True,
        label=label,
        id=secrets.token_bytes(4),
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template={**LOCKED_IN, **(attributes or {})},
    )


def generate_edwards_key(
    session: pkcs11.Session, label: str, attributes: dict[Attribute, object] | None = None
) -> None:
    """Make an Ed25519 key pair in the token."""
    curve = {Attribute.EC_PARAMS: b"\x13\x0cedwards25519"}
    session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True).generate_keypair(
        mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        store=True,
        label=label,
        id=secrets.token_bytes(4),
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template={**LOCKED_IN, **(attributes or {})},
    )
