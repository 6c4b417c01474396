"""The hunts of tests/fuzz in a small version; and that they would find a fault if there were one."""

from pathlib import Path
from random import Random

import pytest

from simulators.recording_station.recordings import recording
from station.intake.batch import BatchWriter
from station.intake.judging import Judged
from station.vault.vault import Kept
from tests.fuzz import killed_import
from tests.fuzz.__main__ import main
from tests.fuzz.hunting import Broken, hunt
from tests.fuzz.mutations import WAYS


def test_hurt_bundles_end_in_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutations", "120", "--seed", "5"]) == 0
    assert "ended in accepted" in capsys.readouterr().out


@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_can_be_repeated_from_its_seed(way: str) -> None:
    """Keys and signatures differ from run to run, but a way never fails to make a bundle."""
    people = [recording(1, number, None) for number in range(2)]
    for seed in range(10):
        assert isinstance(WAYS[way](Random(seed), people), bytes)


def test_a_half_done_import_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A station that notes verdicts without holding the records: the hunt must see it."""
    whole = BatchWriter.commit

    def half(self: BatchWriter, judged: list[Judged], put: tuple[list[Kept], list[Kept]]) -> None:
        monkeypatch.setattr(self._holding, "add_all", lambda transaction, records: [])
        whole(self, judged, put)

    monkeypatch.setattr(BatchWriter, "commit", half)
    with pytest.raises(Broken, match="seed 5, mutation"):
        list(hunt(50, 5))


def test_killed_imports_lose_nothing(tmp_path: Path) -> None:
    done = killed_import.campaign(tmp_path, count=150, per_bundle=10, kills=3, seed=3)
    assert done.kills >= 1
    assert 0 < done.peak < 300


def test_a_lost_record_is_found(tmp_path: Path) -> None:
    killed_import.campaign(tmp_path, count=20, per_bundle=5, kills=0, seed=3)
    with pytest.raises(killed_import.Lost):
        killed_import.examine(tmp_path / "data", 21)
    (segment,) = (tmp_path / "data" / "vault").glob("*.seg")
    data = bytearray(segment.read_bytes())
    data[5000] ^= 1
    segment.write_bytes(data)
    with pytest.raises(Exception, match="RECORD_SEAL_BROKEN"):
        killed_import.examine(tmp_path / "data", 20)
