"""A few random days of a whole office, always the same ones; the reliability program tries many more."""

import pytest

from tests.reliability.state_machine import run_state_machine

EXAMPLES = 25


@pytest.mark.timeout(600)
def test_books_model_and_devices_agree_after_every_step() -> None:
    tally = run_state_machine(EXAMPLES)
    assert not tally.failures, tally.failures[0]
    assert tally.examples >= EXAMPLES
    assert tally.steps > 10 * EXAMPLES
