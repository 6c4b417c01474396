"""Batches that are killed lose nothing (a small campaign); and a fault would be found."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.letters_killed.campaign import Campaign, campaign, examine
from tests.letters_killed.office import CommandFailed, LetterOffice

COUNT, SEED = 120, 1

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Campaign]]:
    folder = tmp_path_factory.mktemp("killed")
    yield folder, campaign(folder, COUNT, kills=3, seed=SEED)


def test_killed_batches_lose_nothing_and_repeat_nothing(done: tuple[Path, Campaign]) -> None:
    _, found = done
    assert found.kills >= 2
    assert any(run.begun or run.files for run in found.runs), "no batch died in the middle of a portion"
    assert found.void == 0, "whoever goes on uses the number that was begun"
    assert 0 < found.peak["command"] < 300


def check(folder: Path) -> str:
    return examine(LetterOffice(folder), folder / "letters", COUNT, SEED)


def test_what_is_lost_or_too_much_is_found(done: tuple[Path, Campaign]) -> None:
    folder, _ = done
    file = sorted((folder / "letters").iterdir())[3]
    content = file.read_bytes()
    for name, hurt, found in (
        (file.name, None, "files in the folder"),
        ("another.pdf", content, "files in the folder"),
        (file.name, content[:-1] + b"x", "file of"),
    ):
        target = folder / "letters" / name
        if hurt is None:
            target.unlink()
        else:
            target.write_bytes(hurt)
        with pytest.raises(CommandFailed, match=found):
            check(folder)
        (folder / "letters" / "another.pdf").unlink(missing_ok=True)
        file.write_bytes(content)
    assert check(folder).strip() == "0"


def test_a_letter_that_is_not_in_the_books_is_found(done: tuple[Path, Campaign]) -> None:
    folder, _ = done
    with closing(sqlite3.connect(folder / "data" / "station.db")) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'letters'"
        for (name,) in connection.execute(triggers).fetchall():  # which would refuse it
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE letters SET signer = 'another' WHERE place = 5")
        connection.commit()
    with pytest.raises(CommandFailed, match="faults of the audit"):
        check(folder)
