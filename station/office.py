"""The office: everything a command works with, opened from the settings when it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from station.audit.heads import JournalSeal
from station.backup.keeping import BackupKeeper
from station.backup.making import BackupSource
from station.batches.worker import LaneWorker
from station.bundles.senders import Senders
from station.cards.answering import Answering
from station.cards.faces import FacePainter
from station.cards.intake import Intake
from station.cards.source import StationSource
from station.clock import Clock, SystemClock
from station.database import Database
from station.devices.chip import ReaderChipEncoder
from station.devices.keys import TokenKeys, TokenSigner, open_profile
from station.devices.printer import EvolisCardPrinter
from station.disk_space.guard import DiskSpaceGuard
from station.errors import InputFault, Refused
from station.exchange.assembling import make_worker
from station.exchange.worker import Bell, CentreWorker
from station.gate.gate import Gate, PrintGate
from station.intake.batch import BatchWriter
from station.intake.importing import PORTION, BundleImport
from station.intake.watch_worker import WatchWorker
from station.intake.watching import WatchedFolder
from station.journal.store import Journal
from station.lanes.tools import LaneTools, StopWish
from station.letter_settings import LetterSettings
from station.letters.bulk.workshop import LetterWorkshop
from station.letters.files import LetterFiles
from station.notices import NoticeBoard
from station.settings import LaneSettings, Settings, make_data_folder
from station.vault.holding import Holding
from station.vault.vault import Vault

if TYPE_CHECKING:
    from station.letters.issuing import Issuing
    from station.letters.making import LetterMaker
    from station.letters.signing.signer import TokenPdfSigner


class Office:
    """One station's parts. Devices are opened by the lanes, never by reading commands."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.notices = NoticeBoard()
        self.intake_turn = Lock()
        self.journal = Journal(self.clock)
        self.centre_bell = Bell()

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
    def holding(self) -> Holding:
        """The records that the station holds."""
        vault = Vault(self.settings.vault_folder, self.keys.records)
        return Holding(self.database, self.journal, self.clock, vault, self.keys)

    @cached_property
    def aside(self) -> Vault:
        """The sealed bytes of records that are set aside; apart from those that are held."""
        return Vault(self.settings.aside_folder, self.keys.records)

    @property
    def letter_settings(self) -> LetterSettings:
        """The settings of letters.

        Raises:
            InputFault: LETTERS_NOT_CONFIGURED.
        """
        if self.settings.letters is None:
            raise InputFault("LETTERS_NOT_CONFIGURED")
        return self.settings.letters

    @cached_property
    def letter_files(self) -> LetterFiles:
        """The sealed files of letters; apart from the records."""
        return LetterFiles(self.database, Vault(self.settings.letters_folder, self.keys.records))

    def letter_signer(self) -> "TokenPdfSigner":
        """Signs the files of letters; pyHanko is imported for it.

        Raises:
            InputFault: LETTERS_NOT_CONFIGURED, LETTER_CERTIFICATE_UNUSABLE.
            DeviceAbsent: the token is not there.
        """
        from station.letters.signing.signer import open_signer

        return open_signer(self.letter_settings.certificate, self.keys.letter_signature, self.clock)

    def letter_maker(self) -> "LetterMaker":
        """Draws letters and signs their codes; the press is read for it.

        Raises:
            InputFault: LETTERS_NOT_CONFIGURED, FONT_UNUSABLE.
            DeviceAbsent: the token is not there.
        """
        from station.letters.making import LetterMaker, load_press

        fonts = self.settings.fonts
        press = load_press([fonts.folder, fonts.profiles])
        return LetterMaker(press, self.settings.office, self.letter_settings, self.keys.letters)

    @cached_property
    def letter_workshop(self) -> LetterWorkshop:
        """Issues letters in groups; nothing is opened before the first group."""
        return LetterWorkshop(self.letter_issuing, self.letter_signer)

    def letter_issuing(self) -> "Issuing":
        """Issues letters; the press is read for it.

        Raises:
            InputFault: LETTERS_NOT_CONFIGURED, LETTER_CERTIFICATE_UNUSABLE, FONT_UNUSABLE.
            DeviceAbsent: the token is not there.
        """
        from station.letters.issuing import Issuing, LetterDesk
        from station.letters.rules import LetterRules

        settings = self.letter_settings
        desk = LetterDesk(
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            zone=self.settings.office.time_zone,
            settings=settings,
            holding=self.holding,
            files=self.letter_files,
            rules=LetterRules(settings, self.gate),
            maker=self.letter_maker(),
            require_room=self.disk_space.require_room_for_card,
        )
        return Issuing(desk, self.letter_signer())

    def bundle_import(self) -> BundleImport:
        """Takes bundles in; the trusted senders are read anew."""
        writer = BatchWriter(
            self.database,
            self.journal,
            self.clock,
            self.holding,
            self.aside,
            self.disk_space.require_room_for_intake,
        )
        senders = Senders(self.settings.intake.senders)
        return BundleImport(
            self.database,
            self.clock,
            self.holding,
            writer,
            senders,
            self.keys.exchange,
            self.intake_turn,
        )

    def watch_worker(self, stop: StopWish) -> WatchWorker | None:
        """Looks into the watched folder while the station runs; None where none is set."""
        folder = self.settings.intake.watch
        if folder is None:
            return None
        watched = WatchedFolder(
            folder, lambda files, start: self.bundle_import().take_in(files, PORTION, start)
        )
        return WatchWorker(watched, self.clock, self.notices, stop)

    @cached_property
    def disk_space(self) -> DiskSpaceGuard:
        """Watches the disk of the data folder."""
        return DiskSpaceGuard(self.settings.data, self.settings.disk_space)

    @cached_property
    def backup_source(self) -> BackupSource:
        """What is backed up, and the keys for it."""
        settings = self.settings
        return BackupSource(
            database=self.database,
            journal=self.journal,
            clock=self.clock,
            data=settings.data,
            anchor=settings.head_anchor,
            key=self.keys.journal,
            key_name=settings.keys.journal.partition("?")[0],
            master=self.keys.records,
            office=settings.office.regency,
            guard=self.disk_space,
        )

    def backup_keeper(self) -> BackupKeeper:
        """Makes backups on time while the station runs."""
        return BackupKeeper(
            self.backup_source,
            self.settings.backup,
            self.settings.office.time_zone,
            self.notices,
            self.seal().sign,
        )

    @cached_property
    def gate(self) -> Gate:
        """Says what may be printed."""
        return PrintGate()

    def centre_signer(self) -> TokenSigner:
        """The key that the centre knows us by: the one that signs our bundles."""
        return self.keys.bundles

    def centre_worker(self, stop: StopWish) -> CentreWorker | None:
        """Sends and hears while the station runs; None where no centre is set.

        Raises:
            InputFault: CENTRE_NOT_CONFIGURED, RECIPIENT_UNKNOWN, TRUSTED_KEY_UNREADABLE.
        """
        if self.settings.centre is None:
            return None
        return make_worker(self, self.notices, stop, self.centre_bell)

    @cached_property
    def painter(self) -> FacePainter:
        """Draws card faces."""
        return FacePainter(self.settings.fonts.folder)

    def seal(self) -> JournalSeal:
        """Signs the journal's head."""
        return JournalSeal(self.database, self.clock, self.keys.journal, self.settings.head_anchor)

    def intake(self) -> Intake:
        """Takes records into the queue."""
        return Intake(
            self.database,
            self.journal,
            self.clock,
            self.keys,
            self.painter,
            self.gate,
            StationSource(self.holding),
        )

    def worker(self, tools: LaneTools) -> LaneWorker:
        """Makes cards on a lane."""
        return LaneWorker(tools, self.painter, StationSource(self.holding))

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
            gate=self.gate,
            require_room=self.disk_space.require_room_for_card,
        )

    def close(self) -> None:
        """Close what is open."""
        if "letter_workshop" in self.__dict__:
            self.letter_workshop.close()
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
