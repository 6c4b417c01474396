"""The keys of the vault, as protocols: the token's master key, and what a name is searched by."""

from typing import Protocol


class MasterKey(Protocol):
    """An AES-256 key that never leaves the token and wraps the key of each record.

    `station.devices.keys.TokenKeys.records` is the real one.
    """

    def wrap(self, record: str, key: bytes) -> bytes:
        """Wrap a record's key (32 bytes), bound to the record's id; 64 bytes.

        Raises:
            DeviceAbsent: TOKEN_ABSENT, TOKEN_PIN_WRONG, KEY_UNUSABLE.
        """

    def unwrap(self, record: str, wrapped: bytes) -> bytes:
        """Unwrap a record's key.

        Raises:
            InputFault: RECORD_KEY_BROKEN: damaged, of another record, or wrapped by another token.
            DeviceAbsent: TOKEN_ABSENT, TOKEN_PIN_WRONG, KEY_UNUSABLE.
        """


class PersonKeys(Protocol):
    """Keyed digests of what identifies a person; nothing on the disk can be searched without them."""

    def person_key(self, nik: str) -> str:
        """HMAC-SHA-256 of the NIK under a key of the token, 64 hexadecimal digits: the journal's `person`."""

    def search_key(self) -> bytes:
        """The key (32 bytes) of search tokens, made inside the token and held in memory only."""
