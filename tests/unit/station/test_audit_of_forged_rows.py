"""Whatever somebody writes into the journal by hand, the audit and the doctor say so and go on."""

from pathlib import Path

import pytest

from station.errors import ExitStatus
from tests.fakes.station import records
from tests.unit.station.office_desk import Desk, FakeSigner

FORGERIES = {
    "payload of a booking": "UPDATE journal SET payload = 'x' WHERE name = 'blanks_moved'",
    "empty booking": "UPDATE journal SET payload = '{}' WHERE name = 'blanks_moved'",
    "unknown kind": "UPDATE journal SET kind = 'rumour' WHERE sequence = 3",
    "unknown outcome": "UPDATE journal SET outcome = 'PERHAPS' WHERE kind = 'outcome'",
    "number as text": "UPDATE journal SET job = 'one' WHERE sequence = 5",
    "bytes as text": "UPDATE journal SET name = X'00ff' WHERE sequence = 5",
    "huge number": "UPDATE journal SET attempt = 9223372036854775807 WHERE sequence = 7",
    "row gone": "DELETE FROM journal WHERE sequence = 2",
    "signature": "UPDATE journal_heads SET signature = 'no hexadecimal number'",
    "short signature": "UPDATE journal_heads SET signature = '00'",
}


@pytest.fixture
def forged(desk: Desk, tmp_path: Path) -> Desk:
    """A desk whose journal has rows of a finished card and a signed head; the triggers are gone."""
    desk.add(records(tmp_path / "records", 1))
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert desk.run("audit", "sign").status == ExitStatus.DONE
    assert desk.run("audit", "verify").status == ExitStatus.DONE
    return desk


def forge(desk: Desk, statement: str) -> None:
    with desk.database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
        for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for (name,) in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        assert connection.exec_driver_sql(statement).rowcount
    desk.database.engine.dispose()


@pytest.mark.parametrize("forgery", sorted(FORGERIES))
def test_the_audit_finds_it(forged: Desk, forgery: str) -> None:
    forge(forged, FORGERIES[forgery])
    said = forged.run("audit", "verify", "--json")
    assert said.status == ExitStatus.REFUSED
    assert said.fields()["intact"] is False
    assert said.fields()["faults"]
    words = forged.run("audit", "verify")
    assert words.status == ExitStatus.REFUSED
    assert "!! " in words.words


@pytest.mark.parametrize("forgery", sorted(name for name in FORGERIES if "signature" not in name))
def test_the_doctor_finds_it_and_examines_the_rest(forged: Desk, forgery: str) -> None:
    forge(forged, FORGERIES[forgery])
    said = forged.run("doctor", "--json")
    assert said.status == ExitStatus.REFUSED
    checks = said.fields()["checks"]
    assert isinstance(checks, list)
    ailing = [check["error"]["code"] for check in checks if check["error"]]
    assert ailing == ["JOURNAL_BROKEN"]
    assert len(checks) >= 9


def test_a_signature_of_another_key_is_no_signature(forged: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeSigner, "verify", lambda key, data, signature: False)
    assert forged.run("audit", "verify").status == ExitStatus.REFUSED
