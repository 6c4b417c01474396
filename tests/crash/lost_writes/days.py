"""The days that are recorded: a day of cards, short or long, and a day of records."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.crash.lost_writes.campaign import Day
from tests.crash.lost_writes.day import DayPlan
from tests.crash.lost_writes.examining import Examiner
from tests.crash.lost_writes.recorded_day import RECORDS
from tests.crash.lost_writes.recording import WATCHED
from tests.crash.lost_writes.records_day import incoming, layout
from tests.crash.lost_writes.records_day.examining import RecordsExaminer
from tests.fakes.station import records


@dataclass(frozen=True)
class CardDay:
    """Cards are made of records that lie in folders."""

    plan: DayPlan
    module: str = "tests.crash.lost_writes.recorded_day"
    database: str = f"{WATCHED}/station.db"

    @property
    def arguments(self) -> tuple[str, ...]:
        """How large it is."""
        return str(self.plan.morning), str(self.plan.afternoon), str(self.plan.blanks)

    def prepare(self, root: Path) -> None:
        """Write the records."""
        records(root / RECORDS, self.plan.cards)

    def examiner(self, root: Path) -> Examiner:
        """What opens its disks."""
        return Examiner(root, self.plan)


@dataclass(frozen=True)
class RecordsDay:
    """Records come in, go to the centre, are given out, erased and backed up."""

    module: str = "tests.crash.lost_writes.records_day.recorded"
    database: str = f"{WATCHED}/{layout.STATION}/station.db"
    arguments: tuple[str, ...] = ()

    def prepare(self, root: Path) -> None:
        """Write what comes in, and the keys of those who send it."""
        incoming.write(root)

    def examiner(self, root: Path) -> RecordsExaminer:
        """What opens its disks."""
        return RecordsExaminer(root)


SHORT: Final = CardDay(DayPlan(morning=1, afternoon=1, blanks=5))
# In the afternoon the log outgrows SQLite's 1000 pages: a checkpoint in the middle of the work, and the log
# begins anew over its old content.
LONG: Final = CardDay(DayPlan(morning=2, afternoon=14, blanks=20))
OF_RECORDS: Final = RecordsDay()
DAYS: Final[dict[str, Day]] = {"short": SHORT, "long": LONG, "records": OF_RECORDS}
WHOLE: Final = ("long", "records")
MOST_OF_DAY: Final = {
    "short": "many",
    "long": "many",
    "records": "more",
}  # disks of `cuts.py` that are enough
