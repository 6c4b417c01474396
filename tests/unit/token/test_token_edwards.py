"""The key that signs letters' codes, Ed25519 or P-256, inside a real SoftHSM 2 token."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute

from drivers.token import EdwardsKey, KeySelector, KeyUnfit, TokenSession, open_signing_key
from station.claim_keys import Algorithm
from station.devices.keys import TokenKeys
from station.errors import DeviceAbsent
from station.letters.claim.code import read_code, write_code
from station.letters.trust import KeyState, TrustedKey
from station.settings import KeySettings
from tests.unit.letter_codes.letter_keys import ISSUER
from tests.unit.letter_codes.test_code import STATEMENT
from tests.unit.token.soft_token import (
    SoftToken,
    generate_edwards_key,
    generate_signing_key,
    import_hmac_key,
)


@pytest.fixture
def signing(filled: SoftToken) -> SoftToken:
    """A token with a letters' key of each kind."""
    with filled.open_writable() as session:
        generate_edwards_key(session, "letters")
        generate_signing_key(session, "letters-p256")
    return filled


def opened(token: SoftToken, label: str = "letters") -> EdwardsKey:
    return EdwardsKey(TokenSession(token.url(), token.state), KeySelector(label))


def test_the_signature_is_always_the_same_and_verifies_elsewhere(signing: SoftToken) -> None:
    key = opened(signing)
    signature = key.sign(b"letter")
    assert (len(signature), key.sign(b"letter")) == (64, signature)
    public = load_der_public_key(key.public_key())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signature, b"letter")
    assert key.verify(b"letter", signature)
    assert not key.verify(b"letters", signature)
    assert not key.verify(b"letter", signature[:63])
    assert not key.verify(b"letter", b"")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [(Attribute.SENSITIVE, False), (Attribute.EXTRACTABLE, True), (Attribute.SIGN, False)],
)
def test_a_key_that_could_leave_or_cannot_sign_is_refused(
    token: SoftToken, attribute: Attribute, value: bool
) -> None:
    with token.open_writable() as session:
        generate_edwards_key(session, "weak", {attribute: value})
    with pytest.raises(KeyUnfit) as caught:
        opened(token, "weak")
    assert caught.value.attribute == attribute.name


def test_a_key_of_another_kind_is_refused(signing: SoftToken) -> None:
    with signing.open_writable() as session:
        import_hmac_key(session, bytes(32), "hmac")
        generate_signing_key(session, "wide", "secp384r1")
    with pytest.raises(KeyUnfit, match="KEY_TYPE"):
        opened(signing, "letters-p256")
    with pytest.raises(KeyUnfit, match="EC_PARAMS"):
        open_signing_key(TokenSession(signing.url(), signing.state), KeySelector("wide"))


def settings(token: SoftToken, letters: str | None, signature: str | None = None) -> KeySettings:
    other = token.text("chip-data")
    return KeySettings(
        person=token.text("person"),
        blanks=other,
        signature=other,
        journal=other,
        letters=token.text(letters) if letters else None,
        letter_signature=token.text(signature) if signature else None,
    )


@pytest.mark.parametrize(
    ("label", "algorithm", "kind"),
    [
        ("letters", Algorithm.EDDSA, Ed25519PublicKey),
        ("letters-p256", Algorithm.ES256, EllipticCurvePublicKey),
    ],
)
def test_codes_that_the_token_signs_are_read(
    signing: SoftToken, label: str, algorithm: Algorithm, kind: type
) -> None:
    key = TokenKeys(settings(signing, label), signing.state).letters
    assert key.algorithm is algorithm
    assert isinstance(load_der_public_key(key.public_key()), kind)
    assert key.key_id == hashlib.sha256(key.public_key()).digest()[:4]
    trusted = TrustedKey.model_validate(
        {
            "issuer": ISSUER,
            "algorithm": algorithm.name,
            "public_key": key.public_key(),
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_to": "2027-01-01T00:00:00Z",
            "state": KeyState.SIGNS,
        }
    )
    keys = {trusted.key_id: trusted}
    for _ in range(8):  # of ECDSA about every second signature has to be turned into the lower form
        assert read_code(write_code(STATEMENT, key), keys.get).statement == STATEMENT


@pytest.mark.parametrize("label", [None, "nothing", "person"])
def test_a_letters_key_that_is_not_there(signing: SoftToken, label: str | None) -> None:
    with pytest.raises(DeviceAbsent) as caught:
        _ = TokenKeys(settings(signing, label), signing.state).letters
    assert caught.value.code == "KEY_UNUSABLE"


def test_files_are_signed_with_p256_only(signing: SoftToken) -> None:
    keys = TokenKeys(settings(signing, "letters", "letters-p256"), signing.state)
    assert keys.letter_signature.verify(b"file", keys.letter_signature.sign(b"file"))
    for label in (None, "letters"):
        with pytest.raises(DeviceAbsent) as caught:
            _ = TokenKeys(settings(signing, "letters", label), signing.state).letter_signature
        assert caught.value.code == "KEY_UNUSABLE"
