"""Somebody decides about a record that is set aside, and the plug is pulled before its key is looked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from station.intake.aside import Aside
from station.intake.store import waiting
from station.letters.files import LetterFiles
from station.records.parts import FINGERS
from station.retention.erasing import Erasing
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from station.vault.vault import Vault
from tests.fakes.intake import IntakeStation
from tests.fakes.vault import SoftMasterKey
from tests.unit.intake.test_verdicts_on_records import bundle_of, changed, drop


class PlugPulled(Exception):
    """There is no more power."""


def pull_the_plug(_keys: Sequence[bytes]) -> None:
    raise PlugPulled


def is_on_the_disk(station: IntakeStation, key: bytes) -> bool:
    return any(key in file.read_bytes() for file in station.folder.glob("station.db*"))


def test_the_key_of_a_discarded_record_is_cleared_at_the_next_start(
    station: IntakeStation, tmp_path: Path
) -> None:
    station.take(bundle_of(tmp_path / "a.bundle", changed(0, drop(FINGERS))))
    with station.database.transaction() as transaction:
        add_staff(transaction, station.journal, StaffMember(name="Wati", role=Role.SUPERVISOR))
        (row,) = waiting(transaction)
    parts = (station.database, station.journal, station.clock, station.holding)
    letters = LetterFiles(station.database, Vault(station.folder / "letters", SoftMasterKey()))
    erasing = Erasing(*parts, letters)
    assert erasing.finish() is False
    with pytest.raises(PlugPulled):
        Aside(*parts, station.aside, pull_the_plug).discard(row.number, "Wati", "not wanted")
    assert row.wrapped_key is not None and is_on_the_disk(station, row.wrapped_key)
    assert erasing.finish() is True
    assert not is_on_the_disk(station, row.wrapped_key)
    assert erasing.finish() is False
