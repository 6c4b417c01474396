"""The office: everything a command works with, opened from the settings when it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from station.audit.heads import JournalSeal
from station.cards.answering import Answering
from station.cards.faces import FacePainter
from station.cards.intake import Intake
from station.clock import Clock, SystemClock
from station.database import Database
from station.devices.chip import ReaderChipEncoder
from station.devices.keys import TokenKeys, open_profile
from station.devices.printer import EvolisCardPrinter
from station.errors import Refused
from station.journal.store import Journal
from station.lanes.tools import LaneTools
from station.notices import NoticeBoard
from station.settings import LaneSettings, Settings, make_data_folder


class Office:
    """One station's parts. Devices are opened by the lanes, never by reading commands."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.notices = NoticeBoard()
        self.journal = Journal(self.clock)

    @cached_property
    def database(self) -> Database:
        """The database, with this program's tables."""
        make_data_folder(self.settings.data)
        database = Database(self.settings.database, self.settings.data)
        database.migrate()
        return database

    @cached_property
    def keys(self) -> TokenKeys:
        """The keys of the token."""
        return TokenKeys(self.settings.keys, self.settings.data)

    @cached_property
    def painter(self) -> FacePainter:
        """Draws card faces."""
        return FacePainter(self.settings.fonts.folder)

    def seal(self) -> JournalSeal:
        """Signs the journal's head."""
        return JournalSeal(self.database, self.clock, self.keys.journal, self.settings.head_anchor)

    def intake(self) -> Intake:
        """Takes records into the queue."""
        return Intake(self.database, self.journal, self.clock, self.keys, self.painter)

    def answering(self) -> Answering:
        """Takes a person's answers."""
        return Answering(self.database, self.journal, self.clock, self.settings.policy)

    def require_lane(self, name: str) -> LaneSettings:
        """The settings of a lane.

        Raises:
            Refused: LANE_UNKNOWN.
        """
        for lane in self.settings.lanes:
            if lane.name == name:
                return lane
        raise Refused("LANE_UNKNOWN", lane=name)

    def lane_tools(self, lane: LaneSettings) -> LaneTools:
        """Open the devices of a lane."""
        encoder = ReaderChipEncoder(
            lane.reader, open_profile(self.settings.profile), self.keys.blanks, self.keys.signature
        )
        return LaneTools(
            name=lane.name,
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            notices=self.notices,
            printer=EvolisCardPrinter(lane.printer, lane.chip_station),
            encoder=encoder,
            policy=self.settings.policy,
            seal=self.seal().sign,
        )

    def close(self) -> None:
        """Close what is open."""
        if "database" in self.__dict__:
            self.database.close()
        if "keys" in self.__dict__:
            self.keys.close()


@contextmanager
def open_office(settings: Settings) -> Iterator[Office]:
    """Open an office for one command."""
    office = Office(settings)
    try:
        yield office
    finally:
        office.close()
