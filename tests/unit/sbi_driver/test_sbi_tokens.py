"""Tokens, certificates and hashes beside OpenSSL, which we did not write."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.sbi import hash_chain, tokens
from drivers.sbi.encodings import from_base64, from_base64url
from drivers.sbi.errors import CaptureRejected, Reason
from drivers.sbi.trust import TrustRoots, require_device
from simulators.sbi import signing
from simulators.sbi.identity import Identity

PAYLOAD = b'{"a":1}'


def openssl(*words: str | Path, content: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *map(str, words)], input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token_of(keys: Path, head: dict[str, object] | None = None) -> str:
    identity = Identity(keys)
    named = signing.header([identity.certificate("device")]) | (head or {})
    return signing.signed(identity.device_key(), named, PAYLOAD)


def test_the_hash_chain_has_the_values_of_the_facts() -> None:
    first = hash_chain.next_hash(hash_chain.FIRST, b"ISO1")
    assert first == "422E937925122AABD027EB9B2BDEE4534CF10A101272C0AD0DB086969829E7AD"
    assert (
        hash_chain.next_hash(first, b"ISO2")
        == "B94AD26B8EF2BAE179EF1FBCA76E064E4E79BE282CD2B6B1819A266DA6AE1CAB"
    )
    nothing = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
    assert hash_chain.next_hash(nothing, b"ISO1") == first
    assert hash_chain.is_hash(first)
    assert not hash_chain.is_hash(first.lower())


def test_openssl_believes_the_simulated_scanner(sbi_keys: Path, tmp_path: Path) -> None:
    header, payload, signature = token_of(sbi_keys).split(".")
    certificate = base64.b64decode(json.loads(base64.urlsafe_b64decode(header + "=="))["x5c"][0])
    leaf, key, signed = tmp_path / "leaf.pem", tmp_path / "key.pem", tmp_path / "signature"
    leaf.write_bytes(openssl("x509", "-inform", "DER", content=certificate))
    key.write_bytes(openssl("x509", "-in", leaf, "-noout", "-pubkey"))
    signed.write_bytes(base64.urlsafe_b64decode(signature + "=="))
    text = f"{header}.{payload}".encode()
    openssl("dgst", "-sha256", "-verify", key, "-signature", signed, content=text)
    openssl("verify", "-CAfile", sbi_keys / "root.pem", "-untrusted", sbi_keys / "provider.pem", leaf)


def test_the_driver_believes_what_openssl_has_made(tmp_path: Path) -> None:
    names = {name: tmp_path / name for name in ("ca.key", "ca.pem", "dev.key", "dev.csr", "dev.pem")}
    make = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    openssl(*make, "-x509", "-keyout", names["ca.key"], "-out", names["ca.pem"], "-subj", "/CN=root")
    openssl(*make, "-keyout", names["dev.key"], "-out", names["dev.csr"], "-subj", "/CN=device")
    by = ("-CA", names["ca.pem"], "-CAkey", names["ca.key"], "-CAcreateserial", "-days", "30")
    usage = tmp_path / "usage"  # without an extension OpenSSL writes version 1, which nothing is believed in
    usage.write_text("keyUsage=digitalSignature\n")
    openssl("x509", "-req", "-in", names["dev.csr"], *by, "-extfile", usage, "-out", names["dev.pem"])
    der = openssl("x509", "-in", names["dev.pem"], "-outform", "DER")
    header = json.dumps({"x5c": [base64.b64encode(der).decode()], "alg": "RS256", "typ": "JWT"})
    text = f"{url(header.encode())}.{url(PAYLOAD)}"
    signature = openssl("dgst", "-sha256", "-sign", names["dev.key"], content=text.encode())
    token = tokens.read(f"{text}.{url(signature)}")
    at = datetime.now(UTC) + timedelta(minutes=1)
    require_device(token.certificates[0], at)
    TrustRoots.from_file(names["ca.pem"]).require_chain(token.certificates, at)
    assert token.payload == PAYLOAD


def test_every_changed_letter_is_seen(sbi_keys: Path) -> None:
    """The last letter of a part has bits that say nothing: there too only one text is right."""
    text = token_of(sbi_keys)
    ends = [text.index("."), text.rindex("."), len(text)]
    for at in {*range(0, len(text), 97), *(end - 1 for end in ends)}:
        for letter in "AQgw_":
            changed = text[:at] + letter + text[at + 1 :]
            if changed != text:
                with pytest.raises(CaptureRejected):
                    tokens.read(changed)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c.d", "..", "é.b.c", "e30.e30.e30", "W10.e30.e30"])
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(CaptureRejected):
        tokens.read(text)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({"alg": "RS512"}, Reason.ALGORITHM_WRONG),
        ({"alg": "none"}, Reason.ALGORITHM_WRONG),
        ({"alg": "HS256"}, Reason.ALGORITHM_WRONG),
        ({"alg": None}, Reason.TOKEN_MALFORMED),
        ({"crit": ["exp"]}, Reason.TOKEN_MALFORMED),
        ({"x5c": []}, Reason.CERTIFICATE_MISSING),
        ({"x5c": "MII="}, Reason.TOKEN_MALFORMED),
        ({"x5c": ["MII="]}, Reason.CERTIFICATE_MALFORMED),
        ({"x5c": ["A" * 20_000]}, Reason.CERTIFICATE_MALFORMED),
        ({"x5c": ["-_8="]}, Reason.CERTIFICATE_MALFORMED),
    ],
)
def test_headers(sbi_keys: Path, head: dict[str, object], reason: Reason) -> None:
    with pytest.raises(CaptureRejected) as raised:
        tokens.read(token_of(sbi_keys, head))
    assert raised.value.reason == reason


def test_small_keys_and_other_keys_sign_nothing(tmp_path: Path) -> None:
    kinds: list[tuple[str, ...]] = [("rsa:1024",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")]
    for number, words in enumerate(kinds):
        key, made = tmp_path / f"{number}.key", tmp_path / f"{number}.pem"
        where = ("-nodes", "-keyout", key, "-out", made, "-subj", "/CN=x")
        openssl("req", "-x509", "-newkey", *words, *where)
        der = openssl("x509", "-in", made, "-outform", "DER")
        text = f"{url(json.dumps(signing.header([der])).encode())}.{url(PAYLOAD)}"
        signature = openssl("dgst", "-sha256", "-sign", key, content=text.encode())
        with pytest.raises(CaptureRejected) as raised:
            tokens.read(f"{text}.{url(signature)}")
        assert raised.value.reason == Reason.ALGORITHM_WRONG


def test_a_device_signs_no_devices(sbi_keys: Path, tmp_path: Path) -> None:
    """A chain through a certificate that is no authority's is none, whatever signatures it has."""
    csr, key, made = tmp_path / "x.csr", tmp_path / "x.key", tmp_path / "x.pem"
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", csr, "-subj", "/CN=x")
    by = ("-CA", sbi_keys / "device.pem", "-CAkey", sbi_keys / "device.key", "-CAserial", tmp_path / "s")
    openssl("x509", "-req", "-in", csr, *by, "-CAcreateserial", "-days", "2", "-out", made)
    der = openssl("x509", "-in", made, "-outform", "DER")
    text = f"{url(json.dumps(signing.header([der, Identity(sbi_keys).certificate('device')])).encode())}.e30"
    signature = openssl("dgst", "-sha256", "-sign", key, content=text.encode())
    token = tokens.read(f"{text}.{url(signature)}")
    with pytest.raises(CaptureRejected) as raised:
        TrustRoots.from_file(sbi_keys / "roots.pem").require_chain(token.certificates, datetime.now(UTC))
    assert raised.value.reason == Reason.CHAIN_UNTRUSTED


@pytest.mark.parametrize("text", ["A", "AB==", "A+/A", "AAB", "AA A", "é"])
def test_base64url_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"letters|padding|text|data|base64|ASCII|ascii"):
        from_base64url(text)
    assert from_base64url("-_8") == b"\xfb\xff"


@pytest.mark.parametrize("text", ["A", "AA", "AAB=", "-_8=", "AA==\n", "é"])
def test_base64_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"letters|padding|text|data|base64|ASCII|ascii"):
        from_base64(text)
    assert from_base64("+/8=") == b"\xfb\xff"
