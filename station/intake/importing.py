"""Taking bundles in: group by group, record by record, batch by batch."""

from collections import deque
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from station.bundles.agreement import Agreements, Recipient
from station.bundles.reading import Bundle, open_bundle
from station.bundles.senders import Senders
from station.clock import Clock, timestamp
from station.database import Database
from station.errors import InputFault, StationError
from station.intake import store
from station.intake.batch import BatchWriter
from station.intake.judging import Judged, Keeping
from station.intake.line import MOST_RECORDS, BatchLine
from station.intake.opening import open_record
from station.intake.store import Intake
from station.intake.verdicts import Verdict
from station.vault.holding import Holding

MOST_OPEN: Final = 64  # bundles at a time
PORTION: Final = 512  # records after which the station's other threads get their turn
INTERRUPTED: Final = "IMPORT_INTERRUPTED"


@dataclass(frozen=True)
class SetAside:
    """A record that was set aside: why, and whether its sealed bytes are kept."""

    record: str
    trouble: StationError
    kept: bool


@dataclass
class FileResult:
    """What became of one file, or of the portion of its records that one call has reached.

    Attributes:
        bundle, sender, records: as its manifest says; empty when it was refused.
        reached: position of the first record that was not looked at.
        before: records whose verdict stood already.
        warned: accepted records that look odd, with the codes.
        fault: why the whole bundle was refused.
    """

    path: Path
    bundle: str = ""
    sender: str = ""
    records: int = 0
    reached: int = 0
    accepted: int = 0
    duplicates: int = 0
    before: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    warned: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    fault: StationError | None = None

    @property
    def finished(self) -> bool:
        """Whether every record of it has a verdict."""
        return self.fault is None and self.reached == self.records

    def add(self, part: "FileResult") -> None:
        """Take in what became of a further portion of the same file."""
        self.bundle, self.sender, self.records = part.bundle, part.sender, part.records
        self.reached, self.fault = part.reached, part.fault
        self.accepted += part.accepted
        self.duplicates += part.duplicates
        self.before += part.before
        self.set_aside += part.set_aside
        self.warned += part.warned

    def count(self, judged: Judged) -> None:
        """Take in the verdict on one record."""
        if judged.verdict is Verdict.ACCEPTED:
            self.accepted += 1
        elif judged.verdict is Verdict.DUPLICATE:
            self.duplicates += 1
        elif judged.trouble is not None:
            kept = judged.kept is not Keeping.NOT
            self.set_aside.append(SetAside(judged.pending.incoming.record, judged.trouble, kept))
        if judged.warnings and judged.verdict is Verdict.ACCEPTED:
            self.warned.append((judged.pending.incoming.record, judged.warnings))


@dataclass(frozen=True)
class _Opened:
    """A bundle of a group."""

    result: FileResult
    bundle: Bundle
    intake: Intake


class BundleImport:
    """Takes bundles in. What has a verdict stays; a repeated import goes on where the last one ended.

    Args:
        database, clock, holding, writer: of the office.
        senders: whose bundles are taken.
        recipient: the station's key.
        turn: held while bundles are taken in, by one of the station's threads at a time.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        holding: Holding,
        writer: BatchWriter,
        senders: Senders,
        recipient: Recipient,
        turn: Lock,
    ) -> None:
        self._database, self._clock = database, clock
        self._holding, self._writer = holding, writer
        self._senders, self._agreements, self._turn = senders, Agreements(recipient), turn

    def take_in(self, files: Sequence[Path], most: int | None = None, start: int = 0) -> list[FileResult]:
        """Take bundles in; return what became of each file that was reached, in their order.

        A bad bundle, and a bad record, never stand in the way of the others.

        Args:
            files: the bundles.
            most: end after so many records; the last file is then not finished, and is given again with its
                `reached` as `start`.
            start: position in the first file to begin at.

        Raises:
            StationError: VAULT_UNUSABLE, DATABASE_UNUSABLE: the batches before are in, nothing of this one.
            DeviceAbsent: the token is not there.
        """
        results: list[FileResult] = []
        left, waiting = most, deque(files)
        with self._turn, ThreadPoolExecutor(1, "intake") as threads:
            line = BatchLine(self._writer, threads)
            while waiting and (left is None or left > 0):
                seen = len(results)
                with ExitStack() as stack:
                    group = self._open_group(stack, waiting, results, 0 if results else start)
                    left = self._take_group(group, left, line)
                if any(one.fault and one.fault.code == INTERRUPTED for one in results[seen:]):
                    break
            line.finish()
        return _as_far_as_reached(results)

    def _open_group(
        self, stack: ExitStack, waiting: deque[Path], results: list[FileResult], start: int
    ) -> list[_Opened]:
        """Open the next bundles: about a batch's worth of records."""
        group: list[_Opened] = []
        records = 0
        while waiting and len(group) < MOST_OPEN and records < MOST_RECORDS:
            result, start = FileResult(waiting.popleft(), reached=start), 0
            results.append(result)
            try:
                bundle = stack.enter_context(open_bundle(result.path, self._senders, self._agreements))
            except InputFault as fault:
                result.fault = fault
                continue
            except OSError as error:
                result.fault = _interrupted(error)
                break
            result.bundle, result.sender = bundle.manifest.bundle, bundle.sender.name
            result.records = len(bundle.manifest.records)
            result.reached = min(result.reached, result.records)
            records += result.records
            group.append(_Opened(result, bundle, self._intake_of(bundle)))
        return group

    def _take_group(self, group: Sequence[_Opened], left: int | None, line: BatchLine) -> int | None:
        with self._database.reading() as transaction:
            settled = store.settled(transaction, [one.intake.manifest_sha256 for one in group])
        for one in group:
            try:
                done = settled.get(one.intake.manifest_sha256, {}).keys()
                left = self._take_bundle(one, done, left, line)
            except OSError as error:
                one.result.fault = _interrupted(error)
            if one.result.reached < one.result.records:
                break
        return left

    def _take_bundle(self, opened: _Opened, done: Set[int], left: int | None, line: BatchLine) -> int | None:
        """Take the records of one bundle that have no verdict yet; return how many may still be taken."""
        result = opened.result
        for position in range(result.reached, result.records):
            if position in done:
                result.before += 1
            elif left is not None and left <= 0:
                break
            else:
                line.add(open_record(opened.bundle, position, opened.intake, self._holding), result.count)
                left = left - 1 if left is not None else None
            result.reached = position + 1
        return left

    def _intake_of(self, bundle: Bundle) -> Intake:
        manifest = bundle.manifest
        return Intake(
            manifest_sha256=bundle.digest,
            bundle=manifest.bundle,
            sender=bundle.sender.name,
            sender_kind=bundle.sender.kind.value,
            records=len(manifest.records),
            begun_at=timestamp(self._clock.now()),
        )


def _as_far_as_reached(results: list[FileResult]) -> list[FileResult]:
    """The results up to the first file that is not finished: those behind it were only opened."""
    for number, one in enumerate(results, 1):
        if one.fault is None and not one.finished:
            return results[:number]
    return results


def _interrupted(error: OSError) -> StationError:
    return InputFault(INTERRUPTED, problem=error.strerror or "it cannot be read any more")
