"""The truth survives: restart, SIGKILL at any moment, another model's folder."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from pydantic import TypeAdapter

from simulators.evolis.recovery import OtherPrinter
from simulators.evolis.truth import CardRecord, Place, PrinterTruth
from tests.unit.evolis_simulator.printer_rig import (
    BUSY,
    bare_job,
    command,
    equipment,
    plain_panels,
    read_reply,
    running,
    simulated_printer,
)


@dataclass
class Process:
    """A printer simulator in a process of its own."""

    port: int
    admin_port: int
    handle: subprocess.Popen[str]

    def ask(self, text: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.settimeout(20)
            connection.sendall(command(text))
            return read_reply(connection)


@contextmanager
def process(folder: Path, *options: str) -> Iterator[Process]:
    arguments = [
        sys.executable,
        "-m",
        "simulators.evolis",
        "--folder",
        str(folder),
        "--admin-port",
        "0",
        *options,
    ]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as handle:
        assert handle.stdout is not None
        ready = TypeAdapter(dict[str, int | str]).validate_json(handle.stdout.readline())
        try:
            yield Process(int(ready["port"]), int(ready["admin_port"]), handle)
        finally:
            if handle.poll() is None:
                handle.terminate()
            handle.wait(10)


def test_a_restart_with_a_card_inside(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        assert rig.ask("Pem;2;s") == "OK"
        rig.send(bare_job(plain_panels("ym"), end="Rok"))
        rig.wait(lambda: rig.truth().panels_printed == 1)
        before = rig.truth()
    with running(equipment(tmp_path)) as rig:
        assert rig.words()[1] == 0x02010000, "just rebooted, the card at the print station, saved error mode"
        after = rig.truth()
        assert (after.inside, after.panels_printed, after.hopper_count) == (before.inside, 1, 2)
        assert rig.ask("Rlr;p") == "OK"
        assert rig.ask("Ser") == "OK"
        assert not rig.words()[1] & 0x00010000 or rig.ask("Scs") == "OK"
        assert rig.printed().prints["front"].panels == ["y"]
        assert (tmp_path / "cards" / rig.printed().uid / "front.png").exists()


def test_the_folder_of_another_model_is_refused(tmp_path: Path) -> None:
    with running(equipment(tmp_path)):
        pass
    with pytest.raises(OtherPrinter), running(equipment(tmp_path, "Zenius")):
        pass


def test_the_same_seed_makes_the_same_cards(tmp_path: Path) -> None:
    uids = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        with running(equipment(folder)) as rig:
            uids.append(rig.printer.machine.mechanism.truth.hopper[:])
    assert uids[0] == uids[1]
    assert all(len(uid) == 14 and uid.startswith("04") for uid in uids[0])


def test_the_program_starts_tells_its_ports_and_ends(tmp_path: Path) -> None:
    with process(tmp_path, "--hopper", "2", "--speed", "0", "--model", "primacy") as printer:
        assert printer.ask("Rtp") == "Primacy"
        with urlopen(f"http://127.0.0.1:{printer.admin_port}/truth") as answer:
            truth = json.load(answer)
        assert [card["life_cycle"] for card in truth["cards"]] == ["blank", "blank"]
        assert truth["hopper_count"] == 2
        printer.handle.send_signal(signal.SIGTERM)
        assert printer.handle.wait(10) == 0


def test_a_bad_batch_key_or_folder_is_told(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"0011")
    program = [sys.executable, "-m", "simulators.evolis", "--folder", str(tmp_path / "printer")]
    ended = subprocess.run(
        [*program, "--batch-key-file", str(key)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "batch key" in ended.stderr


def check_books(folder: Path) -> None:
    """Every card is in one place, and the printer's books agree with the cards'."""
    truth = TypeAdapter(PrinterTruth).validate_json((folder / "printer.json").read_bytes())
    cards = [
        TypeAdapter(CardRecord).validate_json(path.read_bytes()) for path in folder.glob("cards/*/card.json")
    ]
    places = {card.uid: card.place for card in cards}
    assert sorted(uid for uid, place in places.items() if place == "hopper") == sorted(truth.hopper)
    inside = [
        uid for uid, place in places.items() if place not in {"hopper", "tray", "reject_box", "removed"}
    ]
    assert inside == ([truth.inside] if truth.inside else [])
    assert list(places.values()).count(Place.TRAY) == truth.tray
    assert sum(len(side.panels) for card in cards for side in card.prints.values()) == truth.panels_printed
    assert len(cards) - len(truth.hopper) == truth.cards_inserted


@pytest.mark.parametrize("seed", range(3))
def test_sigkill_at_any_moment_leaves_true_books(tmp_path: Path, seed: int) -> None:
    moment = random.Random(seed)
    for _ in range(3):
        with process(tmp_path, "--hopper", "40", "--speed", "0") as printer:
            printer.ask("Pem;2")
            with socket.create_connection(("127.0.0.1", printer.port)) as connection:
                connection.sendall(bare_job(plain_panels()) * 2)
                time.sleep(moment.uniform(0, 0.25))
                os.kill(printer.handle.pid, signal.SIGKILL)
                printer.handle.wait(10)
        with running(equipment(tmp_path)) as rig:
            check_books(tmp_path)
            assert rig.wait_idle()[1] & BUSY == 0
            rig.ask("Scs")
            assert rig.ask("Ser") in {"OK", "NO CARD"}
        check_books(tmp_path)
