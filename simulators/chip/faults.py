"""The fault menu of the card, and the trigger that card and slot share."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import Generic, TypeVar

from simulators.chip.status import Status

_CREATE, _UPDATE, _READ, _GET_UID = 0xE0, 0xD6, 0xB0, 0xCA
_ACTIVATE, _TERMINATE = 0x44, 0xE6
_WRITES = frozenset({_CREATE, _UPDATE, _ACTIVATE, _TERMINATE})


class CardTorn(Exception):
    """The card lost its power within a command; nothing was answered.

    Attributes:
        returns: whether the card is back in the field at once, or gone until somebody puts it there.
    """

    def __init__(self, returns: bool) -> None:
        super().__init__("the card lost its power within a command")
        self.returns = returns


class CardMute(Exception):
    """The card does not answer this command."""


class Effect(Enum):
    """What a fault does."""

    LOST_BEFORE = "power lost before the command"
    LOST_WITHIN = "power lost while the command writes"
    LOST_AFTER = "power lost between the write and the answer"
    WRONG_BIT = "a stored bit reads wrong"
    WRONG_UID = "another UID is given"
    STATUS = "the command ends with a status word, undone"
    BROKEN_WRITE = "the command ends with a status word, half done"
    MUTE = "no answer"


LOSSES = frozenset({Effect.LOST_BEFORE, Effect.LOST_WITHIN, Effect.LOST_AFTER})


@dataclass(frozen=True)
class Fault:
    """An entry of the menu. It can strike commands with these INS; an empty set means any command."""

    effect: Effect
    instructions: frozenset[int] = frozenset()
    status: int = 0
    returns: bool = False  # for a lost card: is it back in the field at once

    def concerns(self, instruction: int | None) -> bool:
        """Tell whether the fault can strike this command; None is a command without an INS."""
        return not self.instructions or instruction in self.instructions


def _losses() -> dict[str, Fault]:
    moments = {"before": Effect.LOST_BEFORE, "in": Effect.LOST_WITHIN, "after": Effect.LOST_AFTER}
    kinds = {
        "": frozenset[int](),
        "_update": frozenset({_UPDATE}),
        "_activate": frozenset({_ACTIVATE}),
    }
    return {
        f"{cause}_{moment}{kind}": Fault(effect, instructions, returns=cause == "tear")
        for cause in ("pulled", "tear")
        for moment, effect in moments.items()
        for kind, instructions in kinds.items()
    }


MENU = {
    **_losses(),
    "pulled": Fault(Effect.LOST_WITHIN),
    "tear": Fault(Effect.LOST_WITHIN, returns=True),
    "bad_readback": Fault(Effect.WRONG_BIT, frozenset({_READ})),
    "wrong_uid": Fault(Effect.WRONG_UID, frozenset({_GET_UID})),
    "eeprom_failure": Fault(Effect.BROKEN_WRITE, _WRITES, Status.EEPROM_FAILURE),
    "memory_full": Fault(Effect.STATUS, frozenset({_CREATE, _UPDATE}), Status.NO_ROOM),
    "condition_not_met": Fault(Effect.STATUS, status=Status.CONDITION_NOT_MET),
    "not_now": Fault(Effect.STATUS, status=Status.NOT_NOW),
    "channel_lost": Fault(Effect.STATUS, status=Status.WRONG_MAC),
    "counter": Fault(Effect.STATUS, status=0x63C3),  # a warning: protected under the channel
    "more_data": Fault(Effect.STATUS, status=0x6110),  # T=0 only; a T=1 host must not trip over it
    "wrong_le": Fault(Effect.STATUS, frozenset({_READ}), 0x6C10),
    "mute": Fault(Effect.MUTE),
}

Entry = TypeVar("Entry")


@dataclass
class _Armed(Generic[Entry]):
    entry: Entry
    at: int
    count: int
    file: int | None
    seen: int = 0

    def strikes(self) -> bool:
        self.seen += 1
        return self.at <= self.seen

    @property
    def spent(self) -> bool:
        return self.seen >= self.at + self.count - 1


class Trigger(Generic[Entry]):
    """Faults that wait for their occasion; may be armed from another thread than the one they strike."""

    def __init__(self, menu: dict[str, Entry]) -> None:
        self._menu = menu
        self._armed: list[_Armed[Entry]] = []
        self._lock = Lock()

    def arm(self, name: str, at: int = 1, count: int = 1, file: int | None = None) -> None:
        """Let a fault strike `count` times, beginning with the `at`-th command that it can strike.

        Args:
            name: an entry of the menu.
            at: counted from arming, the first is 1.
            count: how many of those commands in a row.
            file: FID; the fault then strikes and counts only commands on this EF.

        Raises:
            ValueError: the name is not in the menu, or a number is below 1.
        """
        if name not in self._menu:
            raise ValueError(f"unknown fault {name!r}; there are {', '.join(sorted(self._menu))}")
        if at < 1 or count < 1:
            raise ValueError("at and count begin at 1")
        with self._lock:
            self._armed.append(_Armed(self._menu[name], at, count, file))

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def strike(self, concerned: Callable[[Entry, int | None], bool]) -> Entry | None:
        """Count one command and give the fault that strikes it, if any.

        Args:
            concerned: tells for an entry and the FID it was armed for whether this command is an occasion.
        """
        with self._lock:
            due = [armed for armed in self._armed if concerned(armed.entry, armed.file) and armed.strikes()]
            self._armed = [armed for armed in self._armed if not armed.spent]
        return due[0].entry if due else None


class CardFaults(Trigger[Fault]):
    """The faults of one card."""

    def __init__(self) -> None:
        super().__init__(MENU)

    def strike_command(self, instruction: int | None, file: int | None) -> Fault | None:
        """Count one command, sent while the EF `file` is selected, and give the fault that strikes it."""
        return self.strike(
            lambda fault, wanted: fault.concerns(instruction) and (wanted is None or wanted == file)
        )
