"""The records that the demo feeds in: synthetic people, one folder each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from simulators.demo import plan
from simulators.people.folders import write_record
from simulators.people.grown_fingers import grown_fingers_record


@dataclass(frozen=True)
class DemoRecord:
    """One record folder, and what of it must be found again on the chip."""

    folder: Path
    record_id: str
    nik: str
    status: str


def write_records(folder: Path, first: int, count: int, not_ready: int | None = None) -> list[DemoRecord]:
    """Write records `first` to `first + count - 1`, counted from 1; one of them may not be print-ready."""
    return [
        _write(folder, number, plan.NOT_READY if number == not_ready else plan.PRINT_READY)
        for number in range(first, first + count)
    ]


def count_records(folder: Path) -> int:
    """How many records are in the folder."""
    return sum(path.is_dir() for path in folder.iterdir()) if folder.is_dir() else 0


def _write(folder: Path, number: int, status: str) -> DemoRecord:
    target = folder / f"{number:04}"
    fingers = grown_fingers_record(plan.SEED, number - 1) if number in plan.WITH_FINGERS else None
    write_record(plan.SEED, number - 1, target, status, fingers)
    record = json.loads((target / "record.json").read_text(encoding="utf-8"))
    return DemoRecord(target, str(record["record_id"]), str(record["nik"]), status)
