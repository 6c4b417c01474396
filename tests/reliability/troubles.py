"""Strategies for what goes wrong: every fault of the simulators' menus, acts of hands, deaths."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from hypothesis import strategies as st

from simulators.chip.faults import MENU
from simulators.chip.slot_faults import SlotFault
from simulators.evolis.faults import FAULTS
from tests.reliability.adversary import ANSWERS_A_CARD, APDUS_A_CARD, PANELS, SITES, UNFIT
from tests.reliability.attendant import Booking, Habits

Fault = tuple[str, int, int]  # name with its argument, at, count
Act = tuple[str, dict[str, object]]
Item = TypeVar("Item")
LIFE: Final = 320  # points of about one card
AT_ONCE: Final = frozenset({"cover_open", "reject_box_full", "head_too_hot", "cleaning_due"})


def _of_the_chip(name: str) -> st.SearchStrategy[str]:
    most = 1 if "activate" in name or name == "wrong_uid" else 40 if MENU[name].instructions else APDUS_A_CARD
    return st.integers(1, most).map(lambda at: f"chip:{name}:{at}")


def _named(name: str) -> st.SearchStrategy[Fault]:
    """One fault of the printer's menu with its argument."""
    opportunities, arguments = st.integers(1, 2), st.just(name)
    if name in ("jam_in_print", "ribbon_out_between_panels"):
        arguments = st.integers(1, PANELS - 1).map(lambda after: f"{name}:{after}")
    elif name == "power_cut":
        arguments = st.sampled_from(SITES).map(lambda site: f"{name}:{site}")
        opportunities = st.integers(1, PANELS)
    elif name == "chip":
        arguments = st.sampled_from(sorted(MENU)).flatmap(_of_the_chip)
    elif name == "reader":
        slots = st.tuples(
            st.sampled_from(sorted(fault.value for fault in SlotFault)), st.integers(1, APDUS_A_CARD)
        )
        arguments = slots.map(lambda chosen: f"reader:{chosen[0]}:{chosen[1]}")
    elif name.endswith("_answer"):
        arguments = st.just("late_answer:0.2" if name == "late_answer" else name)
        opportunities = st.integers(1, ANSWERS_A_CARD)
    elif name == "disconnect":
        opportunities = st.integers(1, PANELS)
    elif name in AT_ONCE:
        opportunities = st.just(1)
    return st.tuples(arguments, opportunities, st.just(1))


def faults() -> st.SearchStrategy[Fault]:
    """Any fault of the menu; chip and reader have menus of their own, and are drawn more often for that."""
    names = sorted(FAULTS.keys() - UNFIT) + ["chip"] * 5 + ["reader"] * 2
    return st.sampled_from(names).flatmap(_named)


def acts() -> st.SearchStrategy[Act]:
    """What hands can do at a printer that nobody has asked for."""
    plain = (
        "take_card",
        "open_cover",
        "close_cover",
        "empty_tray",
        "empty_reject_box",
        "clean",
        "power_cycle",
    )
    return st.one_of(
        st.sampled_from(plain).map(lambda name: (name, dict[str, object]())),
        st.booleans().map(lambda out: ("clear_jam", {"take_card_out": out})),
        st.integers(1, 3).map(lambda sets: ("change_ribbon", {"sets": sets})),
    )


def habits() -> st.SearchStrategy[Habits]:
    """How the person on duty does things."""
    return st.builds(
        Habits,
        handful=st.integers(1, 4),
        booking=st.sampled_from(Booking),
        throws_card_out=st.booleans(),
        lets_stand=st.integers(0, 3),
    )


def sometimes(most: int) -> st.SearchStrategy[int | None]:
    """A point at which something happens, or never."""
    return st.one_of(st.none(), st.none(), st.integers(1, most))


PICKS: Final = st.integers(0, 59)  # which of what is there then: rules draw nothing that depends on it
DEATHS: Final = sometimes(3)  # of a booking: before its commit, after it, or later than it needs


def at_nth(most: int | None, act: Callable[[], object]) -> Callable[[str], None]:
    """Something that happens at the n-th point of a life."""
    passed = 0

    def point(where: str) -> None:
        nonlocal passed
        passed += 1
        if passed == most:
            act()

    return point


def picked(those: Sequence[Item], pick: int) -> Sequence[Item]:
    """One of those, or none where there are none."""
    return those[pick % len(those) :][:1] if those else ()
