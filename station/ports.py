"""What the station needs of its devices, as protocols, and the readings they give.

`station/devices/` makes these from the drivers. A port raises only the errors of `station/errors.py`:
`DeviceAbsent` (not there), `DeviceFault` (it says no), `OutcomeUnknown` (it did not say).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from station.fingers.image import FingerImage
from station.fingers.minutiae import Finger
from templates.card.face import CardFace


class CardPosition(StrEnum):
    """Where the one card in a printer's path is."""

    NONE = "none"
    FEEDER = "feeder"
    CHIP_STATION = "chip_station"
    PRINT = "print"
    FLIP = "flip"
    EJECT = "eject"
    UNKNOWN = "unknown"


class PrinterCondition(StrEnum):
    """How the printer feels."""

    READY = "ready"
    WARNING = "warning"
    ERROR = "error"
    OFF = "off"


class PrinterReading(BaseModel):
    """One look at a printer: the evidence that intents and outcomes hold.

    Attributes:
        idle: nothing moves and no job is inside.
        condition: how the printer feels.
        errors: what made it lose a job, by the names of the bits.
        warnings: what an operator can mend, by the names of the bits.
        position: where the card in the path is.
        panels_printed, cards_inserted: lifetime counters.
    """

    model_config = ConfigDict(frozen=True)

    idle: bool
    condition: PrinterCondition
    position: CardPosition
    panels_printed: int
    cards_inserted: int
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrinterIdentity:
    """What kind of printer stands in the lane."""

    model: str
    serial: str
    firmware: str
    raster_width: int
    raster_height: int
    dots_per_inch_x: float
    dots_per_inch_y: float
    can_flip: bool


@dataclass(frozen=True)
class Supplies:
    """What a printer says about its supplies; `None` where it does not know.

    Attributes:
        ribbon: name of the ribbon's set of panels, for example `YMCKO`.
        panels_per_face: panels that one face uses up.
        faces_left: faces that the ribbon can still print.
    """

    ribbon: str
    panels_per_face: int
    faces_left: int | None
    hopper_empty: bool
    reject_box_full: bool


class CardPrinter(Protocol):
    """A card printer with a path: hopper, chip station, print head, good tray, reject box."""

    def identify(self) -> PrinterIdentity:
        """Say what this printer is."""

    def read(self) -> PrinterReading:
        """Look at the printer now."""

    def supplies(self) -> Supplies:
        """Look at ribbon, hopper and reject box."""

    def feed_to_chip_station(self) -> None:
        """Take a blank from the hopper, or move the card that is inside, to the chip station."""

    def recall_to_chip_station(self) -> None:
        """Move the card that is inside to the chip station; without one, no blank may come in its place."""

    def print_and_eject(self, face: CardFace) -> None:
        """Send the face: the printer prints it and ejects to the good tray. Sent is not printed."""

    def reject(self) -> None:
        """Move the card inside to the reject box."""

    def clear_errors(self) -> None:
        """Tell the printer that the fault was mended."""

    def close(self) -> None:
        """Give the device back."""


class ChipState(StrEnum):
    """Life cycle of the application on a chip."""

    BLANK = "blank"
    CREATION = "creation"
    ACTIVATED = "activated"
    TERMINATED = "terminated"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class ChipContent:
    """What is written on a chip; `ktp-el-open` fixes the budgets (docs/reference/ktp-el-open.md).

    Attributes:
        nik, issue: bound by the signed manifest.
        biodata: field number -> text, 21 fields.
        photo: JPEG; signature_image: PNG, one bit; fingers: one ISO/IEC 19794-2 record each.
    """

    nik: str = field(repr=False)
    issue: int
    biodata: tuple[str, ...] = field(repr=False)
    photo: bytes = field(repr=False)
    signature_image: bytes = field(repr=False)
    fingers: tuple[bytes, bytes] = field(repr=False)


class ChipEncoder(Protocol):
    """The chip at one printer's chip station, through its reader."""

    def wait_for_card(self) -> bytes:
        """Connect to the card that was moved to the station and return its UID (8 bytes)."""

    def state(self, uid: bytes) -> ChipState:
        """Read the life cycle of the chip; raise `WrongCard` if it is not `uid`."""

    def write(self, uid: bytes, content: ChipContent) -> None:
        """Create and write all files; goes on at the first file that differs."""

    def read_back(self, uid: bytes, content: ChipContent) -> tuple[str, ...]:
        """Read every file; return the names of those that differ, none if all is as it must be."""

    def activate(self, uid: bytes) -> None:
        """Blow the fuse: lock the chip."""

    def terminate(self, uid: bytes) -> None:
        """Blow the last fuse: the chip is dead."""

    def release(self) -> None:
        """Let go of the card before the printer moves it."""


class StationKeys(Protocol):
    """The keys of the station, in its token."""

    def person_key(self, nik: str) -> str:
        """HMAC-SHA-256 of the NIK under a key of the token, hexadecimal: the journal's `person`."""


class PaperJobState(StrEnum):
    """Where a sheet's job is on its way through the print server."""

    EMPTY = "empty"  # opened, and no document came: it prints nothing
    WAITING = "waiting"
    HELD = "held"
    PRINTING = "printing"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    HANDED_OVER = "handed_over"  # the device has it all: not yet paper in the tray
    GONE = "gone"  # the server knows it no more


@dataclass(frozen=True)
class PaperJob:
    """One document on its way to paper.

    Attributes:
        job: the print server's number of it.
        title: what its lists and logs show: the number of the letter, and nothing of the person.
        sha256: of the document, hexadecimal.
    """

    job: int
    title: str
    sha256: str


