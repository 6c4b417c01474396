"""What goes wrong in an office of the rig, and when: drawn beforehand from a seed, so that it can be told."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from time import monotonic

from simulators.rig import AdminClient
from tests.reliability.adversary import Adversary

TRANSFERS_A_CARD = 130  # bulk OUT transfers, about


class Trouble(StrEnum):
    """What may go wrong with a card."""

    FAULT = "fault"  # of the simulators' own menus
    DAEMON_KILLED = "pcscd killed"
    STATION_KILLED = "station killed"
    CABLE_PULLED = "cable pulled"


@dataclass(frozen=True)
class Shares:
    """How many of the cards meet each trouble; at least one does, unless the share is 0."""

    faults: float = 0.25
    daemon: float = 0.04
    station: float = 0.04
    cable: float = 0.03

    def amounts(self, cards: int) -> dict[Trouble, int]:
        """How many there will be."""
        shares = {
            Trouble.FAULT: self.faults,
            Trouble.DAEMON_KILLED: self.daemon,
            Trouble.STATION_KILLED: self.station,
            Trouble.CABLE_PULLED: self.cable,
        }
        return {
            trouble: min(cards, max(1, round(cards * share))) for trouble, share in shares.items() if share
        }


@dataclass(frozen=True)
class Planned:
    """A trouble of one card, so many seconds after its attempt was opened; a pulled cable comes back."""

    card: int
    trouble: Trouble
    delay: float
    lasts: float


def plan_troubles(source: random.Random, cards: int, shares: Shares) -> list[Planned]:
    """Draw which card meets what; a fault is armed at once, the rest strikes at any moment of a card."""
    planned = []
    for trouble, amount in shares.amounts(cards).items():
        for card in source.sample(range(1, cards + 1), amount):
            delay = 0.0 if trouble is Trouble.FAULT else source.uniform(0.0, 1.5)
            planned.append(Planned(card, trouble, round(delay, 3), round(source.uniform(0.0, 1.5), 3)))
    return sorted(planned, key=lambda one: (one.card, one.delay))


class RigAdversary(Adversary):
    """The whole menu, with what only a printer on USB can do."""

    def strike(self) -> str:
        """Arm a fault; return its name."""
        groups = len(self._groups) + 1
        if self._source.random() * groups >= 1:
            return super().strike()
        name, at = self._usb()
        self._arm(name, at, 1)
        return name

    def _usb(self) -> tuple[str, int]:
        return "stall", self._source.randint(1, TRANSFERS_A_CARD)


@dataclass(frozen=True)
class Killers:
    """How the two programs die; each returns whether there was one to kill."""

    daemon: Callable[[], bool]
    station: Callable[[], bool]


@dataclass
class Troubles:
    """Makes what was planned come true.

    Attributes:
        struck: what has happened, by its kind. A fault of a chip or a reader counts when it was handed to a
            card, whether or not that card has come to the command that it waits for.
        told: the same in order, for whoever looks into a failure.
    """

    planned: list[Planned]
    printer: AdminClient
    source: random.Random
    killers: Killers
    told: list[str] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    _due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _armed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._adversary = RigAdversary(self.source, self._arm)

    def card_begun(self, number: int) -> None:
        """An attempt was opened, the `number`th of all: what it is to meet becomes due."""
        while self.planned and self.planned[0].card <= number:
            one = self.planned.pop(0)
            self._due.append((monotonic() + one.delay, partial(self._happen, one)))

    def come(self) -> None:
        """Let happen what is due."""
        now = monotonic()
        for entry in [entry for entry in self._due if entry[0] <= now]:
            self._due.remove(entry)
            entry[1]()

    def end(self) -> None:
        """Nothing happens any more; what was armed and has not struck counts for nothing."""
        self.planned.clear()
        self._due.clear()
        self._plug_cable()
        left = Counter[str]()
        for fault in self.printer.truth().faults:
            left[f"{fault.name}:{fault.argument}" if fault.argument else fault.name] += fault.count
        for name, amount in (self._armed - left).items():
            self.struck[_kind(name)] += amount

    def _happen(self, one: Planned) -> None:
        ways: dict[Trouble, Callable[[], bool]] = {
            Trouble.FAULT: self._arm_fault,
            Trouble.DAEMON_KILLED: self.killers.daemon,
            Trouble.STATION_KILLED: self.killers.station,
            Trouble.CABLE_PULLED: partial(self._pull_cable, one.lasts),
        }
        if ways[one.trouble]() and one.trouble is not Trouble.FAULT:
            self.told.append(f"card {one.card}: {one.trouble} after {one.delay} s")
            self.struck[one.trouble.value] += 1

    def _arm_fault(self) -> bool:
        self._adversary.strike()
        return True

    def _arm(self, name: str, at: int, count: int) -> None:
        self.printer.fault(name, at, count)
        self._armed[name] += count
        self.told.append(f"{name} at {at}")

    def _pull_cable(self, lasts: float) -> bool:
        self.printer.person("pull_cable")
        self._due.append((monotonic() + lasts, self._plug_cable))
        return True

    def _plug_cable(self) -> None:
        self.printer.person("plug_cable")


def _kind(name: str) -> str:
    """The kind of a fault without its moment: `chip bad_readback`, `jam_in_print`."""
    words = name.split(":")
    return " ".join(words[:2]) if words[0] in ("chip", "reader") else words[0]
