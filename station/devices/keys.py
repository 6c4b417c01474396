"""The station's keys in their PKCS#11 token."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import RLock

from drivers.chip.profile import CardProfile, ktp_el_open
from drivers.token import (
    AgreementKey,
    CardKeyService,
    EdwardsKey,
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
    WrappedKeyBroken,
    WrappingKey,
    WrongPin,
    open_signing_key,
)
from station.claim_keys import Algorithm, key_id
from station.errors import DeviceAbsent, InputFault, StationError
from station.settings import KeySettings

WRAPPED = b"PSK1"
SEARCH = b"station/search/1"


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


class TokenClaimKey:
    """The key that signs the codes of letters; its algorithm is its own property."""

    def __init__(self, name: str, key: EdwardsKey | SigningKey) -> None:
        self._name, self._key = name, key
        with token_errors(name):
            self._public_key = key.public_key()

    @property
    def algorithm(self) -> Algorithm:
        """EDDSA for an Ed25519 key, ES256 for one on P-256."""
        return Algorithm.EDDSA if isinstance(self._key, EdwardsKey) else Algorithm.ES256

    @property
    def key_id(self) -> bytes:
        """What codes name it by: the first 4 bytes of the SHA-256 of its public key."""
        return key_id(self._public_key)

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes: R || S of Ed25519, or r || s of ECDSA P-256 with SHA-256.

        Raises:
            DeviceAbsent: TOKEN_ABSENT.
        """
        with token_errors(self._name):
            return self._key.sign(data)


class TokenRecipient:
    """The station's ECDH key, with the station's errors."""

    def __init__(self, name: str, key: AgreementKey) -> None:
        self._name, self._key = name, key

    def agree(self, point: bytes) -> bytes:
        """Return the shared secret with a point that is on the curve: 32 bytes.

        Raises:
            DeviceAbsent: TOKEN_ABSENT.
        """
        with token_errors(self._name):
            return self._key.agree(point)

    @cached_property
    def _public_key(self) -> bytes:
        with token_errors(self._name):
            return self._key.public_key()

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""
        return self._public_key


class TokenMasterKey:
    """The master key of held records: it wraps each record's key inside the token, opened at the first one.

    Form of a wrapped key, 64 bytes: `PSK1`, nonce (12), ciphertext (32), tag (16); the additional data are
    `PSK1` and the record's id.
    """

    def __init__(self, name: str | None, opened: Callable[[str], WrappingKey]) -> None:
        self._name, self._opened = name, opened

    def wrap(self, record: str, key: bytes) -> bytes:
        """Wrap a record's key (32 bytes), bound to the record's id; 64 bytes.

        Raises:
            DeviceAbsent: TOKEN_ABSENT, TOKEN_PIN_WRONG, KEY_UNUSABLE.
        """
        name = _named(self._name, "records")
        with token_errors(name):
            return WRAPPED + self._opened(name).wrap(key, WRAPPED + record.encode())

    def unwrap(self, record: str, wrapped: bytes) -> bytes:
        """Unwrap a record's key.

        Raises:
            InputFault: RECORD_KEY_BROKEN.
            DeviceAbsent: TOKEN_ABSENT, TOKEN_PIN_WRONG, KEY_UNUSABLE.
        """
        if not wrapped.startswith(WRAPPED):
            raise InputFault("RECORD_KEY_BROKEN", record=record)
        name = _named(self._name, "records")
        with token_errors(name):
            try:
                return self._opened(name).unwrap(wrapped.removeprefix(WRAPPED), WRAPPED + record.encode())
            except WrappedKeyBroken as error:
                raise InputFault("RECORD_KEY_BROKEN", record=record) from error


class TokenKeys:
    """The keys named in the settings; a token is opened once, when the first of its keys is needed."""

    def __init__(self, settings: KeySettings, state_folder: Path) -> None:
        self._settings, self._state_folder = settings, state_folder
        self._sessions: dict[tuple[object, ...], TokenSession] = {}
        self._wrapping: WrappingKey | None = None
        self._opening = RLock()  # two sessions at one token would not wait for each other

    def person_key(self, nik: str) -> str:
        """HMAC-SHA-256 of the NIK, hexadecimal: the journal's `person`."""
        with token_errors(self._settings.person):
            return self._person.hmac_sha256(nik.encode("ascii")).hex()

    def search_key(self) -> bytes:
        """The key of search tokens (32 bytes), made in the token from the key of `person`.

        It is asked for once and stays in memory: a search token for each word of 50,000 records through the
        token would take minutes. What it is made over can be no NIK.
        """
        return self._search_key

    @cached_property
    def _search_key(self) -> bytes:
        with token_errors(self._settings.person):
            return self._person.hmac_sha256(SEARCH)

    @cached_property
    def records(self) -> TokenMasterKey:
        """The master key of held records; the token is opened when the first key is wrapped or unwrapped."""
        return TokenMasterKey(self._settings.records, self._wrapping_key)

    def _wrapping_key(self, name: str) -> WrappingKey:
        if self._wrapping is None:
            session, url = self._open(name)
            self._wrapping = WrappingKey(session, url.selector)
        return self._wrapping

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

    @cached_property
    def exchange(self) -> TokenRecipient:
        """The key that bundles for this station are encrypted to.

        Raises:
            DeviceAbsent: KEY_UNUSABLE, TOKEN_ABSENT, TOKEN_PIN_WRONG.
        """
        name = _named(self._settings.exchange, "exchange")
        with token_errors(name):
            session, url = self._open(name)
            return TokenRecipient(name, AgreementKey(session, url.selector))

    @cached_property
    def bundles(self) -> TokenSigner:
        """The key that signs the bundles which this station writes."""
        return self._signer(_named(self._settings.bundles, "bundles"))

    @cached_property
    def letters(self) -> TokenClaimKey:
        """The key that signs the codes of letters.

        Raises:
            DeviceAbsent: KEY_UNUSABLE, TOKEN_ABSENT, TOKEN_PIN_WRONG.
        """
        name = _named(self._settings.letters, "letters")
        with token_errors(name):
            session, url = self._open(name)
            return TokenClaimKey(name, open_signing_key(session, url.selector))

    @cached_property
    def letter_signature(self) -> TokenSigner:
        """The key that signs the PDF files of letters."""
        return self._signer(_named(self._settings.letter_signature, "letter_signature"))

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
        with self._opening:
            if token not in self._sessions:
                self._sessions[token] = TokenSession(url, self._state_folder)
            return self._sessions[token], url


def _named(url: str | None, key: str) -> str:
    if url is None:
        raise DeviceAbsent("KEY_UNUSABLE", key=key, problem=f"station.toml names no key under [keys] {key}")
    return url


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
