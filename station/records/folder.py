"""A record as a folder: the payload that bundles carry."""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from station.errors import InputFault
from station.records.record import Record, RecordData

FILES = ("record.json", "photo.jpg", "signature.png", "fingers.iso")
LARGEST_FILE = 4 * 1024 * 1024


def read_record(folder: Path) -> Record:
    """Read and check a record folder.

    Raises:
        InputFault: RECORD_FOLDER_MISSING, RECORD_FILE_MISSING, RECORD_MALFORMED.
    """
    if not folder.is_dir():
        raise InputFault("RECORD_FOLDER_MISSING", folder=folder.name)
    contents = [_read(folder / name) for name in FILES]
    try:
        data = RecordData.model_validate_json(contents[0])
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or FILES[0]
        raise InputFault(
            "RECORD_MALFORMED", field=where, problem=first["msg"]
        ) from None  # it would show the input
    return Record(
        data=data,
        photo=contents[1],
        signature_image=contents[2],
        fingers=contents[3],
        sha256=_digest(contents),
    )


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


def _digest(contents: list[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
