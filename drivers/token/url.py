"""PKCS#11 URLs, RFC 7512, read strictly."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from drivers.token.errors import TokenUrlError

SCHEME: Final = "pkcs11:"
TYPES: Final = ("public", "private", "cert", "secret-key", "data")
PATH_ATTRIBUTES: Final = ("token", "serial", "object", "id", "type")
QUERY_ATTRIBUTES: Final = ("pin-source", "module-path", "module-name")
# RFC 7512 clause 2.3: unreserved, percent-encoded, and what each component allows of the reserved characters.
_COMMON: Final = r"A-Za-z0-9\-._~:\[\]@!$'()*+,="
_PATH_VALUE: Final = re.compile(rf"(?:[{_COMMON}&]|%[0-9A-Fa-f]{{2}})*")
_QUERY_VALUE: Final = re.compile(rf"(?:[{_COMMON}/?|]|%[0-9A-Fa-f]{{2}})*")


@dataclass(frozen=True)
class KeySelector:
    """Which object of a token is meant.

    Attributes:
        label: CKA_LABEL; `None` for any.
        key_id: CKA_ID; `None` for any.
        kind: `public`, `private`, `secret-key`, ...; `None` for any.
    """

    label: str | None = None
    key_id: bytes | None = None
    kind: str | None = None

    def __str__(self) -> str:
        parts = (
            f"object={self.label}" if self.label is not None else "",
            f"id={self.key_id.hex()}" if self.key_id is not None else "",
            f"type={self.kind}" if self.kind is not None else "",
        )
        return ";".join(part for part in parts if part)


@dataclass(frozen=True)
class Pkcs11Url:
    """A token, an object in it, and how to get in.

    Attributes:
        token, serial: label and serial number of the token; one of them is set.
        selector: the object.
        pin_source: file with the PIN.
        module_path, module_name: the PKCS#11 module; at most one is set.
    """

    token: str | None
    serial: str | None
    selector: KeySelector
    pin_source: Path | None
    module_path: Path | None
    module_name: str | None

    @property
    def label(self) -> str:
        """Name of the token for errors."""
        return self.token or f"serial {self.serial}"

    @classmethod
    def parse(cls, text: str) -> "Pkcs11Url":
        """Read a URL.

        Raises:
            TokenUrlError: names the attribute that is wrong.
        """
        if not text.startswith(SCHEME):
            raise TokenUrlError("scheme", "must be pkcs11")
        path, _, query = text.removeprefix(SCHEME).partition("?")
        values = _split(path, ";", PATH_ATTRIBUTES, _PATH_VALUE)
        options = _split(query, "&", QUERY_ATTRIBUTES, _QUERY_VALUE)
        if "token" not in values and "serial" not in values:
            raise TokenUrlError("token", "is missing")
        if "module-path" in options and "module-name" in options:
            raise TokenUrlError("module-name", "stands beside module-path")
        return cls(
            token=_text("token", values),
            serial=_text("serial", values),
            selector=_selector(values),
            pin_source=_pin_source(options),
            module_path=_module_path(options),
            module_name=_module_name(options),
        )


def _split(
    component: str, separator: str, allowed: tuple[str, ...], value: re.Pattern[str]
) -> dict[str, str]:
    """Return attributes with their still encoded values."""
    found: dict[str, str] = {}
    for part in component.split(separator) if component else ():
        name, equals, encoded = part.partition("=")
        if name == "pin-value":
            raise TokenUrlError(name, "a PIN may not stand in a URL, use pin-source=file:...")
        if name not in allowed:
            raise TokenUrlError(name, "is not known here")
        if not equals or not encoded:
            raise TokenUrlError(name, "has no value")
        if name in found:
            raise TokenUrlError(name, "stands twice")
        if not value.fullmatch(encoded):
            raise TokenUrlError(name, "has a character that must be percent-encoded")
        found[name] = encoded
    return found


def _text(name: str, values: dict[str, str]) -> str | None:
    if name not in values:
        return None
    try:
        return unquote(values[name], errors="strict")
    except UnicodeDecodeError as error:
        raise TokenUrlError(name, "is not UTF-8") from error


def _selector(values: dict[str, str]) -> KeySelector:
    kind = _text("type", values)
    if kind is not None and kind not in TYPES:
        raise TokenUrlError("type", f"must be one of {', '.join(TYPES)}")
    key_id = unquote_to_bytes(values["id"]) if "id" in values else None
    return KeySelector(_text("object", values), key_id, kind)


def _pin_source(options: dict[str, str]) -> Path | None:
    source = _text("pin-source", options)
    if source is None:
        return None
    if not source.startswith("file:"):
        raise TokenUrlError("pin-source", "must be a file: URL")
    # RFC 8089: file:/path and file:///path; no host.
    path = Path(unquote(re.sub(r"^file:(//(?=/))?", "", source)))
    if not path.is_absolute() or str(path).startswith("//"):
        raise TokenUrlError("pin-source", "must be file: and an absolute path")
    return path


def _module_path(options: dict[str, str]) -> Path | None:
    text = _text("module-path", options)
    if text is not None and not Path(text).is_absolute():
        raise TokenUrlError("module-path", "must be an absolute path")
    return None if text is None else Path(text)


def _module_name(options: dict[str, str]) -> str | None:
    name = _text("module-name", options)
    if name is not None and not re.fullmatch(r"[A-Za-z0-9_\-]+", name):
        raise TokenUrlError("module-name", "must be a name without folder and ending")
    return name
