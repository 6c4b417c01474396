"""Fixtures of the chip simulator's tests."""

from pathlib import Path

import pytest

from simulators.chip.card import Card
from tests.unit.chip_simulator.chip_maker import make_card


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return make_card(tmp_path / "chip")
