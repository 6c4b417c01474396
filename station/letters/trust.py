"""The keys whose letters are believed: a list signed by the office's root key, which is never on a station.

The list is a JSON file with a detached signature beside it (`trust.json`, `trust.json.sig`: ECDSA P-256 with
SHA-256 as DER, or Ed25519), so that `openssl` alone can check it. The root's public key is a file that the
settings name; its fingerprint hangs on the office's wall.
"""

import base64
import hashlib
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from station.claim_keys import Algorithm, key_id
from station.errors import InputFault
from station.letters.claim.cose import SIGNATURE_LENGTH
from station.letters.signing.certificate import LetterCertificate

LARGEST_FILE = 1 << 20
PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey


class KeyState(StrEnum):
    """What a key may be used for."""

    SIGNS = "signs"
    VERIFIES_ONLY = "verifies_only"
    STOLEN = "stolen"  # letters issued after `valid_to` are refused, whoever signed them


def _from_base64(value: object) -> object:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


def _algorithm(name: object) -> Algorithm:
    for algorithm in Algorithm:
        if name == algorithm.name:
            return algorithm
    raise ValueError("neither EDDSA nor ES256")


class TrustedKey(BaseModel):
    """One key that signs letters.

    Attributes:
        issuer: URI of the office that holds it.
        algorithm: COSE name.
        public_key: DER SubjectPublicKeyInfo; base64 in the file.
        valid_from, valid_to: letters issued from and up to these times are believed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    issuer: str = Field(min_length=1, max_length=80)
    algorithm: Annotated[Algorithm, BeforeValidator(_algorithm)]
    public_key: Annotated[bytes, BeforeValidator(_from_base64)]
    valid_from: AwareDatetime
    valid_to: AwareDatetime
    state: KeyState

    @model_validator(mode="after")
    def _is_of_its_algorithm(self) -> Self:
        wanted = ed25519.Ed25519PublicKey if self.algorithm is Algorithm.EDDSA else ec.EllipticCurvePublicKey
        if not isinstance(self._key, wanted):
            raise ValueError("the key is not of its algorithm")
        return self

    @property
    def key_id(self) -> bytes:
        """What tokens name it by."""
        return key_id(self.public_key)

    @cached_property
    def _key(self) -> PublicKey:
        return load_public_key(self.public_key)

    def may_have_signed_at(self, issued: int) -> bool:
        """Tell whether a letter issued at this second of the Unix epoch is believed."""
        return self.valid_from.timestamp() <= issued <= self.valid_to.timestamp()

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a signature of 64 bytes over `data` is of this key."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        der = signature if self.algorithm is Algorithm.EDDSA else encode_dss_signature(r, s)
        return is_signed(self._key, data, der)


def _certificate(value: object) -> object:
    return LetterCertificate(base64.b64decode(value, validate=True)) if isinstance(value, str) else value


class TrustedCertificate(BaseModel):
    """One certificate of a key that signs the files of letters.

    Attributes:
        issuer: URI of the office that holds it.
        certificate: DER; base64 in the file.
        valid_from, valid_to: files signed from and up to these times are believed, within its own time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    issuer: str = Field(min_length=1, max_length=80)
    certificate: Annotated[LetterCertificate, BeforeValidator(_certificate)]
    valid_from: AwareDatetime
    valid_to: AwareDatetime
    state: KeyState

    def may_have_signed_at(self, moment: datetime) -> bool:
        """Tell whether a file signed at this moment is believed."""
        return self.valid_from <= moment <= self.valid_to and self.certificate.is_valid_at(moment)


class TrustList(BaseModel):
    """The keys that a verifier believes.

    Attributes:
        issued: when the root signed it; a list never replaces a later one.
        keys: of the codes. certificates: of the files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(pattern="^letter-trust/1$")
    issued: AwareDatetime
    keys: tuple[TrustedKey, ...]
    certificates: tuple[TrustedCertificate, ...] = ()

    def find_certificate(self, wanted: LetterCertificate) -> TrustedCertificate | None:
        """The entry of this certificate."""
        return next((one for one in self.certificates if one.certificate == wanted), None)

    def find(self, wanted: bytes) -> TrustedKey | None:
        """The key with this id."""
        return next((key for key in self.keys if key.key_id == wanted), None)

    @model_validator(mode="after")
    def _has_each_key_once(self) -> Self:
        ids = [key.key_id for key in self.keys]
        if len(set(ids)) < len(ids):
            raise ValueError("two keys have the same id")
        certificates = [one.certificate for one in self.certificates]
        if len(set(certificates)) < len(certificates):
            raise ValueError("a certificate stands twice")
        return self


def load_public_key(der: bytes) -> PublicKey:
    """Read a DER SubjectPublicKeyInfo.

    Raises:
        ValueError: it is no Ed25519 and no P-256 key.
    """
    try:
        key = serialization.load_der_public_key(der)
    except UnsupportedAlgorithm as error:
        raise ValueError("neither Ed25519 nor P-256") from error
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise ValueError("neither Ed25519 nor P-256")


def is_signed(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Tell whether a signature over `data` is of this key; of ECDSA it is DER, with SHA-256."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def read_trust(file: Path, root: Path) -> TrustList:
    """Read a trust list and check the root's signature over its bytes.

    Args:
        file: the list; its signature is the file of the same name with `.sig` after it.
        root: PEM file of the root's public key.

    Raises:
        InputFault: TRUST_LIST_UNUSABLE.
    """
    try:
        content = _read(file)
        signature = _read(file.with_name(file.name + ".sig"))
        pem = serialization.load_pem_public_key(_read(root))
        der = pem.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        if not is_signed(load_public_key(der), content, signature):
            raise InputFault("TRUST_LIST_UNUSABLE", file=file, problem="the root has not signed it")
        return TrustList.model_validate_json(content)
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}"
        raise InputFault("TRUST_LIST_UNUSABLE", file=file, problem=problem) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise InputFault("TRUST_LIST_UNUSABLE", file=file, problem=problem) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputFault("TRUST_LIST_UNUSABLE", file=file, problem=error) from error


def root_fingerprint(root: Path) -> str:
    """The fingerprint of the root's key that hangs on the wall: SHA-256 of its DER, in groups of four digits.

    Raises:
        InputFault: TRUST_LIST_UNUSABLE.
    """
    try:
        pem = serialization.load_pem_public_key(_read(root))
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}"
        raise InputFault("TRUST_LIST_UNUSABLE", file=root, problem=problem) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputFault("TRUST_LIST_UNUSABLE", file=root, problem=error) from error
    der = pem.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digits = hashlib.sha256(der).hexdigest()
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _read(file: Path) -> bytes:
    if file.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{file.name} is too large")
    return file.read_bytes()
