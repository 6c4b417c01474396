"""The chip at a lane's chip station: the personaliser behind the station's `ChipEncoder`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.chip.biodata import Biodata
from drivers.chip.errors import (
    ChannelClosed,
    ChipError,
    ContentError,
    ForeignCard,
    KeyMismatch,
    UidMismatch,
)
from drivers.chip.images import ChipFiles
from drivers.chip.keys import KeyService, ManifestSigner
from drivers.chip.personaliser import ChipPersonaliser
from drivers.chip.profile import CardProfile
from drivers.pcsc.base import CardReader
from drivers.pcsc.errors import (
    CardChanged,
    DaemonGone,
    NoCard,
    ReaderBusy,
    ReaderError,
    ReaderHung,
    ReaderNotFound,
)
from drivers.pcsc.locate import ReaderUrlError, open_reader
from drivers.pcsc.reader import PcscReader
from drivers.pcsc.status import StatusWordError
from drivers.token import TokenError
from station.errors import (
    ChipFault,
    DeviceAbsent,
    DeviceFault,
    InputFault,
    OutcomeUnknown,
    StationError,
    WrongCard,
)
from station.ports import ChipContent, ChipState

CARD_SEEN_WITHIN = (
    5.0  # pcscd sees an insertion after about 0.4 s; the time of a real contact to settle is unknown
)


class ReaderChipEncoder:
    """The reader at one chip station, and whatever card the printer has brought there."""

    def __init__(self, url: str, profile: CardProfile, keys: KeyService, signer: ManifestSigner) -> None:
        self._url, self._profile, self._keys, self._signer = url, profile, keys, signer
        self._reader: CardReader | None = None
        self._chip: ChipPersonaliser | None = None
        self._hanging: PcscReader | None = None  # whose command to a card has not come back

    def wait_for_card(self) -> bytes:
        """Connect to the card at the station and return its UID."""
        self.release()
        with self._errors("connect"):
            return self._connect().read_uid()

    def state(self, uid: bytes) -> ChipState:
        """Read the life cycle."""
        with self._errors("read the life cycle"):
            return ChipState(self._at(uid).read_state().value)

    def write(self, uid: bytes, content: ChipContent) -> None:
        """Create and write all files, or go on with it."""
        with self._errors("write"):
            self._at(uid).write(_files(content))

    def read_back(self, uid: bytes, content: ChipContent) -> tuple[str, ...]:
        """Read everything and compare."""
        with self._errors("read back"):
            return tuple(f"{difference.fid:04X}" for difference in self._at(uid).read_back(_files(content)))

    def activate(self, uid: bytes) -> None:
        """Lock the chip."""
        with self._errors("activate"):
            self._at(uid).activate()

    def terminate(self, uid: bytes) -> None:
        """Kill the chip."""
        with self._errors("terminate"):
            self._at(uid).terminate()

    def release(self) -> None:
        """Let go of the card; the next call connects again and checks the UID."""
        self._chip = None
        reader, self._reader = self._reader, None
        if reader is not None:
            try:
                reader.close()
            except ReaderError:
                return  # the card or the daemon is gone already: nothing is held

    def _connect(self) -> ChipPersonaliser:
        if self._chip is None:
            self._require_no_hanging_command()
            reader = open_reader(self._url)
            self._reader = reader
            reader.wait_and_connect(time.monotonic() + CARD_SEEN_WITHIN)
            self._chip = ChipPersonaliser(reader, self._profile, self._keys, self._signer)
        return self._chip

    def _require_no_hanging_command(self) -> None:
        """A command of ours that never came back still holds the card: that is its silence, nobody else's.

        It ends when the card leaves the station, so whoever gives the card up is rid of it.
        """
        if self._hanging is not None and self._hanging.hung:
            name = self._hanging.name
            raise ReaderHung(name, "an earlier command has not come back", outcome_unknown=True)
        self._hanging = None

    def _at(self, uid: bytes) -> ChipPersonaliser:
        """The chip, after its UID was compared: person A's data must never go to blank B."""
        chip = self._connect()
        found = chip.read_uid()
        if found != uid:
            raise UidMismatch(uid, found)
        return chip

    @contextmanager
    def _errors(self, operation: str) -> Iterator[None]:
        """Turn the drivers' exceptions into the station's; after any of them the next call connects anew."""
        try:
            yield
        except CARD_ERRORS as error:
            if isinstance(error, ReaderHung) and error.outcome_unknown:
                self._hanging = self._reader if isinstance(self._reader, PcscReader) else self._hanging
            self.release()
            raise card_error(error, operation) from error
        except ReaderUrlError as error:
            raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=error) from error


CardError = ReaderError | StatusWordError | ChipError | TokenError
CARD_ERRORS = (ReaderError, StatusWordError, ChipError, TokenError)


def card_error(error: CardError, operation: str) -> StationError:
    """The station's error for what a driver says of a card, its reader or the token."""
    if isinstance(error, CardChanged | UidMismatch):
        return WrongCard("WRONG_CARD", expected=error.expected_uid.hex(), found=error.actual_uid.hex())
    if isinstance(error, ReaderError):
        return _reader_error(error, operation)
    if isinstance(error, TokenError):
        return DeviceAbsent("TOKEN_ABSENT", token="PKCS#11", details=str(error))
    if isinstance(error, ContentError):
        return InputFault("BIODATA_UNWRITABLE", field=error.coding, problem=error.reason)
    if error.outcome_unknown or isinstance(error, ChannelClosed):
        return OutcomeUnknown("CHIP_SILENT", operation=operation, details=str(error))
    if isinstance(error, ForeignCard | KeyMismatch):
        return ChipFault("CHIP_FOREIGN", problem=str(error))
    status_word = f"{error.actual:04X}" if isinstance(error, StatusWordError) else str(error)
    return ChipFault("CHIP_REFUSED", operation=operation, status_word=status_word)


def _reader_error(error: ReaderError, operation: str) -> StationError:
    if error.outcome_unknown:
        return OutcomeUnknown("CHIP_SILENT", operation=operation, details=str(error))
    if isinstance(error, DaemonGone):
        return DeviceAbsent("PCSC_DAEMON_ABSENT", details=str(error))
    if isinstance(error, ReaderNotFound | ReaderHung):
        return DeviceAbsent("READER_ABSENT", reader=error.reader, details=str(error))
    if isinstance(error, ReaderBusy):
        return DeviceAbsent("READER_BUSY", reader=error.reader, details=str(error))
    if isinstance(error, NoCard):
        return DeviceFault("CARD_NOT_AT_READER", reader=error.reader, details=str(error))
    return OutcomeUnknown("CHIP_SILENT", operation=operation, details=str(error))


def _files(content: ChipContent) -> ChipFiles:
    return ChipFiles(
        biodata=Biodata.from_texts(content.biodata).encode(),
        photo=content.photo,
        signature_image=content.signature_image,
        minutiae_1=content.fingers[0],
        minutiae_2=content.fingers[1],
        issue=content.issue,
        nik=content.nik,
    )
