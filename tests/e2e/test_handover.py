"""From a recorded finger to a card in its holder's hand: real processes, a serial line, a chip."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.fingers import seed_of
from simulators.people.folders import write_people
from simulators.people.grown_fingers import grown_fingers_record
from simulators.rig import Rig, RigOptions
from tests.rig_fixture import StationRunner

PEOPLE, STRANGER = 1, 1  # seeds: of the people, and of a finger that is nobody's here
RIGHT, LEFT = 2, 7
GIVEN = 7  # presses at the counter are others than that of the recording


@dataclass
class Counter:
    """An office with one finished card, which lies on its reader."""

    rig: Rig
    station: StationRunner
    folder: Path

    def hand_over(self, fingers: Sequence[int], *words: str, difficulty: float = 0.5) -> tuple[int, str]:
        """Start a handover and press these fingers, one a touch; return exit status and words."""
        process = self.station.start("handover", "start", "--by", "Sari", *words)
        presses, said = iter(enumerate(fingers, GIVEN)), ""
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                said += line
                if "Lay the finger on the plate" in line:
                    number, finger = next(presses)
                    self.rig.scanner.press(finger, number, difficulty)
                elif "the finger may be lifted" in line:
                    self.rig.scanner.lift()
        return process.returncode, said

    def rows(self, name: str) -> list[dict[str, object]]:
        """Payloads of the journal's rows of a name."""
        with closing(sqlite3.connect(self.folder / "data" / "station.db")) as connection:
            found = connection.execute(
                "SELECT payload FROM journal WHERE name = ? ORDER BY sequence", (name,)
            )
            return [json.loads(payload) for (payload,) in found]


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    """A rig with a scanner; one person's card is made and lies on the lane's reader."""
    with tempfile.TemporaryDirectory(prefix="rig-") as place:
        folder = Path(place)
        with Rig(RigOptions(folder, speed=50, hopper=3, scanner=True)) as rig:
            station = StationRunner(rig)
            people = write_people(
                PEOPLE,
                1,
                folder / "people",
                "PRINT_READY_RECORD",
                fingers={0: grown_fingers_record(PEOPLE, 0)},
            )
            rig.announce(people)
            for words in (
                ("staff", "add", "Sari", "--role", "operator"),
                ("blanks", "receive", "--carton", "K1", "--count", "3", "--by", "Sari"),
                ("blanks", "load", "--lane", "A", "--count", "3", "--by", "Sari"),
                ("centre", "sync"),
                ("jobs", "add", str(people[0])),
                ("jobs", "run"),
            ):
                done = station.run(*words)
                assert done.status == 0, (words, done.words + done.complaints)
            (card,) = rig.admin().truth().cards_at("tray")
            rig.admin().person("put_card_on_reader", uid=card.uid)
            yield Counter(rig, station, folder)


def test_a_stranger_goes_without_and_the_holder_gets_the_card(counter: Counter) -> None:
    status, said = counter.hand_over([STRANGER] * 6)
    assert status == 1, said
    assert "HANDOVER_NO_MATCH" in said
    assert counter.rows("card_handed_over") == []

    counter.rig.scanner.fault("lost_byte", count=1)
    receipt = counter.folder / "receipt.pdf"
    own = [seed_of(PEOPLE, 0, RIGHT)] * 3 + [seed_of(PEOPLE, 0, LEFT)] * 3
    status, said = counter.hand_over(own, "--out", str(receipt))
    assert status == 0, said
    assert receipt.read_bytes().startswith(b"%PDF-")
    (given,) = counter.rows("card_handed_over")
    assert (given["conclusion"], given["source"]) == ("matched", "chip")

    status, said = counter.hand_over(own)
    assert status == 1, said
    assert "HANDOVER_DONE_ALREADY" in said
    audit = counter.station.run("audit", "verify", "--json")
    assert audit.status == 0, audit.words


def test_the_scanner_is_named_and_its_window_is_learned(counter: Counter) -> None:
    counter.rig.scanner.lift()
    counter.rig.scanner.person("clean")  # the last finger has left its print
    learned = counter.station.run("handover", "scanner", "--learn", "--json")
    assert learned.status == 0, learned.words + learned.complaints
    found = learned.document()
    assert isinstance(found, dict)
    assert (found["kind"], found["window_learned"]) == ("zhiantec", True)
