"""The record folders that people bring to the counter, and what happens to them afterwards."""

import json
import os
from pathlib import Path

from sqlalchemy import text

from tests.reliability.model_ledger import ModelLedger, Promise
from tests.reliability.office_under_test import OfficeUnderTest

FILES = ("photo.jpg", "signature.png", "fingers.iso")


class BroughtRecords:
    """Folders by what they promise."""

    def __init__(self, office: OfficeUnderTest, model: ModelLedger) -> None:
        self._office, self._model = office, model
        self._people = sorted((office.folder / "people").iterdir())
        self.of_promise: dict[Promise, Path] = {}
        self._changed: dict[Promise, bytes] = {}
        self._brought = 0

    @property
    def niks(self) -> list[str]:
        """The people."""
        return [str(json.loads((folder / "record.json").read_text())["nik"]) for folder in self._people]

    def bring(self, person: int, issue: int, status: str) -> tuple[Path, Promise]:
        """Make a fresh folder of one person's record."""
        self._brought += 1
        source, folder = self._people[person], self._office.folder / "records" / f"{self._brought:04}"
        folder.mkdir(parents=True)
        for name in FILES:
            os.link(source / name, folder / name)
        data = json.loads((source / "record.json").read_text()) | {"issue_number": issue, "status": status}
        (folder / "record.json").write_text(json.dumps(data))
        return folder, (str(data["nik"]), issue)

    def keep(self, promise: Promise, folder: Path) -> None:
        """A record was taken into the queue."""
        self.of_promise[promise] = folder
        self._changed.pop(promise, None)

    def change(self, promise: Promise) -> None:
        """Change a record that was brought in."""
        file = self.of_promise[promise] / "record.json"
        self._changed.setdefault(promise, file.read_bytes())
        file.write_bytes(self._changed[promise] + b"\n")

    def mend(self) -> None:
        """Put every changed record back as it was brought in."""
        for promise, content in self._changed.items():
            (self.of_promise[promise] / "record.json").write_bytes(content)
        self._changed.clear()

    def take_refusals(self) -> None:
        """A job whose record was changed before its card was begun is refused, and its promise is void."""
        with self._office.database.reading() as transaction:
            refused = {
                str(row.folder)
                for row in transaction.execute(text("SELECT folder FROM jobs WHERE state = 'refused'"))
            }
        for promise in [one for one in self._changed if str(self.of_promise[one].resolve()) in refused]:
            self._model.give_up(promise)
            del self._changed[promise]
