"""How cards come in and where they go out: the trays that Pcim, Pcem and Pcrm choose (S)."""

from __future__ import annotations

from simulators.evolis.errors import MachineFault, Refused
from simulators.evolis.machine import Machine
from simulators.evolis.status import Error
from simulators.evolis.truth import Place

HAND_WAIT = 30.0  # assumed: seconds that the printer waits for a card in its slot
HAND_WAIT_UNTIMED = 5.0  # seconds of wall time instead, when the clock does not run

BY_FEEDER = frozenset("FB")  # feeder; manual first, else feeder
BY_HAND = frozenset("MCRI")  # manual, on command, rear, bezel

EJECTION = {
    "D": Place.TRAY,
    "N": Place.TRAY,  # eject without waiting
    "M": Place.EJECT,
    "I": Place.EJECT,
    "R": Place.REJECT_BOX,
    "K": Place.REJECT_BOX,
    "L": Place.REJECT_BOX,
}
# In the rejection column D and R change their meanings (S).
REJECTION = EJECTION | {"D": Place.REJECT_BOX, "R": Place.TRAY}


class Loading:
    """Card insertion, ejection and rejection of one machine; called by its worker."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._offered: str | None = None

    def bring_in(self) -> None:
        """Make sure that a card is in the machine, from where the insertion tray says."""
        truth = self._machine.mechanism.truth
        if truth.place is Place.EJECT and not truth.stuck:
            raise MachineFault("ERR CARD ON EJECT", Error.CARD_ON_EJECT, waits=False)
        if truth.inside is not None:
            return
        tray = self._machine.memory.insertion
        if tray in BY_FEEDER:
            self._machine.mechanism.feed()
        elif tray in BY_HAND:
            self._machine.mechanism.insert_by_hand(self._wait_for_hand())
        else:
            raise MachineFault("ERR NO CARD", Error.NO_CARD_PRESENTED, waits=False)
        self._machine.memory.just_rebooted = False

    def eject(self) -> None:
        """Bring the card to the ejection tray."""
        self._machine.mechanism.eject(EJECTION[self._machine.memory.ejection])

    def reject(self) -> None:
        """Bring the card to the rejection tray."""
        self._machine.mechanism.eject(REJECTION[self._machine.memory.rejection])

    def reject_spoiled(self) -> None:
        """Bring a card that the printer itself gives up to the reject box (assumed)."""
        self._machine.mechanism.eject(Place.REJECT_BOX)

    def offer(self, uid: str) -> None:
        """Hold a card into the slot that waits for it.

        Raises:
            Refused: the printer does not wait for a card.
        """
        with self._machine.changed:
            if not self._machine.memory.waits_for_card:
                raise Refused("the printer does not wait for a card")
            self._offered = uid
            self._machine.changed.notify_all()

    def _wait_for_hand(self) -> str:
        machine = self._machine
        speed = machine.mechanism.clock.speed
        with machine.changed:
            self._offered = None
            machine.memory.waits_for_card = True
            machine.changed.wait_for(
                lambda: self._offered is not None or not machine.powered,
                HAND_WAIT / speed if speed else HAND_WAIT_UNTIMED,
            )
            machine.memory.waits_for_card = False
            return self._taken()

    def _taken(self) -> str:
        if self._offered is None:
            raise MachineFault("ERR NO CARD", Error.NO_CARD_PRESENTED, waits=False)
        return self._offered
