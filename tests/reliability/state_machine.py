"""Random days of a whole office: operators' acts, faults of devices and deaths, beside a small model.

Station, drivers and simulators are the real ones, in one process and on a clock that only counts. After every
step the books are compared with the model and with what the simulators know; at the end of the day the office
is brought to rest and examined like after the mass simulation.
"""

import sys
import traceback
from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as with_seed
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.reliability.closing_time import ClosingTime
from tests.reliability.counter_rules import CounterRules
from tests.reliability.handover_rules import HandoverRules
from tests.reliability.lane_rules import LaneRules

STEPS = 30


@dataclass
class StateMachineTally:
    """What was tried."""

    examples: int = 0
    steps: int = 0
    failures: list[str] = field(default_factory=list)


class OfficeDays(LaneRules, CounterRules, HandoverRules):
    """Everything that people, devices and power cuts do to one office."""

    tally: ClassVar[StateMachineTally] = StateMachineTally()

    def __init__(self) -> None:
        super().__init__()
        self.tally.examples += 1

    @invariant()
    def books_model_and_devices_agree(self) -> None:
        if self.office is None:
            return
        self.tally.steps += 1
        differences = self.truth.differences()
        assert not differences, "\n".join(differences)

    def teardown(self) -> None:
        if self.office is None:
            return
        try:
            if sys.exc_info()[0] is None:
                closing = ClosingTime(self.office, self.model, self.desk, self.truth, self.records)
                faults = closing.come_to_rest(self.attendant)
                assert not faults, "at rest: " + "\n".join(faults)
        finally:
            self.office.close()


def plain_settings(examples: int, steps: int = STEPS) -> settings:
    """No database, no deadline, nothing left out because it is slow."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def run_state_machine(examples: int, seed: int | None = None) -> StateMachineTally:
    """Try so many random days; without a seed always the same ones."""
    tally = StateMachineTally()
    machine = type("OfficeDays", (OfficeDays,), {"tally": tally})
    chosen = settings(plain_settings(examples), derandomize=seed is None)
    if seed is not None:
        machine = with_seed(seed)(machine)
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except (Exception, ExceptionGroup) as failure:
        tally.failures.append("".join(traceback.format_exception(failure)))
    return tally
