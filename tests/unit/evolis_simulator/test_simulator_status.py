"""Status words, moves, queries and settings, as hosts see them."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.unit.evolis_simulator.printer_rig import (
    NUL,
    bare_job,
    command,
    plain_panels,
    read_all,
    simulated_printer,
)

OK = "OK"


def test_position_bits_follow_the_card(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        for move, bit in (("Sis", 0x04000000), ("Sic", 0x08000000), ("Si", 0x02000000)):
            assert rig.ask(move) == OK
            assert rig.words()[1] == bit
        assert rig.ask("Sce") == OK
        assert rig.words()[1] == 0
        assert rig.truth().cards_inserted == 1, "a card that is inside is moved, not fed again"
        assert rig.truth().tray == 1


def test_reject_and_presence(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        assert rig.ask("Rlr;p") == "NO CARD"
        assert rig.ask("Sce") == "NO CARD"
        rig.ask("Sis")
        assert rig.ask("Rlr;p") == OK
        assert rig.ask("Ser") == OK
        assert rig.truth().reject_box == 1


def test_just_after_power_on(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, host_handles=False) as rig:
        config, info, _, _ = rig.words()
        assert config & 0x02000000, "X20 is the Primacy 2"
        assert info == 0x00810000, "printer handles errors, just rebooted"
        assert rig.ask("Rem") == "0;0"
        assert rig.ask("Pem;2;s") == OK
        assert rig.ask("Rem") == "2;2"
        assert rig.ask("Pem;38") == "ERR PARAMETER"
        assert rig.ask("Pem;7") == "ERR PARAMETER"
        assert rig.ask("Scs") == OK
        assert rig.words()[1] == 0


def test_status_is_told_while_a_card_moves(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, speed=10) as rig, rig.connect() as connection:
        connection.sendall(command("Sis"))
        rig.wait(lambda: bool(rig.words()[1] & 1))
        assert rig.ask("Rok") == OK
        # on the same line too: status overtakes, everything else waits for the move
        connection.sendall(command("") + command("Rco;c"))
        connection.shutdown(socket.SHUT_WR)
        status, moved, count = read_all(connection)
        assert status.endswith(":0")
        assert (moved, count) == (OK, "1")


def test_the_probe_of_another_family_is_closed_at_once(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, rig.connect() as connection:
        began = time.monotonic()
        connection.sendall(bytes.fromhex("1C6E00000000"))
        assert connection.recv(100) == b""
        assert time.monotonic() - began < 2


def test_questions(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, "Zenius") as rig:
        expected = {
            "Rtp": "Zenius",
            "Rtp;d": "Evolis Zenius",
            "Rok": OK,
            "Rsn": "SIM000001",
            "Rr": "YMCKO",
            "Rrt;type": "YMCKO",
            "Rrt;count": "200",
        }
        assert {text: rig.ask(text) for text in expected} == expected
        assert rig.ask("Rco;x").startswith("ERR")
        assert rig.ask("Nonsense").startswith("ERR")


def test_every_reply_ends_with_nul_and_garbage_is_an_error(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, rig.connect() as connection:
        connection.sendall(b"hello\r" + command("Rok") + NUL)
        connection.shutdown(socket.SHUT_WR)
        raw = b"".join(iter(lambda: connection.recv(99), b""))
        assert raw == b"ERR COMMAND\x00OK\x00"


def test_trays(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        assert rig.ask("Rcim") == "F"
        assert rig.ask("Pcem;K") == "ERR PARAMETER", "this model has no lower reject slot"
        assert rig.ask("Pcrm;N") == "ERR PARAMETER"
        assert rig.ask("Pcem;R") == OK
        assert rig.ask("Sie") == OK
        assert rig.truth().reject_box == 1
        assert rig.ask("Pcem;M") == OK
        assert rig.ask("Sie") == OK
        assert rig.words()[1:3] == (0x01000000, 0x04000000), "a card stands in the slot"
        assert rig.ask("Sis").startswith("ERR")
        rig.person("take_card")
        assert rig.ask("Scs") == OK
        assert rig.words()[1:] == (0, 0, 0)


def test_a_card_put_in_by_hand(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, rig.connect() as connection:
        assert rig.ask("Pcim;M") == OK
        connection.sendall(command("Sis"))
        rig.wait(lambda: bool(rig.words()[2] & 0x02000000))
        uid = rig.person("insert_card_by_hand")
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection) == [OK]
        assert rig.truth().inside == uid
        assert rig.truth().hopper_count == 3


@pytest.mark.parametrize(
    ("model", "move"), [("Badgy200", "Sis"), ("Badgy200", "Sic"), ("Primacy 2", "Siscan")]
)
def test_a_station_that_is_not_there_is_no_such_option(tmp_path: Path, model: str, move: str) -> None:
    with simulated_printer(tmp_path, model) as rig:
        assert rig.ask(move).startswith("ERR")
        assert rig.words()[3] == 0x10000000
        assert rig.truth().cards_inserted == 0


def test_times_of_a_card(tmp_path: Path) -> None:
    """225 cards an hour are 16.0 s each; the same job at speed 20 takes a twentieth of it in wall time."""
    with simulated_printer(tmp_path, "Primacy") as rig:
        before = rig.truth().seconds
        rig.send(bare_job(plain_panels()))
        rig.wait_idle()
        assert rig.truth().seconds - before == pytest.approx(16.0)
    with simulated_printer(tmp_path / "again", "Primacy", speed=20) as rig:
        began = time.monotonic()
        rig.send(bare_job(plain_panels()))
        rig.wait_idle()
        assert 0.8 <= time.monotonic() - began < 2.5