@dataclass(frozen=True)
class PaperJobReading:
    """One look at a job.

    Attributes:
        has_begun: whether the document was ever on its way to the device: then paper may have come out.
        reasons: why it does not go on, as the server names them.
    """

    state: PaperJobState
    has_begun: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaperPrinterReading:
    """One look at the office's A4 printer.

    Attributes:
        name: of the queue or folder.
        stopped: nothing is printed until a person switches the queue on again.
        reasons: what a person must mend, such as `media-empty` (RFC 8011 section 5.4.12). It may be out of
            date: a print server forgets some of it only with the next job.
        message: what it says in words of its own; for the technician.
        media: the sizes of paper that it takes, as the server names them.
    """

    name: str
    stopped: bool
    reasons: tuple[str, ...] = ()
    message: str = ""
    media: tuple[str, ...] = ()


class PaperPrinter(Protocol):
    """A printer for ordinary paper, or a folder in its place. One document is one job."""

    def read(self) -> PaperPrinterReading:
        """Look at the printer.

        Raises:
            DeviceAbsent: it is not there. InputFault: it cannot print our documents.
            OutcomeUnknown: it did not answer whole; nothing was changed.
        """

    def open_job(self, title: str) -> int:
        """Open a job, which prints nothing yet; return its number.

        Raises:
            DeviceAbsent, DeviceFault, InputFault: there is none.
            OutcomeUnknown: there may be one, without a document.
        """

    def drop_empty_jobs(self, title: str) -> None:
        """Take away jobs of this title that never got a document: what a crash has left.

        Raises:
            DeviceAbsent, DeviceFault, OutcomeUnknown: they may still be there; they print nothing.
        """

    def send(self, job: PaperJob, pdf: bytes) -> None:
        """Send the document: from here on it prints.

        Raises:
            DeviceAbsent, DeviceFault, Refused: it was not taken.
            OutcomeUnknown: it may have been taken: look at the job.
        """

    def look(self, job: PaperJob) -> PaperJobReading:
        """Look at a job.

        Raises:
            DeviceAbsent: the server is not there. OutcomeUnknown: it did not answer whole.
        """

    def cancel(self, job: PaperJob) -> None:
        """Cancel a job; one that has ended already stays as it is.

        Raises:
            DeviceAbsent, DeviceFault, OutcomeUnknown: see `look`.
        """


@dataclass(frozen=True)
class ChipHolder:
    """What a card on a reader tells of its holder; nothing of it may be kept.

    Attributes:
        card: UID, hexadecimal.
        state: life cycle; `FOREIGN` where the station's keys open nothing on it.
        nik, issue: bound by the signed manifest; None where the chip cannot be read.
        signature_valid: whether its data are signed by this station's key for this very chip.
        fingers: one ISO/IEC 19794-2 record each, as they stand on the chip; none where it cannot be read.
    """

    card: str
    state: ChipState
    nik: str | None = field(default=None, repr=False)
    issue: int | None = None
    signature_valid: bool | None = None
    fingers: tuple[bytes, ...] = field(default=(), repr=False)


class ChipHolderReader(Protocol):
    """The chip reader at the counter."""

    def read_holder(self) -> ChipHolder:
        """Read the card that lies on the reader; nothing is written.

        Raises:
            DeviceAbsent: no reader, no daemon, no token. DeviceFault: no card lies on it.
            OutcomeUnknown: the card did not answer whole. ChipFault: it is not what it says.
        """


@dataclass(frozen=True)
class ScannerIdentity:
    """What kind of fingerprint scanner stands on the counter.

    Attributes:
        kind: the protocol that it speaks: `zhiantec` or `sbi`.
        serial: tells one device from another; empty where it has none.
        dpi: pixels per inch of its images, as the device says.
    """

    kind: str
    model: str
    serial: str
    dpi: float


class TouchStage(StrEnum):
    """How far one touch is; the operator tells the person."""

    WAITING = "waiting_for_finger"
    TAKEN = "finger_taken"  # the picture is in the device: the finger may be lifted
    READING = "picture_coming"
    LIFT = "lift_finger"  # a finger lies there from before


class FingerScanner(Protocol):
    """A fingerprint scanner. It gives pictures; what they are compared with it never learns."""

    def identify(self) -> ScannerIdentity:
        """Say what this scanner is.

        Raises:
            DeviceAbsent: it is not there, or does not let us in.
        """

    def capture(self, finger: Finger, seconds: float, progress: Callable[[TouchStage], None]) -> FingerImage:
        """Wait for a finger, and take its picture, dark ridges on a light ground; it is never kept.

        A finger that has lain on the plate from before counts only after it was lifted.

        Args:
            finger: which one is asked for; a scanner that cannot tell fingers apart takes any.
            seconds: to wait for the finger.
            progress: hears each stage as it begins.

        Raises:
            DeviceAbsent: it is not there, or does not let us in.
            DeviceFault: FINGER_ABSENT when none came; FINGER_UNUSABLE when the device could make no picture
                of it, and why.
            OutcomeUnknown: FINGER_TORN, the picture was torn on its way. Nothing was used up: touch again.
        """

    def blank_frames(self, count: int) -> tuple[FingerImage, ...]:
        """Take pictures of the empty plate: the sensor's window is learned of them. No finger is waited for.

        Raises:
            DeviceAbsent, DeviceFault, OutcomeUnknown: as `capture`.
        """

    def close(self) -> None:
        """Give the device back."""
