"""The journal as a file that anyone with the public key can verify: one JSON object a line.

The first line names the format, then come the rows in order, then the heads. A row holds exactly what its
hash covers, and the hash.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from station.audit import store
from station.audit.head import Head
from station.audit.heads import HeadKey
from station.audit.verify import Audit, AuditReport
from station.database import Database
from station.errors import InputFault, Refused
from station.journal import JournalRow, Outcome, RowKind
from station.journal.store import stored_rows

FORMAT = "print-station journal/1"


def export(database: Database, target: Path) -> int:
    """Write the journal and its heads to a file that does not exist yet; return the number of rows.

    Raises:
        Refused: FILE_EXISTS.
    """
    count = 0
    try:
        with target.open("x", encoding="utf-8") as file, database.reading() as transaction:
            file.write(json.dumps({"format": FORMAT}) + "\n")
            for row, stored in stored_rows(transaction):
                file.write(json.dumps({"row": asdict(row), "hash": stored}) + "\n")
                count += 1
            for sequence, row_hash, signature, signed_at in store.heads(transaction):
                head = Head(sequence=sequence, hash=row_hash, signature=signature, signed_at=signed_at)
                file.write(json.dumps({"head": head.model_dump()}) + "\n")
    except FileExistsError as error:
        raise Refused("FILE_EXISTS", file=target) from error
    except OSError as error:
        raise InputFault("FILE_UNWRITABLE", file=target, problem=error.strerror) from error
    return count


def verify_file(source: Path, key: HeadKey) -> AuditReport:
    """Verify an exported journal, far from the station that wrote it.

    Raises:
        InputFault: FILE_UNREADABLE.
    """
    audit, heads = Audit(key), list[Head]()
    try:
        audit.walk(_read(source, heads))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputFault("FILE_UNREADABLE", file=source, problem=type(error).__name__) from error
    audit.check_heads(heads)
    audit.report.unsigned = audit.report.rows - max((head.sequence for head in heads), default=0)
    return audit.report


def _read(source: Path, heads: list[Head]) -> Iterator[tuple[JournalRow, str]]:
    with source.open(encoding="utf-8") as file:
        if json.loads(next(file, "{}")).get("format") != FORMAT:
            raise ValueError("not an exported journal")
        for line in file:
            document = json.loads(line)
            if "head" in document:
                heads.append(Head.model_validate(document["head"]))
                continue
            values = document["row"]
            values["kind"] = RowKind(values["kind"])
            values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
            yield JournalRow(**values), document["hash"]
