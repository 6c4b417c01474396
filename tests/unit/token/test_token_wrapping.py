"""Wrapping record keys inside a real SoftHSM 2 token, against `cryptography`."""

import secrets
import shlex
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass

from drivers.token import KeyUnfit, TokenFailure, TokenSession, WrappedKeyBroken, WrappingKey
from drivers.token.module import find_module
from station.devices.keys import TokenKeys
from station.errors import DeviceAbsent, InputFault
from station.settings import KeySettings
from tests.unit.token.soft_token import HMAC_KEY, LABEL, LOCKED_IN, PIN, SoftToken

NAME = b"record-1"
KNOWN = bytes(range(0x40, 0x60))


def make_master(session: pkcs11.Session, label: str, bits: int = 256, **changed: bool) -> None:
    attributes = dict(LOCKED_IN) | {Attribute[name]: value for name, value in changed.items()}
    session.generate_key(
        KeyType.AES,
        bits,
        store=True,
        label=label,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template=attributes,
    )


def import_master(session: pkcs11.Session, label: str) -> None:
    """A master key that the test knows too; no station would have one."""
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.KEY_TYPE: KeyType.AES,
            Attribute.LABEL: label,
            Attribute.VALUE: KNOWN,
            Attribute.ENCRYPT: True,
            Attribute.DECRYPT: True,
            **LOCKED_IN,
        }
    )


@pytest.fixture
def master(filled: SoftToken) -> SoftToken:
    with filled.open_writable() as session:
        make_master(session, "records")
        make_master(session, "others")
        import_master(session, "known")
    return filled


def opened(token: SoftToken, label: str = "records") -> WrappingKey:
    url = token.url(label)
    return WrappingKey(TokenSession(url, token.state), url.selector)


def test_a_key_comes_back_and_looks_different_each_time(master: SoftToken) -> None:
    wrapping, key = opened(master), secrets.token_bytes(32)
    first, second = wrapping.wrap(key, NAME), wrapping.wrap(key, NAME)
    assert first != second
    assert len(first) == 12 + 32 + 16
    assert key not in first
    assert wrapping.unwrap(first, NAME) == wrapping.unwrap(second, NAME) == key


def test_it_is_aes_gcm_as_others_do_it(master: SoftToken) -> None:
    wrapping, key = opened(master, "known"), secrets.token_bytes(32)
    wrapped = wrapping.wrap(key, NAME)
    assert AESGCM(KNOWN).decrypt(wrapped[:12], wrapped[12:], NAME) == key
    nonce = secrets.token_bytes(12)
    assert wrapping.unwrap(nonce + AESGCM(KNOWN).encrypt(nonce, key, NAME), NAME) == key


@pytest.mark.parametrize("change", ["bit", "cut", "short", "empty", "name", "key"])
def test_what_is_not_right_is_broken_and_the_token_goes_on(master: SoftToken, change: str) -> None:
    session = TokenSession(master.url("records"), master.state)
    wrapping = WrappingKey(session, master.url("records").selector)
    wrapped = wrapping.wrap(KNOWN, NAME)
    bad = {
        "bit": wrapped[:-1] + bytes((wrapped[-1] ^ 1,)),
        "cut": wrapped[:-1],
        "short": wrapped[:28],
        "empty": b"",
    }.get(change, wrapped)
    other = WrappingKey(session, master.url("others").selector) if change == "key" else wrapping
    with pytest.raises(WrappedKeyBroken):
        other.unwrap(bad, b"record-2" if change == "name" else NAME)
    assert wrapping.unwrap(wrapped, NAME) == KNOWN


@pytest.mark.parametrize(
    ("bits", "changed"),
    [(128, {}), (256, {"EXTRACTABLE": True}), (256, {"SENSITIVE": False}), (256, {"DECRYPT": False})],
)
def test_a_key_that_is_no_master_key_is_refused(
    filled: SoftToken, bits: int, changed: dict[str, bool]
) -> None:
    with filled.open_writable() as session:
        make_master(session, "poor", bits, **changed)
    with pytest.raises(KeyUnfit):
        opened(filled, "poor")


def test_a_token_that_fails_is_not_taken_for_a_broken_key(
    master: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapping = opened(master)
    wrapped = wrapping.wrap(KNOWN, NAME)

    def pulled(wrapped: bytes, name: bytes) -> bytes:
        raise TokenFailure("station", "DeviceRemoved")

    monkeypatch.setattr(wrapping, "_decrypt", pulled)
    with pytest.raises(TokenFailure):
        wrapping.unwrap(wrapped, NAME)


def settings(token: SoftToken, records: str | None) -> KeySettings:
    other = token.text("chip-data")
    return KeySettings(
        person=token.text("person"), blanks=other, signature=other, journal=other, records=records
    )


def test_the_station_s_master_key_names_the_record(master: SoftToken) -> None:
    keys = TokenKeys(settings(master, master.text("records")), master.state)
    wrapped = keys.records.wrap("record-1", KNOWN)
    assert (wrapped[:4], len(wrapped)) == (b"PSK1", 64)
    assert keys.records.unwrap("record-1", wrapped) == KNOWN
    for record, bad in (("record-2", wrapped), ("record-1", wrapped[4:]), ("record-1", b"")):
        with pytest.raises(InputFault) as caught:
            keys.records.unwrap(record, bad)
        assert caught.value.code == "RECORD_KEY_BROKEN"


@pytest.mark.parametrize("name", [None, "nothing", "person"])
def test_a_master_key_that_is_not_there_is_a_key_that_cannot_be_used(
    master: SoftToken, name: str | None
) -> None:
    keys = TokenKeys(settings(master, master.text(name) if name else None), master.state)
    with pytest.raises(DeviceAbsent) as caught:
        keys.records.wrap("record-1", KNOWN)
    assert caught.value.code == "KEY_UNUSABLE"


def test_the_search_key_is_the_same_every_day_and_no_person_s_key(master: SoftToken) -> None:
    keys = TokenKeys(settings(master, None), master.state)
    first = keys.search_key()
    again = TokenKeys(settings(master, None), master.state).search_key()
    assert first == again
    assert len(first) == 32
    assert first != HMAC_KEY
    assert first.hex() != keys.person_key("3509012345678901")


def test_the_manual_s_command_makes_a_master_key(filled: SoftToken) -> None:
    manual = Path("docs/reference/vault.md").read_text(encoding="utf-8")
    (line,) = (line for line in manual.splitlines() if line.startswith("pkcs11-tool "))
    command = shlex.split(
        line.replace("MODULE", str(find_module(filled.url("records")))).replace("TOKEN", LABEL)
    )
    subprocess.run([*command, "--pin", PIN], check=True, capture_output=True, timeout=20)
    wrapping = opened(filled)
    assert wrapping.unwrap(wrapping.wrap(KNOWN, NAME), NAME) == KNOWN
