"""Stages that held: kept on the disk, so that a run which ended early goes on where it was.

A stage is taken from there only for the very same program, tests included, and the very same options.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from tests.crash.lost_writes.campaign import Counts as PowerCounts
from tests.reliability.exploring import Tally
from tests.reliability.mass import MassResult
from tests.reliability.mass_office import MassTally
from tests.reliability.options import Options
from tests.reliability.report import Report
from tests.reliability.state_machine import StateMachineTally

PROJECT: Final = Path(__file__).parents[2]
ROOMS: Final = (
    "station",
    "drivers",
    "templates",
    "simulators",
    "tests/crash",
    "tests/fakes",
    "tests/reliability",
)
KINDS: Final = frozenset({".py", ".toml"})
PARTS: Final = {
    "crash": ("first", "second"),
    "power": ("power",),
    "mass": ("mass",),
    "pcscd": ("pcscd",),
    "machine": ("machine",),
}
OUTSIDE: Final = frozenset({"only", "json", "write", "keep", "deaths"})  # options that change no stage


class KeptStage(BaseModel):
    """One stage that held: its part of the report, and what it is true of."""

    model_config = ConfigDict(extra="forbid")

    program: str
    options: str
    held_at: datetime
    seconds: float
    first: Tally | None = None
    second: Tally | None = None
    power: PowerCounts | None = None
    mass: MassResult | None = None
    pcscd: MassTally | None = None
    machine: StateMachineTally | None = None


class KeptStages:
    """The stages that held, each a file of a folder.

    Args:
        folder: where they are kept; None: nowhere.
        options: of this run.
    """

    def __init__(self, folder: Path | None, options: Options) -> None:
        self._folder, self._program, self._options = folder, program_digest(), _options_text(options)

    def take(self, stage: str, report: Report) -> KeptStage | None:
        """Put what a stage has found into the report, if it held for this program and these options."""
        if self._folder is None:
            return None
        try:
            kept = KeptStage.model_validate_json(self._file(self._folder, stage).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        if (kept.program, kept.options) != (self._program, self._options):
            return None
        for part in PARTS[stage]:
            setattr(report, part, getattr(kept, part))
        report.seconds[stage], report.held_at[stage] = kept.seconds, kept.held_at
        return kept

    def keep(self, stage: str, report: Report) -> None:
        """Keep a stage that has just held."""
        report.held_at[stage] = datetime.now(UTC)
        if self._folder is None:
            return
        kept = KeptStage(
            program=self._program,
            options=self._options,
            held_at=report.held_at[stage],
            seconds=report.seconds[stage],
            **{part: getattr(report, part) for part in PARTS[stage]},
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file(self._folder, stage).write_text(kept.model_dump_json(indent=1), encoding="utf-8")

    @staticmethod
    def _file(folder: Path, stage: str) -> Path:
        return folder / f"{stage}.json"


def program_digest(project: Path = PROJECT) -> str:
    """SHA-256 over the names and bytes of the program, its simulators and these proofs."""
    digest = hashlib.sha256()
    for file in _files(project):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(project)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _files(project: Path) -> Iterator[Path]:
    yield project / "requirements.lock"
    for room in ROOMS:
        yield from sorted(file for file in (project / room).rglob("*") if file.suffix in KINDS)


def _options_text(options: Options) -> str:
    return repr({name: value for name, value in sorted(asdict(options).items()) if name not in OUTSIDE})
