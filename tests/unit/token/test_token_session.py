"""Logging in to a real SoftHSM 2 token."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from drivers.token import (
    ForkedProcess,
    HmacKey,
    ModuleMissing,
    PinAlreadyRefused,
    PinFileMissing,
    Pkcs11Url,
    TokenMissing,
    TokenSession,
    WrongPin,
)
from drivers.token.module import find_token, pin_flags
from tests.unit.token.soft_token import LABEL, PIN, SoftToken, module


def test_a_session_opens_and_leaves_no_marker(filled: SoftToken) -> None:
    session = TokenSession(filled.url(), filled.state)
    assert session.label == LABEL
    assert not list(filled.state.glob("pin-*.json"))
    session.close()


def test_a_second_session_of_the_process_joins_the_first(filled: SoftToken) -> None:
    first = TokenSession(filled.url(), filled.state)
    second = TokenSession(filled.url(), filled.state)
    assert len(HmacKey(second, filled.url("person").selector).hmac_sha256(b"x")) == 32
    first.close()


def test_a_session_that_joins_does_not_forget_a_refused_pin(filled: SoftToken) -> None:
    filled.pin_file.write_text("0000")
    with pytest.raises(WrongPin):
        TokenSession(filled.url(), filled.state)
    with filled.open_writable():
        filled.pin_file.write_text("1111")
        joined = TokenSession(filled.url(), filled.state)  # logged in already: 1111 is not tried
        filled.pin_file.write_text("0000")
        with pytest.raises(PinAlreadyRefused):
            TokenSession(filled.url(), filled.state)
        assert HmacKey(joined, filled.url("person").selector).hmac_sha256(b"x")


def login_in_another_process(url: str, state: Path) -> str:
    try:
        TokenSession(Pkcs11Url.parse(url), state).close()
    except WrongPin:
        return "wrong"
    except PinAlreadyRefused:
        return "not tried"
    return "in"


def test_a_wrong_pin_reaches_the_token_once_then_a_changed_file_is_tried(filled: SoftToken) -> None:
    filled.pin_file.write_text("0000\n")
    with pytest.raises(WrongPin):
        TokenSession(filled.url(), filled.state)
    with pytest.raises(PinAlreadyRefused):
        TokenSession(filled.url(), filled.state)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert pool.submit(login_in_another_process, filled.text(), filled.state).result(30) == "not tried"
        filled.pin_file.write_text(f"{PIN}\n")
        assert pool.submit(login_in_another_process, filled.text(), filled.state).result(30) == "in"


def test_the_token_tells_that_a_wrong_pin_was_entered(filled: SoftToken) -> None:
    raw = find_token(Path(module().so), filled.url())
    assert not pin_flags(raw).count_low
    filled.pin_file.write_text("0000")
    with pytest.raises(WrongPin):
        TokenSession(filled.url(), filled.state)
    assert pin_flags(raw).count_low


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_pin_file_that_is_missing_or_empty(token: SoftToken, content: str | None) -> None:
    token.pin_file.unlink()
    if content is not None:
        token.pin_file.write_text(content)
    with pytest.raises(PinFileMissing):
        TokenSession(token.url(), token.state)


def test_a_url_without_pin_source(token: SoftToken) -> None:
    with pytest.raises(PinFileMissing):
        TokenSession(Pkcs11Url.parse(f"pkcs11:token={LABEL}"), token.state)


def test_a_token_that_is_not_there(token: SoftToken) -> None:
    url = Pkcs11Url.parse(f"pkcs11:token=other?pin-source=file:{token.pin_file.parent}/x")
    with pytest.raises(TokenMissing):
        TokenSession(url, token.state)


@pytest.mark.parametrize("option", ["module-path=/nowhere/lib.so", "module-name=nothing"])
def test_a_module_that_is_not_there(tmp_path: Path, option: str) -> None:
    with pytest.raises(ModuleMissing):
        TokenSession(Pkcs11Url.parse(f"pkcs11:token=a?pin-source=file:/x&{option}"), tmp_path)


def test_a_module_that_is_no_module(tmp_path: Path) -> None:
    (tmp_path / "lib.so").write_text("nothing")
    with pytest.raises(ModuleMissing):
        TokenSession(Pkcs11Url.parse(f"pkcs11:token=a?module-path={tmp_path}/lib.so"), tmp_path)


def use_after_fork(
    session: TokenSession, key: HmacKey, results: "multiprocessing.SimpleQueue[bytes]"
) -> None:
    try:
        key.hmac_sha256(b"x")
    except ForkedProcess:
        session.reopen()
        results.put(key.hmac_sha256(b"x"))


def test_a_forked_child_must_open_the_token_again(filled: SoftToken) -> None:
    session = TokenSession(filled.url(), filled.state)
    key = HmacKey(session, filled.url("person").selector)
    fork = multiprocessing.get_context("fork")
    results = fork.SimpleQueue()
    child = fork.Process(target=use_after_fork, args=(session, key, results))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert results.get() == key.hmac_sha256(b"x")
    session.close()
