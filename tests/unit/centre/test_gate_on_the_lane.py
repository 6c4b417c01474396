"""The gate is asked when a job is added and again when its attempt begins; nobody gets round it."""

from pathlib import Path

import pytest

from station.blanks.ledger import Account
from station.cards.intake import Intake, Order
from station.cards.store import JobState
from station.centre.deliveries import Channel
from station.centre.documents import RecordStatus
from station.centre.store import hear_statuses
from station.gate.gate import PrintGate
from station.records.folder import read_record
from tests.fakes.devices import FakeLane
from tests.fakes.station import PAINTER, FakeKeys, FakeStation, records


class GatedStation(FakeStation):
    """A station with fake devices and the station's own gate."""

    def __init__(self, folder: Path, devices: FakeLane) -> None:
        super().__init__(folder, devices)
        self.gate = PrintGate()
        self.intake = Intake(self.database, self.journal, self.clock, FakeKeys(), PAINTER, self.gate)

    def hear(self, folder: Path, status: str, at: str) -> None:
        read = read_record(folder)
        said = RecordStatus(record=read.data.record_id, digest=read.sha256, status=status, at=at)
        with self.database.transaction() as transaction:
            hear_statuses(transaction, self.clock, self.journal, [said], Channel.WIRE)


@pytest.fixture
def station(tmp_path: Path) -> GatedStation:
    made = GatedStation(tmp_path, FakeLane(3))
    made.prepare(3)
    return made


def test_a_job_without_the_centres_word_is_refused_and_kept(station: GatedStation, tmp_path: Path) -> None:
    (folder,) = records(tmp_path / "records", 1)
    job, refusal, _ = station.intake.add(folder, Order(5))
    assert refusal is not None
    assert (job.state, refusal.code) == (JobState.REFUSED, "CENTRE_STATUS_MISSING")


def test_a_word_that_is_taken_back_stops_the_card_before_a_blank_moves(
    station: GatedStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder,) = records(tmp_path / "records", 1)
    station.hear(folder, "PRINT_READY_RECORD", "2026-01-01T00:00:00.000000Z")
    job, refusal, _ = station.intake.add(folder, Order(5))
    assert (job.state, refusal) == (JobState.QUEUED, None)
    station.hear(folder, "ADJUDICATE_RECORD", "2026-01-02T00:00:00.000000Z")
    monkeypatch.setattr("tests.fakes.station.BelievingGate", PrintGate)
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.REFUSED
    assert station.attempts(job.id)[0].card is None
    assert station.balances().totals[Account.IN_MACHINE] == 3
