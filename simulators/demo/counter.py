"""The counter, where a finished card goes to its holder: the last step of the demo's story."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

from simulators.demo import plan
from simulators.demo.accounts import Check
from simulators.demo.documents import JOB
from simulators.demo.errors import DemoError
from simulators.demo.holder import Holder
from simulators.demo.menu import MenuItem
from simulators.demo.office import Office
from simulators.fingers import seed_of
from simulators.rig import AdminRefusal

RIGHT_INDEX: Final = 2  # position of the finger (ISO/IEC 19794-2:2005, table 2)
STRANGER: Final = 1_000  # number of a person whom no record is about
SHEET: Final = 30.0  # seconds of wall time that the receipt may take to come out
LOOK: Final = 0.1


class Counter:
    """Lets people come for cards."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def items(self) -> list[MenuItem]:
        """The part of the menu that is about the counter."""
        return [
            MenuItem(
                f"pemegang kartu tugas {plan.LATER_HOLDER} datang",
                f"the holder of job {plan.LATER_HOLDER}'s card comes",
                self._holder_comes,
            ),
            MenuItem(
                f"orang lain datang mengambil kartu tugas {plan.LATER_HOLDER}",
                f"somebody else comes for job {plan.LATER_HOLDER}'s card",
                self._stranger_comes,
            ),
        ]

    def hand_over(self, job: int, person: int) -> int:
        """Lay a job's card on the reader, start its handover, and let a person press; return the exit status.

        Args:
            job: of the card.
            person: whose right index finger it is, counted from 1 as the records are.

        Raises:
            DemoError: the job has no card.
            RigError: a simulator does not answer.
        """
        finger = seed_of(plan.SEED, person - 1, RIGHT_INDEX)
        self._office.printer.person("put_card_on_reader", uid=self._card_of(job))
        try:
            with Holder(self._office.rig.scanner, finger) as holder:
                status = self._office.station.show(
                    *("handover", "start", "--job", str(job), "--by", plan.OPERATOR, "--print")
                )
        finally:
            with suppress(AdminRefusal):  # nothing lies there any more: the reader was away meanwhile
                self._office.printer.person("take_card_off_reader")
        if holder.trouble is not None:
            raise holder.trouble
        return status

    def _card_of(self, job: int) -> str:
        """UID of the card that a job has made, as the printer simulator names it."""
        shown = self._office.station.ask(JOB, "jobs", "show", str(job))
        cards = [attempt.uid for attempt in shown.attempts if attempt.state == "ready"]
        if not cards:
            raise DemoError(f"job {job} has made no card")
        return cards[-1]

    def _holder_comes(self) -> None:
        self.hand_over(plan.LATER_HOLDER, plan.LATER_HOLDER)

    def _stranger_comes(self) -> None:
        self.hand_over(plan.LATER_HOLDER, STRANGER)


def give_first_card(office: Office) -> Check:
    """Hand the first card over, and wait for its receipt.

    Raises:
        DemoError, RigError: it did not come to its end.
    """
    office.screen.title(
        "Di loket: kartu pertama diserahkan setelah jari cocok dengan chipnya",
        "At the counter: the first card goes to its holder, whose finger matches its chip",
    )
    status = Counter(office).hand_over(plan.FIRST_HOLDER, plan.FIRST_HOLDER)
    _wait_for_sheets(office)
    return Check("exit status of handover start", 0, status)


def _wait_for_sheets(office: Office) -> None:
    """Wait until nothing is on its way to the paper any more: the station does not follow a receipt."""
    limit = time.monotonic() + SHEET
    while time.monotonic() < limit:
        sheets = {run.paper for run in office.rig.paper.truth().runs}
        if sheets == {"whole"}:
            return
        time.sleep(LOOK)
