"""A record from its parts, wherever they lie: in a folder, or sealed in the vault."""

import hashlib
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from station.errors import InputFault
from station.records.record import Record, RecordData

DATA: Final = "record.json"
PHOTO: Final = "photo.jpg"
SIGNATURE: Final = "signature.png"
FINGERS: Final = "fingers.iso"
FILES: Final = (DATA, PHOTO, SIGNATURE, FINGERS)


def record_of(parts: Mapping[str, bytes]) -> Record:
    """Check the parts of a record and put them together; parts besides the four are left alone.

    Raises:
        InputFault: RECORD_FILE_MISSING, RECORD_MALFORMED. Neither repeats what stands in the record.
    """
    for name in FILES:
        if name not in parts:
            raise InputFault("RECORD_FILE_MISSING", file=name)
    return Record(
        data=read_data(parts[DATA]),
        photo=parts[PHOTO],
        signature_image=parts[SIGNATURE],
        fingers=parts[FINGERS],
        sha256=_digest([parts[name] for name in FILES]),
    )


def read_data(text: bytes) -> RecordData:
    """Read `record.json`.

    Raises:
        InputFault: RECORD_MALFORMED.
    """
    try:
        return RecordData.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or DATA
        raise InputFault(
            "RECORD_MALFORMED", field=where, problem=first["msg"]
        ) from None  # it would show the input


def _digest(contents: list[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
