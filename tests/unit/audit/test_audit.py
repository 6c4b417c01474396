"""Whoever edits, drops, swaps or cuts off rows is found."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from sqlalchemy import text

from station.audit.export import export, verify_file
from station.audit.fault import FaultKind
from station.audit.heads import JournalSeal
from station.audit.verify import AuditReport, verify
from station.errors import InputFault, Refused
from station.journal import JournalRow, Outcome, RowKind
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records


class SoftwareKey:
    """ECDSA P-256 in memory."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def verify(self, data: bytes, signature: bytes) -> bool:
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            self._key.public_key().verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


KEY = SoftwareKey()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(4))
    station.prepare(4)
    station.add(records(tmp_path / "records", 2))
    seal = _seal(station)
    for _ in range(2):
        station.worker().run_batch(limit=1)
        seal.sign()
    seal.sign()
    yield station
    station.close()


def _seal(station: FakeStation) -> JournalSeal:
    return JournalSeal(station.database, station.clock, KEY, _anchor(station))


def _anchor(station: FakeStation) -> Path:
    return station.folder / "journal-heads.log"


def _verify(station: FakeStation, noted: tuple[int, str] | None = None) -> AuditReport:
    return verify(station.database, KEY, _anchor(station), noted)


def _tamper(station: FakeStation, *statements: str) -> None:
    """Do what somebody with the database file and a tool can do."""
    with station.database.transaction() as transaction:
        transaction.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in ("journal", "blank_moves"):
            for action in ("UPDATE", "DELETE"):
                transaction.execute(text(f"DROP TRIGGER IF EXISTS {table}_{action}"))
        for trigger in ("journal_once", "journal_open_attempt", "journal_chained", "blank_moves_book"):
            transaction.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        for statement in statements:
            transaction.execute(text(statement))


def _forge_chain(station: FakeStation) -> None:
    """Edit a row and hash everything after it anew."""
    _tamper(station, "UPDATE journal SET payload = '{\"forged\": true}' WHERE sequence = 5")
    with station.database.transaction() as transaction:
        rows = transaction.execute(text("SELECT * FROM journal ORDER BY sequence")).all()
        previous = ""
        transaction.execute(
            text("UPDATE journal SET hash = 'x' || hash, previous_hash = 'x' || previous_hash")
        )
        for row in rows:
            values = {**row._mapping, "previous_hash": previous}
            values.pop("hash")
            outcome, kind = values["outcome"], values["kind"]
            values["outcome"], values["kind"] = Outcome(outcome) if outcome else None, RowKind(kind)
            forged = JournalRow(**values)
            transaction.execute(
                text("UPDATE journal SET hash = :hash, previous_hash = :previous WHERE sequence = :sequence"),
                {"hash": forged.hash, "previous": previous, "sequence": row.sequence},
            )
            previous = forged.hash


def test_an_untouched_journal_is_intact(station: FakeStation) -> None:
    report = _verify(station)
    assert report.faults == []
    assert report.heads == 2
    assert report.unsigned == 0
    assert report.rows > 20


EVERY_COLUMN = (
    "at",
    "name",
    "lane",
    "job",
    "attempt",
    "person",
    "signed_by",
    "payload",
    "previous_hash",
    "hash",
)


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_an_edit_of_any_column_is_found(station: FakeStation, column: str) -> None:
    _tamper(station, f"UPDATE journal SET {column} = COALESCE({column}, '') || '1' WHERE sequence = 7")
    assert _verify(station).faults


@pytest.mark.parametrize("row", [1, 2, 9])
def test_a_dropped_row_is_found(station: FakeStation, row: int) -> None:
    with station.database.transaction() as transaction:
        transaction.execute(text("PRAGMA defer_foreign_keys=ON"))
    _tamper(
        station,
        f"DELETE FROM blank_moves WHERE journal = {row}",
        f"DELETE FROM journal WHERE intent = {row}",
        f"DELETE FROM journal WHERE sequence = {row}",
    )
    assert _verify(station).faults


