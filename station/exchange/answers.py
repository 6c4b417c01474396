"""Receiving by hand: receipts, statuses, flags and published bundles from the centre's side of a disk.

Every receipt is checked for itself, and so is every other paper; one that is wrong never blocks the others.
What the wire has settled stays as it is: nothing counts twice.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from station.centre import store
from station.centre.deliveries import Channel, Delivery
from station.centre.documents import CarriedAnswer, CarriedEnvelope, Receipt
from station.centre.identity import CentreIdentity, digest
from station.clock import Clock
from station.database import Database
from station.errors import InputFault, StationError
from station.exchange.disk import ENDING, CarriedDisk
from station.exchange.witness import Witness
from station.intake.importing import FileResult
from station.journal.store import Journal

LARGEST_PAPER: Final = 64 * 1024 * 1024
TOGETHER: Final = 500
RECEIPTS: Final = "receipts"
ANSWER: Final = "answer"
Refusals = dict[str, int]


@dataclass
class Received:
    """What a disk has brought.

    Attributes:
        receipts: that settled something. repeated: for what was settled before.
        wrong: receipts that do not count, by reason.
        faults: papers that could not be used, with their file.
        results: what became of each bundle.
    """

    receipts: int = 0
    repeated: int = 0
    wrong: Refusals = field(default_factory=dict)
    statuses: int = 0
    refusals: int = 0
    faults: list[tuple[str, StationError]] = field(default_factory=list)
    results: list[FileResult] = field(default_factory=list)


class Answers:
    """Takes in what the centre has put onto a disk."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        identity: CentreIdentity,
        station: str,
        witness: Witness,
        take_in: Callable[[Path], FileResult],
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._identity, self._station, self._witness = identity, station, witness
        self._take_in = take_in

    def receive(self, disk: CarriedDisk) -> Received:
        """Take everything in that lies there for this station.

        Raises:
            InputFault: CENTRE_DISK_EMPTY when nothing lies there.
            DeviceAbsent: the token is away. StationError: DATABASE_UNUSABLE, VAULT_UNUSABLE.
        """
        done = Received()
        for path in files_for(disk):
            while not self.receive_file(path, done):
                continue
        return done

    def receive_file(self, path: Path, done: Received) -> bool:
        """Take one file in; tell whether it is finished, and need not be given again.

        Raises:
            DeviceAbsent: the token is away. StationError: DATABASE_UNUSABLE, VAULT_UNUSABLE.
        """
        if path.name.endswith(ENDING):
            result = self._take_in(path)
            if result.fault is not None or result.finished:
                done.results.append(result)
                return True
            return False
        try:
            if path.name.startswith(RECEIPTS):
                self._receive_receipts(path, done)
            else:
                self._receive_answer(path, done)
        except InputFault as error:
            done.faults.append((path.name, error))
        return True

    # ---- receipts ----

    def _receive_receipts(self, path: Path, done: Received) -> None:
        together: list[tuple[Delivery, Receipt]] = []
        for value in _list_in(path, "receipts"):
            checked = self._checked(value, done)
            if checked is not None:
                together.append(checked)
            if len(together) >= TOGETHER:
                self._settle(together, done)
        self._settle(together, done)

    def _checked(self, value: object, done: Received) -> tuple[Delivery, Receipt] | None:
        """Check one receipt; one that does not count is counted by its reason."""
        try:
            receipt = Receipt.model_validate(value)
        except ValidationError:
            _count(done.wrong, "malformed")
            return None
        if not self._identity.has_signed(receipt.lines, receipt.signature):
            _count(done.wrong, "signature_wrong")
            return None
        with self._database.reading() as transaction:
            delivery = store.find(transaction, receipt.content_hash)
        if delivery is None or delivery.kind != receipt.kind:
            _count(done.wrong, "not_ours")
            return None
        return delivery, receipt

    def _settle(self, together: list[tuple[Delivery, Receipt]], done: Received) -> None:
        if together:
            with self._database.transaction() as transaction:
                fresh = store.settle_received(
                    transaction, self._clock, self._journal, _once(together), Channel.DISK
                )
            done.receipts += fresh
            done.repeated += len(together) - fresh
            together.clear()

    # ---- the other papers ----

    def _receive_answer(self, path: Path, done: Received) -> None:
        answer = self._opened(path)
        with self._database.transaction() as transaction:
            store.hear_statuses(transaction, self._clock, self._journal, answer.statuses, Channel.DISK)
            for refusal in answer.refusals:
                delivery = store.find(transaction, refusal.content_hash)
                if delivery is not None and delivery.kind == refusal.kind:
                    store.refuse(transaction, self._journal, delivery, refusal.error)
                    done.refusals += 1
        done.statuses += len(answer.statuses)
        self._witness.said(answer.health)

    def _opened(self, path: Path) -> CarriedAnswer:
        """Check and read a signed paper.

        Raises:
            InputFault: CENTRE_PAPER_UNUSABLE.
        """
        try:
            envelope = CarriedEnvelope.model_validate_json(_bytes_of(path))
            document = base64.b64decode(envelope.document, validate=True)
        except (ValidationError, ValueError, binascii.Error):
            raise _unusable(path, "it cannot be read") from None
        lines = ("print-station carried 1", envelope.station, digest(document))
        if not self._identity.has_signed(lines, envelope.signature):
            raise _unusable(path, "its signature is not the centre's")
        try:
            answer = CarriedAnswer.model_validate_json(document)
        except ValidationError:
            raise _unusable(path, "signed, but not as the protocol has it") from None
        if answer.station != self._station or envelope.station != self._station:
            raise _unusable(path, "it is for another station")
        return answer


def _once(together: Sequence[tuple[Delivery, Receipt]]) -> list[tuple[Delivery, Receipt]]:
    """The first receipt for each thing."""
    first: dict[int, tuple[Delivery, Receipt]] = {}
    for delivery, receipt in together:
        first.setdefault(delivery.id, (delivery, receipt))
    return list(first.values())


def _count(reasons: Refusals, reason: str) -> None:
    reasons[reason] = reasons.get(reason, 0) + 1


def files_for(disk: CarriedDisk) -> list[Path]:
    """What lies on a disk for this station: receipts first, bundles last.

    Raises:
        InputFault: CENTRE_DISK_EMPTY.
    """
    patterns = (f"{RECEIPTS}*.json", f"{ANSWER}*.json", f"*{ENDING}")
    found = [path for one in patterns for path in sorted(disk.from_centre.glob(one)) if path.is_file()]
    if not found:
        raise InputFault("CENTRE_DISK_EMPTY", folder=disk.from_centre)
    return found


def _list_in(path: Path, name: str) -> Iterator[object]:
    try:
        value: object = json.loads(_bytes_of(path))
    except (ValueError, RecursionError):
        raise _unusable(path, "it cannot be read") from None
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise _unusable(path, "it cannot be read")
    yield from found


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_PAPER:
            raise _unusable(path, "it is too large")
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from error


def _unusable(path: Path, problem: str) -> InputFault:
    return InputFault("CENTRE_PAPER_UNUSABLE", file=path.name, problem=problem)
