"""The station's keys in their PKCS#11 token."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from drivers.chip.profile import CardProfile, ktp_el_open
from drivers.token import (
    CardKeyService,
    HmacKey,
    KeyAmbiguous,
    KeyMissing,
    KeyUnfit,
    PinAlreadyRefused,
    PinLastTry,
    PinLocked,
    Pkcs11Url,
    SigningKey,
    TokenError,
    TokenSession,
    TokenUrlError,
    WrongPin,
)
from station.errors import DeviceAbsent, InputFault, StationError
from station.settings import KeySettings


@contextmanager
def token_errors(token: str) -> Iterator[None]:
    """Turn the token driver's exceptions into the station's."""
    try:
        yield
    except TokenUrlError as error:
        raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=f"[keys]: {error}") from error
    except (WrongPin, PinAlreadyRefused, PinLastTry, PinLocked) as error:
        raise DeviceAbsent("TOKEN_PIN_WRONG", token=token, details=str(error)) from error
    except (KeyMissing, KeyAmbiguous, KeyUnfit) as error:
        raise DeviceAbsent("KEY_UNUSABLE", key=token, problem=error) from error
    except TokenError as error:
        raise DeviceAbsent("TOKEN_ABSENT", token=token, details=str(error)) from error
    except OSError as error:  # a PIN that cannot be noted in the data folder is not tried
        problem = f"{error.filename or 'disk'}: {error.strerror}"
        raise StationError("DATABASE_UNUSABLE", problem=problem) from error


class TokenSigner:
    """A signing key of the token, with the station's errors."""

    def __init__(self, name: str, key: SigningKey) -> None:
        self._name, self._key = name, key

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 signature with SHA-256: raw r || s, 64 bytes.

        Raises:
            DeviceAbsent: TOKEN_ABSENT.
        """
        with token_errors(self._name):
            return self._key.sign(data)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a raw signature over `data` is of this key; the token is not needed."""
        return self._key.verify(data, signature)

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""
        with token_errors(self._name):
            return self._key.public_key()


class TokenKeys:
    """The keys named in the settings; a token is opened once, when the first of its keys is needed."""

    def __init__(self, settings: KeySettings, state_folder: Path) -> None:
        self._settings, self._state_folder = settings, state_folder
        self._sessions: dict[tuple[object, ...], TokenSession] = {}

    def person_key(self, nik: str) -> str:
        """HMAC-SHA-256 of the NIK, hexadecimal: the journal's `person`."""
        with token_errors(self._settings.person):
            return self._person.hmac_sha256(nik.encode("ascii")).hex()

    @cached_property
    def _person(self) -> HmacKey:
        session, url = self._open(self._settings.person)
        return HmacKey(session, url.selector)

    @cached_property
    def blanks(self) -> CardKeyService:
        """The batch key that card keys are diversified from."""
        with token_errors(self._settings.blanks):
            session, url = self._open(self._settings.blanks)
            return CardKeyService(session, url.selector)

    @cached_property
    def signature(self) -> TokenSigner:
        """The key that signs the data of a chip."""
        return self._signer(self._settings.signature)

    @cached_property
    def journal(self) -> TokenSigner:
        """The key that signs the heads of the journal."""
        return self._signer(self._settings.journal)

    def close(self) -> None:
        """Log out of every token."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    def _signer(self, name: str) -> TokenSigner:
        with token_errors(name):
            session, url = self._open(name)
            return TokenSigner(name, SigningKey(session, url.selector))

    def _open(self, text: str) -> tuple[TokenSession, Pkcs11Url]:
        url = Pkcs11Url.parse(text)
        token = (url.token, url.serial, url.module_path, url.module_name, url.pin_source)
        if token not in self._sessions:
            self._sessions[token] = TokenSession(url, self._state_folder)
        return self._sessions[token], url


def open_profile(name: str) -> CardProfile:
    """Find the chip profile of the settings.

    Raises:
        InputFault: SETTINGS_MALFORMED.
    """
    profile = ktp_el_open()
    if profile.name.split("/")[0] != name:
        raise InputFault(
            "SETTINGS_MALFORMED", file="station.toml", problem=f"profile: {name} cannot be written"
        )
    return profile
