"""The files of letters: each sealed under a key of its own, in a vault apart from the records'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from station.database import Database
from station.errors import Refused
from station.letters import store
from station.letters.store import Letter
from station.vault.sealed import pack, seal, unpack
from station.vault.vault import Kept, Vault

CODE: Final = "code"
PDF: Final = "letter.pdf"


@dataclass(frozen=True)
class LetterFile:
    """What was made of one letter, once and for all: the text of its code and the signed PDF."""

    code: str = field(repr=False)
    pdf: bytes = field(repr=False)


class LetterFiles:
    """Keeps and opens the files of letters."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    def keep(self, files: Sequence[tuple[str, LetterFile]]) -> list[Kept]:
        """Put files, each with the id that it is sealed as, on the disk with one sync for all.

        Raises:
            DeviceAbsent: the token cannot wrap a key; nothing was written.
            StationError: VAULT_UNUSABLE; nothing is kept.
        """
        sealed = [seal(name, pack({CODE: file.code.encode("ascii"), PDF: file.pdf})) for name, file in files]
        with self._database.reading() as transaction:
            floor = store.last_file(transaction)
        return self._vault.keep(sealed, floor)

    def open(self, letter: Letter) -> LetterFile:
        """Read a letter's file.

        Raises:
            Refused: LETTER_FILE_GONE: erased with its person, lost in a restore, or not made yet.
            InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN, RECORD_PARTS_MALFORMED.
            DeviceAbsent: the token cannot unwrap.
            StationError: VAULT_UNUSABLE.
        """
        if letter.file is None or letter.wrapped_key is None or letter.content_hash is None:
            raise Refused("LETTER_FILE_GONE", number=letter.number)
        sealed = self._vault.read(letter.sealed_as, letter.file, letter.content_hash)
        parts = unpack(self._vault.open(sealed, letter.wrapped_key))
        return LetterFile(parts[CODE].decode("ascii"), parts[PDF])

    def free_segments(self) -> int:
        """Remove the segments in which every letter is erased; return the bytes that were freed."""
        with self._database.reading() as transaction:
            readable, last = store.segments_with_keys(transaction), store.last_file(transaction)
        newest = max([last.segment if last else 0, *self._vault.segments()], default=0)
        idle = [number for number in self._vault.segments() if number not in readable and number < newest]
        return sum(self._vault.remove(number) for number in idle)
