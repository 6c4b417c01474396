"""A login to a token."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

import pkcs11
from pkcs11 import Attribute, ObjectClass

from drivers.token.errors import (
    ForkedProcess,
    KeyAmbiguous,
    KeyMissing,
    KeyUnfit,
    PinFileMissing,
    PinLocked,
    WrongPin,
)
from drivers.token.module import MODULE_FOLDERS, failure, find_module, find_token, pin_flags, translated
from drivers.token.pin_guard import PinGuard
from drivers.token.url import KeySelector, Pkcs11Url

_CLASSES = {
    "public": ObjectClass.PUBLIC_KEY,
    "private": ObjectClass.PRIVATE_KEY,
    "secret-key": ObjectClass.SECRET_KEY,
    "cert": ObjectClass.CERTIFICATE,
    "data": ObjectClass.DATA,
}


class TokenSession:
    """One logged-in session on a token; make one for each token and process, it serves all threads.

    python-pkcs11 initialises the module without telling it of threads, so every use holds a lock. Login holds
    for the whole process: closing this session logs all others out.

    Args:
        url: names module, token and PIN file.
        state_folder: where a refused PIN is remembered.
        module_folders: where a module given by name is looked for.
        fresh_module: initialise the module again first.

    Raises:
        ModuleMissing, TokenMissing, PinFileMissing: something is not there.
        WrongPin, PinAlreadyRefused, PinLastTry, PinLocked: no login.
        TokenFailure: another error of the module.
    """

    def __init__(
        self,
        url: Pkcs11Url,
        state_folder: Path,
        *,
        module_folders: Sequence[Path] = MODULE_FOLDERS,
        fresh_module: bool = False,
    ) -> None:
        self._url = url
        self._state_folder = state_folder
        self._module = find_module(url, module_folders)
        self._lock = RLock()
        self._keys: dict[KeySelector, pkcs11.Object] = {}
        self._process = os.getpid()
        self._session = self._login(find_token(self._module, url, fresh=fresh_module))

    @property
    def label(self) -> str:
        """Name of the token."""
        return self._url.label

    def reopen(self) -> None:
        """Initialise the module and log in again: in a forked child, or after the token was pulled.

        Raises:
            TokenError: as for the constructor.
        """
        # A fork may have copied the lock while another thread of the parent held it.
        self._lock = RLock() if self._process != os.getpid() else self._lock
        with self._lock:
            self._keys.clear()
            self._process = os.getpid()
            self._session = self._login(find_token(self._module, self._url, fresh=True))

    def close(self) -> None:
        """Log out."""
        with self._lock, suppress(pkcs11.PKCS11Error):
            self._keys.clear()
            self._session.close()

    @contextmanager
    def use(self) -> Iterator[pkcs11.Session]:
        """Give the session to one thread; the module's errors become ours.

        Raises:
            ForkedProcess: this process is not the one that logged in.
            TokenFailure: the module reported an error.
        """
        if self._process != os.getpid():
            raise ForkedProcess(f"token {self.label}: opened by process {self._process}")
        with self._lock, translated(self.label):
            yield self._session

    def find(self, selector: KeySelector) -> pkcs11.Object:
        """Return the one object that fits.

        Raises:
            KeyMissing, KeyAmbiguous: none or several fit.
            TokenFailure: the module reported an error.
        """
        with self.use() as session:
            if selector not in self._keys:
                self._keys[selector] = self._search(session, selector)
            return self._keys[selector]

    def require(self, selector: KeySelector, wanted: dict[Attribute, object]) -> None:
        """Make sure that the one key that fits has the attributes that its use needs.

        Raises:
            KeyMissing, KeyAmbiguous: none or several fit.
            KeyUnfit: names the first attribute that differs.
            TokenFailure: the module reported an error.
        """
        with self.use():  # reading an attribute is a call into the module like any other
            require(self.find(selector), selector, wanted)

    def _search(self, session: pkcs11.Session, selector: KeySelector) -> pkcs11.Object:
        if selector.label is None and selector.key_id is None:
            raise KeyMissing(f"token {self.label}: neither object nor id says which key")
        wanted: dict[Attribute, object] = {}
        if selector.label is not None:
            wanted[Attribute.LABEL] = selector.label
        if selector.key_id is not None:
            wanted[Attribute.ID] = selector.key_id
        if selector.kind is not None:
            wanted[Attribute.CLASS] = _CLASSES[selector.kind]
        found = list(session.get_objects(wanted))
        if not found:
            raise KeyMissing(f"token {self.label}: no key {selector}")
        if len(found) > 1:
            raise KeyAmbiguous(f"token {self.label}: {len(found)} keys are {selector}")
        return found[0]

    def _login(self, token: pkcs11.Token) -> pkcs11.Session:
        pin = self._read_pin()
        # The serial number alone may be the same on two tokens of different makers.
        identity = b"\x00".join((token.manufacturer_id.encode(), token.serial, token.label.encode()))
        with PinGuard(self._state_folder, self.label, identity).attempt() as guard:
            guard.begin(pin_flags(token), pin)
            try:
                session = self._open(token, pin)
            except WrongPin:
                guard.refuse(pin)
                raise
            except pkcs11.UserAlreadyLoggedIn:
                # Another session of this process has logged in: the PIN was not tried, login holds for all.
                guard.withdraw()
                with translated(self.label):
                    return token.open()
            guard.accept()
        return session

    def _open(self, token: pkcs11.Token, pin: str) -> pkcs11.Session:
        try:
            return token.open(user_pin=pin)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            raise WrongPin(f"token {self.label}: wrong PIN") from error
        except pkcs11.PinLocked as error:
            raise PinLocked(f"token {self.label}: the PIN is locked") from error
        except pkcs11.UserAlreadyLoggedIn:
            raise
        except pkcs11.PKCS11Error as error:
            raise failure(self.label, error) from error

    def _read_pin(self) -> str:
        source = self._url.pin_source
        if source is None:
            raise PinFileMissing(f"token {self.label}: the URL has no pin-source")
        try:
            pin = source.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = type(error).__name__
            raise PinFileMissing(f"token {self.label}: the PIN file cannot be read ({reason})") from error
        if not pin:
            raise PinFileMissing(f"token {self.label}: the PIN file is empty")
        return pin


def require(key: pkcs11.Object, selector: KeySelector, wanted: dict[Attribute, object]) -> None:
    """Make sure that a key has the attributes that its use needs; call it within `TokenSession.use`.

    Raises:
        KeyUnfit: names the first attribute that differs.
    """
    for attribute, value in wanted.items():
        try:
            actual = key[attribute]
        except pkcs11.PKCS11Error as error:
            raise KeyUnfit(str(selector), attribute.name, "cannot be read") from error
        if actual != value:
            raise KeyUnfit(str(selector), attribute.name, f"is not {value!r}")
