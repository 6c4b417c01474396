"""A record as a folder: the payload that bundles carry."""

from pathlib import Path

from station.errors import InputFault
from station.records.parts import FILES, record_of
from station.records.record import Record

__all__ = ["FILES", "LARGEST_FILE", "read_record"]

LARGEST_FILE = 4 * 1024 * 1024


def read_record(folder: Path) -> Record:
    """Read and check a record folder.

    Raises:
        InputFault: RECORD_FOLDER_MISSING, RECORD_FILE_MISSING, RECORD_MALFORMED.
    """
    if not folder.is_dir():
        raise InputFault("RECORD_FOLDER_MISSING", folder=folder.name)
    return record_of({name: _read(folder / name) for name in FILES})


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise InputFault("RECORD_MALFORMED", field=file.name, problem="larger than 4 MiB")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise InputFault("RECORD_FILE_MISSING", file=file.name) from error
    except OSError as error:
        raise InputFault(
            "RECORD_MALFORMED", field=file.name, problem=error.strerror or "unreadable"
        ) from error
