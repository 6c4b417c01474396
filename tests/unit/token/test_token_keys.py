"""The keys of a station inside a real SoftHSM 2 token, against `cryptography`."""

import hmac
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute

from drivers.token import (
    CardKeyService,
    HmacKey,
    KeyAmbiguous,
    KeyMissing,
    KeySelector,
    KeyUnfit,
    SigningKey,
    TokenSession,
)
from tests.unit.token.soft_token import (
    BATCH_KEY,
    HMAC_KEY,
    SoftToken,
    generate_signing_key,
    import_batch_key,
    import_hmac_key,
)

CARD_UID = bytes.fromhex("8004112233445566")


def cmac(key: bytes, data: bytes) -> bytes:
    computation = CMAC(algorithms.AES(key))
    computation.update(data)
    return computation.finalize()


def static_key(index: int) -> bytes:
    block = CARD_UID + bytes(7) + bytes((index,))
    return Cipher(algorithms.AES(BATCH_KEY), modes.ECB()).encryptor().update(block)


def test_hmac(filled: SoftToken) -> None:
    session = TokenSession(filled.url("person"), filled.state)
    key = HmacKey(session, filled.url("person").selector)
    assert key.hmac_sha256(b"3201019999990001") == hmac.digest(HMAC_KEY, b"3201019999990001", "sha256")


def test_card_keys_are_those_of_the_specification(filled: SoftToken) -> None:
    service = CardKeyService(TokenSession(filled.url(), filled.state), KeySelector("chip-batch"))
    with service.card_keys(CARD_UID) as keys:
        assert keys.cmac_enc(b"data") == cmac(static_key(1), b"data")
        assert keys.cmac_mac(b"data") == cmac(static_key(2), b"data")


def test_card_keys_leave_nothing_behind(filled: SoftToken) -> None:
    session = TokenSession(filled.url(), filled.state)
    service = CardKeyService(session, KeySelector("chip-batch"))
    with session.use() as raw:
        before = len(list(raw.get_objects()))
    for _ in range(3):
        with service.card_keys(CARD_UID):
            pass
    with session.use() as raw:
        assert len(list(raw.get_objects())) == before


def test_a_card_uid_of_another_length(filled: SoftToken) -> None:
    service = CardKeyService(TokenSession(filled.url(), filled.state), KeySelector("chip-batch"))
    with pytest.raises(ValueError), service.card_keys(CARD_UID[1:]):
        pass


def test_signature_verifies_here_and_there(filled: SoftToken) -> None:
    key = SigningKey(TokenSession(filled.url(), filled.state), KeySelector("chip-data"))
    signature = key.sign(b"manifest")
    assert len(signature) == 64
    assert key.verify(b"manifest", signature)
    assert not key.verify(b"manifesto", signature)
    assert not key.verify(b"manifest", signature[:63])
    assert not key.verify(b"manifest", bytes(64))
    assert isinstance(load_der_public_key(key.public_key()), EllipticCurvePublicKey)


def test_a_key_that_is_missing_or_not_the_only_one(filled: SoftToken) -> None:
    with filled.open_writable() as raw:
        import_batch_key(raw, BATCH_KEY, "twin")
        import_batch_key(raw, BATCH_KEY, "twin")
    session = TokenSession(filled.url(), filled.state)
    with pytest.raises(KeyMissing, match="object=nothing"):
        CardKeyService(session, KeySelector("nothing"))
    with pytest.raises(KeyMissing):
        CardKeyService(session, KeySelector())
    with pytest.raises(KeyAmbiguous, match="2 keys"):
        CardKeyService(session, KeySelector("twin"))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [(Attribute.SENSITIVE, False), (Attribute.EXTRACTABLE, True), (Attribute.SIGN, False)],
)
def test_an_hmac_key_that_could_leave_or_cannot_sign_is_refused(
    token: SoftToken, attribute: Attribute, value: bool
) -> None:
    with token.open_writable() as raw:
        import_hmac_key(raw, HMAC_KEY, "weak", {attribute: value})
    with pytest.raises(KeyUnfit) as caught:
        HmacKey(TokenSession(token.url(), token.state), KeySelector("weak"))
    assert caught.value.attribute == attribute.name


@pytest.mark.parametrize(
    ("attribute", "value"),
    [(Attribute.SENSITIVE, False), (Attribute.EXTRACTABLE, True), (Attribute.DERIVE, False)],
)
def test_a_batch_key_that_could_leave_or_cannot_derive_is_refused(
    token: SoftToken, attribute: Attribute, value: bool
) -> None:
    with token.open_writable() as raw:
        import_batch_key(raw, BATCH_KEY, "weak", {attribute: value})
    with pytest.raises(KeyUnfit) as caught:
        CardKeyService(TokenSession(token.url(), token.state), KeySelector("weak"))
    assert caught.value.attribute == attribute.name


def test_a_key_of_another_kind_is_refused(token: SoftToken) -> None:
    with token.open_writable() as raw:
        import_batch_key(raw, bytes(32), "long")
        import_hmac_key(raw, HMAC_KEY, "hmac")
        generate_signing_key(raw, "curve", "secp384r1")
        generate_signing_key(raw, "leaky", attributes={Attribute.EXTRACTABLE: True})
    session = TokenSession(token.url(), token.state)
    with pytest.raises(KeyUnfit, match="VALUE_LEN"):
        CardKeyService(session, KeySelector("long"))
    with pytest.raises(KeyUnfit, match="KEY_TYPE"):
        CardKeyService(session, KeySelector("hmac"))
    with pytest.raises(KeyUnfit, match="KEY_TYPE"):
        HmacKey(session, KeySelector("long"))
    with pytest.raises(KeyUnfit, match="EC_PARAMS"):
        SigningKey(session, KeySelector("curve"))
    with pytest.raises(KeyUnfit, match="EXTRACTABLE"):
        SigningKey(session, KeySelector("leaky"))


def test_threads_share_one_session(filled: SoftToken) -> None:
    service = CardKeyService(TokenSession(filled.url(), filled.state), KeySelector("chip-batch"))

    def derive(number: int) -> bytes:
        with service.card_keys(CARD_UID) as keys:
            return keys.cmac_mac(bytes((number,)))

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(derive, range(64)))
    assert results == [cmac(static_key(2), bytes((number,))) for number in range(64)]
