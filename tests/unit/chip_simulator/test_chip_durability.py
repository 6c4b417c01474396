"""What the card has answered to is on the disk, however its process ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from tests.unit.chip_simulator.chip_maker import BATCH_KEY, UID, created, make_card, powered, select

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from simulators.chip.card import Card
card = Card(Path(sys.argv[1]))
card.power_on("contactless")
for apdu in ("00A4000C027F0A", "00A4000C026FFA"):
    card.exchange(bytes.fromhex(apdu))
for number in range(1, 100000):
    answer = card.exchange(bytes.fromhex("00D6000004") + number.to_bytes(4, "big"))
    sys.stdout.write(f"{number} {answer.hex()}\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("answers", [1, 7, 40])
def test_killed_between_any_two_answers(tmp_path: Path, answers: int) -> None:
    folder = tmp_path / "chip"
    host = created(make_card(folder), 0x6FF0)
    host.secured(0xE0, data=bytes.fromhex("6210 8002012C 820101 83026FFA 8C03030000"))
    assert host.status == 0x9000
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(answers)]
        writer.kill()
        lines += writer.stdout.readlines()
    acknowledged = int(lines[-1].split()[0])
    assert lines[-1].split()[1] == "9000"
    card = Card(folder)
    stored = int.from_bytes(card.state.files[0x6FFA].content[:4], "big")
    assert stored - acknowledged in (0, 1)


def test_a_write_that_was_cut_short_is_passed_over(tmp_path: Path) -> None:
    card = make_card(tmp_path / "chip")
    (tmp_path / "chip" / "chip.partial").write_bytes(b'{"uid": "04')
    assert powered(tmp_path / "chip").state == card.state
    host = created(powered(tmp_path / "chip"), 0x6FF0)
    select(host, 0x6FF0)
    assert host.status == 0x9000


def test_a_command_that_changes_nothing_writes_nothing(card: Card, tmp_path: Path) -> None:
    host = created(card, 0x6FF0)
    saved = tmp_path / "chip" / "chip.json"
    before = saved.stat().st_ino
    select(host, 0x6FF0)
    host.plain("00B0000035")
    host.plain("FFCA000000")
    assert saved.stat().st_ino == before


@pytest.mark.parametrize(("uid", "key"), [(UID[:4], BATCH_KEY), (UID, BATCH_KEY[:8])])
def test_a_blank_needs_a_whole_uid_and_key(tmp_path: Path, uid: bytes, key: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        manufacture(tmp_path / "chip", uid, key)


def test_a_chip_is_made_once(tmp_path: Path) -> None:
    make_card(tmp_path / "chip")
    with pytest.raises(FileExistsError):
        manufacture(tmp_path / "chip", UID, BATCH_KEY)


def test_no_batch_key_on_the_disk(tmp_path: Path) -> None:
    make_card(tmp_path / "chip")
    for file in (tmp_path / "chip").iterdir():
        assert BATCH_KEY not in file.read_bytes()
        assert BATCH_KEY.hex().encode() not in file.read_bytes().lower()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"uid": "zz"}'])
def test_a_spoiled_folder_is_refused(tmp_path: Path, content: bytes) -> None:
    make_card(tmp_path / "chip")
    (tmp_path / "chip" / "chip.json").write_bytes(content)
    with pytest.raises(ValueError, match="ChipState"):
        Card(tmp_path / "chip")
    with pytest.raises(FileNotFoundError):
        Card(tmp_path / "elsewhere")
