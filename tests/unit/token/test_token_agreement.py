"""Diffie-Hellman inside a real SoftHSM 2 token, against `cryptography`."""

import secrets

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from drivers.token import AgreementKey, KeyUnfit, TokenError, TokenSession
from tests.unit.token.soft_token import LOCKED_IN, SoftToken, generate_signing_key

OBJECTS = [ObjectClass.SECRET_KEY, ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY]


def generate_agreement_key(session: pkcs11.Session, label: str) -> None:
    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    parameters.generate_keypair(
        store=True,
        label=label,
        id=secrets.token_bytes(4),
        capabilities=MechanismFlag.DERIVE,
        private_template={**LOCKED_IN, Attribute.DERIVE: True, Attribute.SIGN: False},
    )


@pytest.fixture
def exchange(filled: SoftToken) -> SoftToken:
    with filled.open_writable() as session:
        generate_agreement_key(session, "exchange")
    return filled


def one_time_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def test_both_sides_find_the_same_secret(exchange: SoftToken) -> None:
    key = AgreementKey(
        TokenSession(exchange.url("exchange"), exchange.state), exchange.url("exchange").selector
    )
    public = load_der_public_key(key.public_key())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    for _ in range(20):  # secrets that begin with a zero byte keep it: every 256th, so mostly by luck
        mine = one_time_key()
        assert key.agree(point(mine)) == mine.exchange(ec.ECDH(), public)


def test_a_point_off_the_curve_gives_no_secret(exchange: SoftToken) -> None:
    key = AgreementKey(
        TokenSession(exchange.url("exchange"), exchange.state), exchange.url("exchange").selector
    )
    with pytest.raises(TokenError):
        key.agree(b"\x04" + b"\x01" * 64)


def test_agreeing_leaves_no_secret_in_the_token(exchange: SoftToken) -> None:
    session = TokenSession(exchange.url("exchange"), exchange.state)
    key = AgreementKey(session, exchange.url("exchange").selector)

    def count() -> int:
        with session.use() as inner:
            return sum(len(list(inner.get_objects({Attribute.CLASS: kind}))) for kind in OBJECTS)

    before = count()
    key.agree(point(one_time_key()))
    assert count() == before


def test_a_key_that_may_only_sign_is_refused(filled: SoftToken) -> None:
    with filled.open_writable() as session:
        generate_signing_key(session, "exchange", attributes={Attribute.DERIVE: False})
    with pytest.raises(KeyUnfit):
        AgreementKey(TokenSession(filled.url("exchange"), filled.state), filled.url("exchange").selector)
