"""The PKCS#11 module, at the one place that loads it and knows its return codes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pkcs11

from drivers.token.errors import ModuleMissing, TokenFailure, TokenMissing
from drivers.token.pin_guard import PinFlags
from drivers.token.url import Pkcs11Url

DEFAULT_MODULE: Final = "softhsm2"
# Where Debian's packages put PKCS#11 modules; a tool may be given other folders.
MODULE_FOLDERS: Final = (
    Path("/usr/lib/softhsm"),
    Path("/usr/lib/x86_64-linux-gnu/pkcs11"),
    Path("/usr/lib/aarch64-linux-gnu/pkcs11"),
    Path("/usr/lib/pkcs11"),
)


def find_module(url: Pkcs11Url, folders: Sequence[Path] = MODULE_FOLDERS) -> Path:
    """Return the path of the module that a URL names, SoftHSM 2 if it names none.

    Raises:
        ModuleMissing: no such file.
    """
    if url.module_path is not None:
        candidates = [url.module_path]
    else:
        name = url.module_name or DEFAULT_MODULE
        candidates = [folder / file for folder in folders for file in (f"lib{name}.so", f"{name}.so")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise ModuleMissing(f"no PKCS#11 module at {', '.join(str(path) for path in candidates)}")


def find_token(module: Path, url: Pkcs11Url, *, fresh: bool = False) -> pkcs11.Token:
    """Return the token that a URL names.

    The module is one for the whole process and is initialised once.

    Args:
        module: path of the module.
        url: names the token.
        fresh: initialise the module again: in a forked child, or to see another set of tokens.

    Raises:
        ModuleMissing: it cannot be loaded.
        TokenMissing: no token, or several, have this label and serial number.
    """
    try:
        library = pkcs11.lib(str(module))
        if fresh:
            library.reinitialize()
        serial = None if url.serial is None else url.serial.encode("utf-8")
        tokens = list(library.get_tokens(token_label=url.token, token_serial=serial))
    except pkcs11.PKCS11Error as error:
        raise ModuleMissing(f"{module}: {_name(error)}") from error
    if len(tokens) != 1:
        raise TokenMissing(f"{len(tokens)} tokens named {url.label} are there, one is wanted")
    return tokens[0]


def pin_flags(token: pkcs11.Token) -> PinFlags:
    """Return what a token says of its user PIN now.

    Raises:
        TokenFailure: it cannot be asked.
    """
    flag = pkcs11.TokenFlag
    with translated(token.label):
        flags = token.slot.get_token().flags
    return PinFlags(
        count_low=flag.USER_PIN_COUNT_LOW in flags,
        final_try=flag.USER_PIN_FINAL_TRY in flags,
        locked=flag.USER_PIN_LOCKED in flags,
        unset=flag.USER_PIN_INITIALIZED not in flags or flag.USER_PIN_TO_BE_CHANGED in flags,
    )


@contextmanager
def translated(label: str) -> Iterator[None]:
    """Turn the module's errors into ours.

    Raises:
        TokenFailure: whatever the module reported.
    """
    try:
        yield
    except pkcs11.PKCS11Error as error:
        raise failure(label, error) from error


def failure(label: str, error: pkcs11.PKCS11Error) -> TokenFailure:
    """Return our error for one of the module's that no rule of ours covers."""
    return TokenFailure(label, _name(error))


def _name(error: pkcs11.PKCS11Error) -> str:
    """The module's errors say most by their class."""
    return f"{type(error).__name__} {error}".strip()
