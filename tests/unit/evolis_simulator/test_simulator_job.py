"""A whole job over TCP: the picture comes back, counters and positions move, wrong jobs are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulators.evolis.stamp import stamped
from tests.unit.evolis_simulator.printer_rig import (
    BUSY,
    NUL,
    PRINTING,
    bare_job,
    card_side,
    command,
    plain_panels,
    simulated_printer,
)

OK = "OK"


def test_a_ymcko_job_gives_the_picture_back(tmp_path: Path) -> None:
    random = np.random.default_rng(20261)
    picture = random.integers(0, 256, (648, 1016, 3), dtype=np.uint8)
    black = random.random((648, 1016)) < 0.1
    job = bare_job(card_side(picture, black)) + NUL + command("Rfv") + NUL
    with simulated_printer(tmp_path) as rig:
        assert rig.send(job) == [OK] * 9 + ["SIM-1.0"]
        assert rig.wait_idle()[1:] == (0, 0, 0)
        record, truth = rig.printed(), rig.truth()
        shown = np.asarray(Image.open(tmp_path / "cards" / record.uid / "front.png"))
    expected = picture.copy()
    expected[black] = 0
    assert np.array_equal(shown, stamped(expected))
    assert record.place == "tray"
    assert record.prints["front"].times == 1
    assert record.prints["front"].panels == list("ymcko")
    assert (truth.panels_printed, truth.cards_inserted, truth.hopper_count) == (5, 1, 2)
    assert not list((tmp_path / "cards" / record.uid).glob("*.ink"))


def test_the_tagged_form_is_the_same_job(tmp_path: Path) -> None:
    panels = plain_panels()
    header = "Psync;1;0 Psmgr;1 Ppws;1 Pcla;1 Ppmode;0 Pr;0;t Pwres;300;300;0 Psk;10 Piqla;a;d Pmc;h Psync;2"
    face = "Psync;9;1 Psync;9;0 Sr Pc;a;=;10 Pl;a;=;10 Pc;k;=;10 Pida;88;21;26;6"
    stream = b"<HEADER>" + b"".join(command(text) for text in header.split()) + b"</HEADER>"
    stream += b"<OPTION Dpi=300x300></OPTION><DOC Duplex=0><CARD>" + command("Ss") + command("Mr;s")
    stream += b"<FACE>" + b"".join(command(text) for text in face.split())
    binary = b"".join(command(f"Db;{name};256", panels[name]) for name in "ymc")
    stream += b"<BINARY Size=%d>" % len(binary) + binary + b"</BINARY>"
    for name in "ko":
        one = command(f"Db;{name};2", panels[name])
        stream += b"<BINARY Size=%d>" % len(one) + one + b"</BINARY>"
    stream += b"</FACE>" + command("Se") + b"</CARD></DOC><END>"
    with simulated_printer(tmp_path) as rig:
        assert set(rig.send(stream)) == {OK}
        rig.wait_idle()
        assert rig.truth().panels_printed == 5


def test_the_arrival_of_a_panel_starts_the_printing_of_the_one_before(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, rig.connect() as connection:
        panels = plain_panels()
        connection.sendall(command("Ss") + command("Sr") + command("Db;y;256", panels["y"]))
        rig.wait(lambda: bool(rig.words()[1] & PRINTING))
        assert rig.truth().cards_inserted == 0
        connection.sendall(command("Db;m;256", panels["m"]))
        rig.wait(lambda: rig.truth().panels_printed == 1)
        assert rig.words()[1] & BUSY
        connection.sendall(command("Se"))
        rig.wait_idle()
        assert rig.truth().panels_printed == 2


def test_both_sides(tmp_path: Path) -> None:
    panels = plain_panels()
    with simulated_printer(tmp_path) as rig:
        job = command("Ss") + command("Sr")
        job += command("Db;y;256", panels["y"]) + command("Db;k;2", panels["k"])
        job += command("Sv") + command("Db;k;2", bytes(82_296)) + command("Se")
        assert set(rig.send(job)) == {OK}
        rig.wait_idle()
        record = rig.printed()
        assert record.prints["front"].panels == ["y", "k"]
        assert record.prints["back"].panels == ["k"]
        assert any(event.place == "flip" for event in record.history)
        assert (tmp_path / "cards" / record.uid / "back.png").exists()
        assert rig.ask("Rrt;count") == "198"


def test_a_panel_filled_by_command_is_printed_without_a_download(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        assert set(rig.send(command("Wcb;o;255") + bare_job(plain_panels("ymck")))) == {OK}
        rig.wait_idle()
        assert rig.printed().prints["front"].panels == list("ymcko")


def test_compressed_black(tmp_path: Path) -> None:
    data = b"\xff" * 1016
    with simulated_printer(tmp_path) as rig:
        job = command("Ss") + command(f"Dbc;k;2;{len(data)}", data) + command("Se;1")
        assert rig.send(job) == [OK] * 3
        rig.wait_idle()
        shown = np.asarray(Image.open(tmp_path / "cards" / rig.printed().uid / "front.png"))
        assert not shown.any()


@pytest.mark.parametrize(
    ("model", "download", "length"),
    [
        ("Primacy 2", "Db;y;128", 576_072),
        ("Zenius", "Db;y;256", 658_368),
        ("Primacy 2", "Db;k;256", 658_368),
        ("Primacy 2", "Dbx;y;256;300;300", 658_368),
        ("Badgy200", "Db;y;128", 499_618),
        ("Badgy200", "Dbx;y;128;300;300", 499_618),
        ("Primacy 2", "Db;q;256", 658_368),
        ("Primacy 2", "Dbc;y;256;4", 4),
    ],
)
def test_what_the_model_cannot_print_is_refused(
    tmp_path: Path, model: str, download: str, length: int
) -> None:
    with simulated_printer(tmp_path, model) as rig:
        replies = rig.send(command("Ss") + command(download, bytes(length)) + command("Se"))
        assert replies == [OK, "ERR PARAMETER", "NO CARD"]
        assert rig.truth().cards_inserted == 0


@pytest.mark.parametrize(
    ("model", "download", "length"),
    [
        ("Zenius", "Db;y;128", 576_072),
        ("Badgy200", "Dbx;y;128;300;260", 499_618),
        ("Agilia", "Dbx;k;2;600;600", 329_184),
    ],
)
def test_other_rasters(tmp_path: Path, model: str, download: str, length: int) -> None:
    with simulated_printer(tmp_path, model) as rig:
        assert rig.send(command("Ss") + command(download, bytes(length)) + command("Se")) == [OK] * 3
        rig.wait_idle()
        assert rig.truth().panels_printed == 1


@pytest.mark.parametrize(
    "stream",
    [
        command("Se"),
        command("Sr"),
        command("Db;k;2", bytes(82_296)),
        command("Ss") + command("Ss"),
        command("Ss") + command("Db;k;2", bytes(82_296)) + command("Db;y;256", bytes(658_368)),
        command("Ss") + command("Si"),
        command("Ss") + command("Db;k;2", bytes(82_295)) + command("Rok"),
    ],
)
def test_commands_out_of_their_place_are_refused(tmp_path: Path, stream: bytes) -> None:
    with simulated_printer(tmp_path) as rig:
        assert any(reply.startswith("ERR") for reply in rig.send(stream))


def test_a_model_without_flip_refuses_the_back(tmp_path: Path) -> None:
    with simulated_printer(tmp_path, "Zenius") as rig:
        assert rig.send(command("Ss") + command("Sv")) == [OK, "ERR OPTION"]


def test_another_ribbon_is_refused_before_a_blank_moves(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        assert rig.send(command("Pr;k") + command("Ss")) == [OK, "ERR RIBBON"]
        assert rig.words()[3] == 0x00400000
        assert rig.truth().cards_inserted == 0
        assert rig.ask("Ss") == "ERR STATUS"
        assert rig.ask("Scs") == OK
        assert rig.words()[3] == 0


def test_a_host_that_goes_away_in_mid_job_leaves_a_half_printed_card(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig:
        panels = plain_panels()
        begun = bare_job({name: panels[name] for name in "ymc"}, end="Rok")
        rig.send(begun + b"\x1bDb;k;2;" + bytes(99))
        _, info, _, error = rig.wait_idle()
        assert info & 0x02000000, "the card stands at the print station"
        assert error == 0
        assert rig.truth().panels_printed == 2, "the last panel was never started"
        assert rig.ask("Ser") == OK
        record = rig.printed()
        assert record.place == "reject_box"
        assert record.prints["front"].panels == ["y", "m"]
