"""RFC 7512 URLs: what is meant, and that every fault names its attribute."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.token import KeySelector, Pkcs11Url, TokenUrlError


def test_a_whole_url_is_read() -> None:
    url = Pkcs11Url.parse(
        "pkcs11:token=Kantor%20Satu;object=chip-batch;id=%00%ffA;type=secret-key"
        "?pin-source=file:///etc/station/pin&module-path=/opt/hsm/lib.so"
    )
    assert url.token == "Kantor Satu"
    assert url.selector == KeySelector("chip-batch", b"\x00\xffA", "secret-key")
    assert url.pin_source == Path("/etc/station/pin")
    assert url.module_path == Path("/opt/hsm/lib.so")
    assert url.label == "Kantor Satu"
    assert str(url.selector) == "object=chip-batch;id=00ff41;type=secret-key"


def test_the_pin_file_may_be_written_with_one_slash_and_spaces() -> None:
    url = Pkcs11Url.parse("pkcs11:serial=42?pin-source=file:/etc/the%2520pin&module-name=softhsm2")
    assert url.pin_source == Path("/etc/the pin")
    assert url.module_name == "softhsm2"
    assert url.label == "serial 42"


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("pkcs12:token=a", "scheme"),
        ("pkcs11:", "token"),
        ("pkcs11:object=a", "token"),
        ("pkcs11:token=", "token"),
        ("pkcs11:token", "token"),
        ("pkcs11:token=a;token=b", "token"),
        ("pkcs11:token=a b", "token"),
        ("pkcs11:token=a%zz", "token"),
        ("pkcs11:token=%ff", "token"),
        ("pkcs11:token=a;object=%ff", "object"),
        ("pkcs11:token=a;type=key", "type"),
        ("pkcs11:token=a;colour=red", "colour"),
        ("pkcs11:token=a;", ""),
        ("pkcs11:token=a?pin-value=1234", "pin-value"),
        ("pkcs11:token=a;pin-value=1234", "pin-value"),
        ("pkcs11:token=a?pin-source=/etc/pin", "pin-source"),
        ("pkcs11:token=a?pin-source=%7Ccat%20pin", "pin-source"),
        ("pkcs11:token=a?pin-source=file:pin", "pin-source"),
        ("pkcs11:token=a?pin-source=file://host/pin", "pin-source"),
        ("pkcs11:token=a?module-path=lib.so", "module-path"),
        ("pkcs11:token=a?module-name=../evil", "module-name"),
        ("pkcs11:token=a?module-name=a&module-path=/b", "module-name"),
        ("pkcs11:token=a?object=b", "object"),
    ],
)
def test_a_fault_names_its_attribute(text: str, attribute: str) -> None:
    with pytest.raises(TokenUrlError) as caught:
        Pkcs11Url.parse(text)
    assert caught.value.attribute == attribute
    assert "1234" not in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert Pkcs11Url.parse("pkcs11:token=" + text).label
    except TokenUrlError as error:
        assert error.attribute in str(error)
