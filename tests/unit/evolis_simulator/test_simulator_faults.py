"""The fault menu and the person: what goes wrong, what the host sees, where the card is afterwards."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import pytest

from simulators.admin import AdminError
from tests.unit.evolis_simulator.printer_rig import (
    BUSY,
    Rig,
    bare_job,
    command,
    plain_panels,
    read_all,
    simulated_printer,
)

OK = "OK"
MECHANICAL, RIBBON_ENDED, COVER, FEEDER = 0x01000000, 0x00200000, 0x02000000, 0x08000000


def print_one(rig: Rig) -> tuple[int, int, int, int]:
    rig.send(bare_job(plain_panels()))
    return rig.wait_idle()


def test_an_empty_feeder_is_a_warning_and_mends_itself_when_filled(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, hopper=0) as rig:
        assert rig.ask("Sis") == "ERR FEEDER EMPTY"
        assert rig.words()[2:] == (0x01000000, 0)
        rig.person("fill_hopper", count=2)
        assert rig.words()[2] == 0
        assert rig.ask("Sis") == OK
        assert rig.truth().hopper_count == 1


def test_a_used_card_can_be_laid_into_the_hopper_and_comes_in_last(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, hopper=1) as rig:
        assert rig.ask("Sie") == OK
        used = rig.printed().uid
        rig.person("fill_hopper", count=1)
        assert rig.person("lay_into_hopper", uid=used) == used
        truth = rig.truth()
        assert (truth.hopper_count, truth.tray) == (2, 0)
        with pytest.raises(AdminError):
            rig.person("lay_into_hopper", uid=used)
        assert rig.ask("Sie") == rig.ask("Sis") == OK
        assert rig.truth().inside == used


def test_a_feeder_that_grips_nothing(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("feeder_empty", 2, 1)
        assert rig.ask("Sie") == OK
        assert rig.ask("Sie") == "ERR FEEDER EMPTY"
        assert rig.truth().cards_inserted == 1
        assert rig.ask("Sie") == OK


def test_a_double_feed_jams(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("double_feed", 1, 1)
        assert rig.ask("Sis") == "ERR FEEDER"
        assert rig.words()[3] == FEEDER
        rig.person("clear_jam")
        assert rig.ask("Scs") == OK
        assert rig.ask("Ser") == OK
        places = sorted(record.place for record in rig.printer.machine.mechanism.cards.records())
        assert places == ["hopper", "reject_box", "removed"]


@pytest.mark.parametrize(
    ("fault", "place", "panels"),
    [
        ("jam_before_print", "contact", ""),
        ("jam_in_print", "print", "ym"),
        ("jam_in_print:4", "print", "ymck"),
    ],
)
def test_a_jam_keeps_the_card_until_a_person_and_the_host_have_acted(
    tmp_path: Path, fault: str, place: str, panels: str
) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault(fault, 1, 1)
        assert rig.ask("Sis") == OK
        _, info, _, error = print_one(rig)
        assert (info & BUSY, error) == (0, MECHANICAL)
        assert rig.truth().panels_printed == len(panels)
        assert rig.ask("Rlr;p") == "ERR CARD"
        assert rig.ask("Scs") == OK
        assert rig.words()[3] == MECHANICAL, "the host alone cannot clear it while the card is stuck"
        rig.person("clear_jam")
        assert rig.words()[3] == MECHANICAL, "the error line stays until the host clears it"
        assert rig.ask("Ser") == "ERR STATUS"
        assert rig.truth().place == place
        assert rig.ask("Scs") == OK
        assert rig.ask("Ser") == OK
        assert rig.printed().place == "reject_box"
        assert "".join(rig.printed().prints["front"].panels) == panels
        assert (tmp_path / "cards" / rig.printed().uid / "front.png").exists() == bool(panels)


def test_a_jam_after_the_print_leaves_a_whole_face(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("jam_after_print", 1, 1)
        _, info, _, error = print_one(rig)
        assert (info & 0x01000000, error) == (0x01000000, MECHANICAL)
        assert rig.truth().panels_printed == 5
        assert rig.person("clear_jam", take_card_out=True) == rig.printed().uid
        assert rig.ask("Scs") == OK
        assert rig.words()[1:] == (0, 0, 0)
        assert rig.printed().place == "removed"
        assert rig.printed().taken_from == "eject"


def test_the_ribbon_ends_between_two_panels(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("ribbon_out_between_panels:3", 1, 1)
        _, info, warning, error = print_one(rig)
        assert (info & 0x02000000, warning, error) == (0x02000000, 0x00080000, RIBBON_ENDED)
        assert rig.truth().panels_printed == 3
        assert rig.ask("Rcr").startswith("ERR")
        rig.person("change_ribbon", sets=100)
        assert rig.words()[2:] == (0, RIBBON_ENDED)
        rig.ask("Scs")
        assert rig.ask("Ser") == OK
        assert print_one(rig)[1:] == (0, 0, 0)
        assert rig.ask("Rrt;count") == "99"


def test_a_ribbon_at_its_end_takes_no_blank(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.person("change_ribbon", sets=1)
        assert print_one(rig)[2:] == (0x00080000, 0)
        assert print_one(rig)[3] == RIBBON_ENDED
        assert rig.truth().cards_inserted == 1


def test_an_open_cover(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("cover_open", 1, 1)
        assert rig.words()[2] == 0x00020000
        assert rig.ask("Sis") == "ERR COVER"
        assert rig.words()[3] == COVER
        rig.person("close_cover")
        assert rig.words()[2:] == (0, COVER)
        rig.ask("Scs")
        assert rig.ask("Sis") == OK


def test_a_full_reject_box(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("reject_box_full", 1, 1)
        assert rig.words()[2] == 0x08000000
        rig.ask("Sis")
        assert rig.ask("Ser") == "ERR REJECT BOX FULL"
        assert rig.words()[3] == 0x00800000
        assert rig.truth().place == "contact"
        rig.person("empty_reject_box")
        rig.ask("Scs")
        assert rig.ask("Ser") == OK


def test_a_hot_head_takes_no_blank(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("head_too_hot", 1, 1)
        assert rig.words()[2] == 0x00200000
        assert print_one(rig)[3] == 0x20000000
        assert rig.truth().cards_inserted == 0
        rig.person("let_head_cool")
        rig.ask("Scs")
        assert print_one(rig)[1:] == (0, 0, 0)


def test_cleaning_is_due(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("cleaning_due", 1, 1)
        assert rig.words()[1] & 0x00000100
        assert rig.ask("Rlr;p") == "ERR NEED CLEANING"
        rig.person("clean")
        assert rig.ask("Rlr;p") == "NO CARD"


def test_a_full_tray(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, "Zenius", hopper=31) as rig:
        assert [rig.ask("Sie") for _ in range(30)] == [OK] * 30
        assert rig.words()[2] == 0x00100000
        assert rig.ask("Sie") == "ERR HOPPER FULL"
        rig.person("empty_tray")
        rig.ask("Scs")
        assert rig.ask("Sce") == OK


# ---- mode 0: the printer handles errors itself ----


def test_in_mode_0_writes_hang_until_a_person_acts_and_the_printer_tries_again(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, host_handles=False) as rig:
        rig.printer.fault("jam_in_print", 1, 1)
        sender = threading.Thread(target=rig.send, args=(bare_job(plain_panels()),))
        sender.start()
        rig.wait(lambda: rig.truth().stuck)
        rig.wait(lambda: bool(rig.words()[3] & MECHANICAL))
        assert rig.words()[1] & BUSY
        replies: list[str] = []
        host = threading.Thread(target=lambda: replies.append(rig.ask("Rok")))
        host.start()
        host.join(0.5)
        assert host.is_alive(), "host writes hang"
        rig.person("clear_jam")
        host.join(10)
        assert replies == [OK]
        sender.join(10)
        rig.wait_idle()
        first, second = rig.printed(0), rig.printed(1)
        assert (first.place, second.place) == ("reject_box", "tray")
        assert second.prints["front"].panels == list("ymcko")
        assert rig.truth().panels_printed == 7


def test_in_mode_0_a_second_fault_in_the_retry_is_mended_too(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, host_handles=False) as rig:
        rig.printer.fault("ribbon_out_between_panels:3", 1, 1)
        rig.printer.fault("jam_in_print:1", 2, 1)
        sender = threading.Thread(target=rig.send, args=(bare_job(plain_panels()),))
        sender.start()
        rig.wait(lambda: bool(rig.words()[3] & RIBBON_ENDED))
        rig.printer.fault("reject_box_full", 1, 1)
        rig.person("change_ribbon", sets=50)
        rig.wait(lambda: bool(rig.words()[2] & 0x08000000))
        rig.person("empty_reject_box")
        rig.wait(lambda: rig.truth().stuck)
        rig.person("clear_jam", take_card_out=True)
        sender.join(20)
        rig.wait_idle()
        assert [rig.printed(number).place for number in range(3)] == ["reject_box", "removed", "tray"]
        assert rig.printed(2).prints["front"].panels == list("ymcko")
        assert rig.words()[3] == 0


def test_in_mode_0_an_empty_feeder_waits_and_then_feeds(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, hopper=0, host_handles=False) as rig, rig.connect() as connection:
        connection.sendall(command("Sis"))
        rig.wait(lambda: bool(rig.words()[2] & 0x01000000))
        rig.person("fill_hopper", count=1)
        connection.settimeout(10)
        assert connection.recv(10) == b"OK\x00"
        assert rig.truth().place == "contact"


# ---- the line ----


def test_answers_that_go_wrong(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        for fault, expected in (
            ("cut_answer:Rtp", b"Prima"),
            ("double_answer:Rtp", b"Primacy 2\x00Primacy 2\x00"),
            ("split_answer:Rtp", b"Primacy 2\x00"),
            ("no_answer:Rtp", b""),
            ("wrong_answer:Rtp", b"OK\x00"),
        ):
            rig.printer.fault(fault, 1, 1)
            assert rig.ask("Rok") == OK, "only the named command is struck"
            with rig.connect() as connection:
                connection.sendall(command("Rtp"))
                connection.shutdown(1)
                assert b"".join(iter(lambda: connection.recv(99), b"")) == expected, fault
            assert rig.ask("Rtp") == "Primacy 2"


def test_a_late_answer_comes_in_wall_time(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("late_answer:0.3", 1, 1)
        began = time.monotonic()
        assert rig.ask("Rok") == OK
        assert time.monotonic() - began >= 0.3


def test_the_line_breaks_in_the_middle_of_a_panel(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault("disconnect", 2, 1)
        with contextlib.suppress(OSError), rig.connect() as connection:
            for _ in range(3):
                connection.sendall(bare_job(plain_panels()))
            assert read_all(connection) == [], "reset, or ended: what is still under way decides"
        rig.wait_idle()
        assert rig.truth().panels_printed == 0, "only the second panel would have started the first"


@pytest.mark.parametrize(
    ("fault", "panels", "place"),
    [
        ("power_cut:feed", 0, None),
        ("power_cut:panel", 0, "print"),
        ("power_cut:eject", 5, "print"),
        ("power_cut:reply", 0, None),
    ],
)
def test_a_power_cut(tmp_path: Path, fault: str, panels: int, place: str | None) -> None:
    with simulated_printer(tmp_path) as rig:
        rig.printer.fault(fault, 1, 1)
        try:
            rig.send(bare_job(plain_panels()))
            rig.wait(lambda: not rig.printer.machine.powered)
        except OSError:
            pass  # the connection broke while the host was still sending
        rig.wait(lambda: not rig.printer.machine.powered)
        with pytest.raises(OSError):
            rig.ask("Rok")
            raise ConnectionError("an empty answer")
        rig.person("power_cycle")
        assert rig.words()[1] & 0x00810000 == 0x00810000, "default error mode, just rebooted"
        truth = rig.truth()
        assert (truth.panels_printed, truth.place) == (panels, place)


def test_power_goes_while_a_move_is_under_way(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, speed=2) as rig, rig.connect() as connection:
        connection.sendall(command("Sis"))
        rig.wait(lambda: rig.truth().place == "feeder")
        rig.person("power_cycle")
        assert connection.recv(10) == b""
        assert rig.words()[1] & 0x20000000, "the card is where it was"
        assert rig.ask("Ser") == OK


def test_a_soft_reset_in_mid_job_begins_no_more_panels(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, speed=20) as rig:
        rig.send(bare_job(plain_panels()))
        rig.wait(lambda: rig.truth().panels_printed == 1)
        assert rig.ask("Srs") == OK
        _, info, _, error = rig.wait_idle()
        assert (info & 0x02000000, error) == (0x02000000, 0)
        assert rig.truth().panels_printed == 2


# ---- the menu itself ----


def test_unknown_faults_and_actions_are_refused(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        for name in ("nonsense", "chip:nonsense", "reader:nonsense"):
            with pytest.raises(AdminError):
                rig.printer.fault(name, 1, 1)
        with pytest.raises(AdminError):
            rig.printer.fault("jam_in_print", 0, 1)
        for action in ("nonsense", "take_card", "take_card_off_reader", "insert_card_by_hand"):
            with pytest.raises(AdminError):
                rig.person(action)


def test_at_and_count_choose_the_cards(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, hopper=5) as rig:
        rig.printer.fault("jam_at_station", 2, 2)
        replies = []
        for _ in range(4):
            replies.append(rig.ask("Sis"))
            rig.person("clear_jam")
            rig.ask("Scs")
            assert rig.ask("Ser") == OK
        assert replies == [OK, "ERR MECHANICAL", "ERR MECHANICAL", OK]
