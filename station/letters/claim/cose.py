"""COSE_Sign1 (RFC 9052 clause 4.2) in the one form that we write and accept.

All that says which key signed how stands in the protected header: an unprotected one can be changed by
anyone, and readers would still call the token genuine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Protocol

import cbor2

from station.claim_keys import KEY_ID_LENGTH, Algorithm
from station.letters.claim.errors import ClaimRefused, Flaw

COSE_SIGN1_TAG: Final = 18  # RFC 9052 clause 2, table 1
ALGORITHM_LABEL: Final = 1  # RFC 9052 clause 3.1
KEY_ID_LABEL: Final = 4
SIGNATURE_LENGTH: Final = 64  # of both algorithms: RFC 9053 clauses 2.1 and 2.2

Header = Mapping[int, object]


class ClaimSigner(Protocol):
    """A key of the token that signs letters."""

    @property
    def algorithm(self) -> Algorithm:
        """Its algorithm."""

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of the SHA-256 of its public key."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes: R || S of Ed25519, or r || s of ECDSA P-256 with SHA-256."""


@dataclass(frozen=True)
class SignedToken:
    """A COSE_Sign1 message, taken apart.

    Attributes:
        algorithm, key_id: of the protected header.
        further: the protected header's other entries.
        payload: the bytes that are signed.
        signature: 64 bytes.
    """

    algorithm: Algorithm
    key_id: bytes
    further: Header
    payload: bytes
    signature: bytes

    @property
    def to_be_signed(self) -> bytes:
        """The Sig_structure, RFC 9052 clause 4.4."""
        return dumps(["Signature1", self._protected(), b"", self.payload])

    def encoded(self) -> bytes:
        """As bytes."""
        parts = [self._protected(), {}, self.payload, self.signature]
        return dumps(cbor2.CBORTag(COSE_SIGN1_TAG, parts))

    def _protected(self) -> bytes:
        header = {ALGORITHM_LABEL: int(self.algorithm), KEY_ID_LABEL: self.key_id, **self.further}
        return dumps(header)


def sign(claims: Mapping[int, object], signer: ClaimSigner, further: Header | None = None) -> SignedToken:
    """Sign claims."""
    payload = dumps(claims)
    unsigned = SignedToken(signer.algorithm, signer.key_id, further or {}, payload, b"")
    signature = lowest_form(signer.algorithm, signer.sign(unsigned.to_be_signed))
    return SignedToken(signer.algorithm, signer.key_id, further or {}, payload, signature)


def take_apart(token: bytes) -> SignedToken:
    """Take a token apart; its signature is not judged.

    Raises:
        ClaimRefused: FOREIGN where it is no COSE_Sign1, ENCODING where it is not as we would write it.
    """
    message = decode(token)
    if not isinstance(message, cbor2.CBORTag) or message.tag != COSE_SIGN1_TAG:
        raise ClaimRefused(Flaw.FOREIGN)
    match message.value:
        case [bytes(protected), dict(), bytes(payload), bytes(signature)]:
            header = decode(protected)
        case _:
            raise ClaimRefused(Flaw.FOREIGN)
    if not isinstance(header, dict):
        raise ClaimRefused(Flaw.FOREIGN)
    further = {key: value for key, value in header.items() if key not in (ALGORITHM_LABEL, KEY_ID_LABEL)}
    algorithm, key_id = header.get(ALGORITHM_LABEL), header.get(KEY_ID_LABEL)
    if algorithm not in list(Algorithm) or not isinstance(key_id, bytes):
        raise ClaimRefused(Flaw.FOREIGN)
    found = SignedToken(Algorithm(algorithm), key_id, further, payload, signature)
    if found.encoded() != token or len(signature) != SIGNATURE_LENGTH or len(key_id) != KEY_ID_LENGTH:
        raise ClaimRefused(Flaw.ENCODING)
    if lowest_form(found.algorithm, signature) != signature:
        raise ClaimRefused(Flaw.ENCODING)
    return found


def dumps(item: object) -> bytes:
    """Encode an item as deterministic CBOR, RFC 8949 clause 4.2.1."""
    return cbor2.dumps(item, canonical=True)


def decode(encoded: bytes) -> object:
    """Decode one CBOR item that fills these bytes.

    Raises:
        ClaimRefused: FOREIGN.
    """
    stream = BytesIO(encoded)
    try:
        item: object = cbor2.CBORDecoder(stream).decode()
    except (cbor2.CBORDecodeError, ValueError, RecursionError, TypeError, OverflowError) as error:
        raise ClaimRefused(Flaw.FOREIGN) from error
    if stream.read(1):
        raise ClaimRefused(Flaw.FOREIGN)
    return item


_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2 clause 2.4.2


def lowest_form(algorithm: Algorithm, signature: bytes) -> bytes:
    """Of the ECDSA signatures (r, s) and (r, n - s), which verify alike, return the one with lower s."""
    if algorithm is Algorithm.EDDSA:
        return signature  # RFC 8032 clause 5.1.7 refuses S >= L
    half = SIGNATURE_LENGTH // 2
    s = int.from_bytes(signature[half:], "big")
    if not _P256_ORDER // 2 < s < _P256_ORDER:
        return signature
    return signature[:half] + (_P256_ORDER - s).to_bytes(half, "big")
