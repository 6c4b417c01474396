"""Where a job's record is read from: a folder that lies somewhere, or the vault."""

from pathlib import Path
from typing import Final, Protocol

from station.errors import Refused
from station.records.folder import read_record
from station.records.record import Record
from station.vault.holding import Holding

HELD: Final = ""  # `jobs.folder` of a job whose record the station holds


class RecordSource(Protocol):
    """Reads the record of a job, again each time: nothing of it is kept in between."""

    def read(self, record: str, folder: str) -> Record:
        """Read a record.

        Args:
            record: its id.
            folder: where it lies; `HELD` when the station holds it.

        Raises:
            InputFault: it is broken. Refused: it is not there any more, or erased.
            DeviceAbsent: the token that unwraps its key is away.
        """


class FolderSource:
    """Reads record folders, and no others: for stations without a vault."""

    def read(self, record: str, folder: str) -> Record:
        """Read a record from its folder.

        Raises:
            InputFault: as `read_record`.
            Refused: RECORD_NOT_HELD.
        """
        if folder == HELD:
            raise Refused("RECORD_NOT_HELD", record=record)
        return read_record(Path(folder))


class StationSource:
    """Reads record folders, and the records that the station holds."""

    def __init__(self, holding: Holding) -> None:
        self._holding, self._folders = holding, FolderSource()

    def read(self, record: str, folder: str) -> Record:
        """Read a record.

        Raises:
            InputFault: as `read_record`; RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN, RECORD_PARTS_MALFORMED.
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
            DeviceAbsent: TOKEN_ABSENT, TOKEN_PIN_WRONG, KEY_UNUSABLE.
        """
        if folder != HELD:
            return self._folders.read(record, folder)
        return self._holding.content(record)