def test_swapped_rows_are_found(station: FakeStation) -> None:
    columns = "kind, name, lane, job, attempt, payload"
    _tamper(
        station,
        f"CREATE TEMP TABLE a AS SELECT {columns} FROM journal WHERE sequence = 4",
        f"UPDATE journal SET ({columns}) ="
        f" (SELECT {columns} FROM journal WHERE sequence = 5) WHERE sequence = 4",
        f"UPDATE journal SET ({columns}) = (SELECT * FROM a) WHERE sequence = 5",
    )
    assert _verify(station).faults


def test_rows_cut_off_with_their_heads_are_missed_by_the_anchor_file(station: FakeStation) -> None:
    with station.database.reading() as transaction:
        middle = transaction.execute(text("SELECT MIN(sequence) FROM journal_heads")).scalar_one()
    _tamper(
        station,
        f"DELETE FROM outbox WHERE journal > {middle}",
        f"DELETE FROM blank_moves WHERE journal > {middle}",
        f"DELETE FROM journal_heads WHERE sequence > {middle}",
        f"DELETE FROM journal WHERE sequence > {middle}",
    )
    kinds = {fault.kind for fault in _verify(station).faults}
    assert FaultKind.ROW_MISSING in kinds


def test_rows_cut_off_everywhere_are_missed_by_a_head_on_paper(station: FakeStation) -> None:
    report = _verify(station)
    _anchor(station).unlink()
    _tamper(
        station,
        "DELETE FROM outbox",
        "DELETE FROM blank_moves WHERE journal > 5",
        "DELETE FROM journal_heads",
        "DELETE FROM journal WHERE sequence > 5",
    )
    faults = _verify(station, (report.rows, report.last_hash)).faults
    assert FaultKind.ROW_MISSING in {fault.kind for fault in faults}


def test_a_forged_chain_cannot_be_signed_again(station: FakeStation) -> None:
    _forge_chain(station)
    kinds = {fault.kind for fault in _verify(station).faults}
    assert kinds & {FaultKind.HEAD_DIFFERS, FaultKind.LEDGER_DIFFERS}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blank_moves SET quantity = quantity + 1 WHERE id = 1",
        "UPDATE blank_moves SET cause = 'other' WHERE id = 2",
        "DELETE FROM blank_moves WHERE id = 3",
        "UPDATE blank_accounts SET balance = balance + 1 WHERE account = 'stock'",
    ],
)
def test_an_edited_ledger_is_found(station: FakeStation, statement: str) -> None:
    _tamper(station, statement)
    kinds = {fault.kind for fault in _verify(station).faults}
    assert kinds & {FaultKind.LEDGER_DIFFERS, FaultKind.BALANCE_DIFFERS}


def _flip_signature(line: str) -> str:
    head = json.loads(line)
    return json.dumps(head | {"signature": "00" + head["signature"][2:]})


@pytest.mark.parametrize("change", [_flip_signature, lambda line: line[:40], lambda line: "nonsense"])
def test_a_damaged_anchor_file_is_found(station: FakeStation, change: Callable[[str], str]) -> None:
    lines = _anchor(station).read_text().splitlines()
    _anchor(station).write_text("\n".join([change(lines[0]), *lines[1:], ""]))
    assert _verify(station).faults


def test_a_line_torn_by_a_power_cut_is_no_alarm(station: FakeStation) -> None:
    with _anchor(station).open("ab") as file:
        file.write(b'{"sequence": 4')
    assert _verify(station).faults == []
    with station.database.transaction() as transaction:
        station.journal.event(transaction, "staff_added")
    _seal(station).sign()
    assert _verify(station).faults == []


def test_an_export_can_be_verified_elsewhere_and_every_changed_line_is_found(
    station: FakeStation, tmp_path: Path
) -> None:
    file = tmp_path / "journal.jsonl"
    export(station.database, file)
    assert verify_file(file, KEY).faults == []
    with pytest.raises(Refused):
        export(station.database, file)
    lines = file.read_text().splitlines()
    for number in range(1, len(lines)):
        shorter = tmp_path / "shorter.jsonl"
        shorter.write_text("\n".join(lines[:number] + lines[number + 1 :]) + "\n")
        without = verify_file(shorter, KEY)
        assert without.faults or without.heads < 2  # a signature less is shown, a row less is a fault
        assert bool(without.faults) is ('"row"' in lines[number])
    file.write_text("\n".join(['{"format": "other"}', *lines[1:]]))
    with pytest.raises(InputFault):
        verify_file(file, KEY)
