"""Single commands of the ESC protocol, values to bytes (facts evolis.md, Framing and Commands).

Every function and constant is the whole command from ESC to CR. What follows it on the wire (the NUL) and the
download commands inside a job are in `job.py`.
"""

from enum import Enum, IntEnum

ESC = b"\x1b"
CR = b"\r"
NUL = b"\x00"
_FORBIDDEN = frozenset("\x1b\r\x00;<>")  # framing characters, and the brackets of the tagged form


def command(mnemonic: str, *parameters: str | int) -> bytes:
    """Return ESC, the mnemonic and its parameters joined by `;`, and CR.

    Raises:
        ValueError: A parameter holds a framing character or is not printable ASCII.
    """
    words = [mnemonic, *(str(parameter) for parameter in parameters)]
    for word in words:
        if not word.isascii() or not word.isprintable() or not word or _FORBIDDEN & set(word):
            raise ValueError(f"{word!r} cannot be part of a command")
    return ESC + ";".join(words).encode("ascii") + CR


class ErrorMode(IntEnum):
    """Who handles errors (evolis.md, Error mode: only the listed numbers may be sent)."""

    PRINTER = 0
    HOST = 1
    HOST_WITH_COVER = 2
    HOST_WITHOUT_BUSY = 3
    ACKNOWLEDGE = 4
    KEEP_ON_MAGNETIC_ERROR = 5
    PRINTER_WITHOUT_RETRY = 16
    HOST_WITH_COVER_WITHOUT_RETRY = 18


SUPERVISED = 38
"""The error mode of a printer in the hands of the vendor's suite: it can be read but not be set (s)."""


class Counter(Enum):
    """Counters of `Rco`."""

    PANELS_PRINTED = "p"
    CARDS_INSERTED = "c"
    AVERAGE_CLEANING_INTERVAL = "a"
    LONGEST_CLEANING_INTERVAL = "m"
    CLEANINGS = "n"
    CARDS_LEFT_ON_RIBBON = "l"


class Sensor(Enum):
    """Sensors of `Rse`."""

    RIBBON_LED = "c"
    FEEDER_STOP = "m"
    COVER = "o"
    CARD_PRESENCE = "p"
    ENCODER_DISK = "r"


class InsertionTray(Enum):
    """Where a card comes from (`Pcim`)."""

    FEEDER = "F"
    MANUAL = "M"
    MANUAL_ON_COMMAND = "C"
    MANUAL_THEN_FEEDER = "B"
    NONE = "N"
    REAR = "R"
    BEZEL = "I"


class EjectionTray(Enum):
    """Where a good card goes (`Pcem`)."""

    STANDARD = "D"
    MANUAL = "M"
    REJECT = "R"
    WITHOUT_WAITING = "N"
    BEZEL = "I"
    LOWER_REJECT_SLOT = "K"
    LOCKED_BOX = "L"


class RejectionTray(Enum):
    """Where a spoiled card goes (`Pcrm`)."""

    STANDARD = "R"
    MANUAL = "M"
    REJECT = "D"
    BEZEL = "I"
    LOWER_REJECT_SLOT = "K"
    LOCKED_BOX = "L"


class Side(Enum):
    """The side of the card that the downloads after it print on."""

    FRONT = "Sr"
    BACK = "Sv"


EMPTY = ESC + CR
"""The empty command: assumed to bring the status text over USB (evolis.md, Unknown)."""

READ_MODEL = command("Rtp")
READ_FIRMWARE = command("Rfv")
READ_SERIAL = command("Rsn")
READ_HEAD_KIT = command("Rkn")
READ_MAC = command("Rmac")
READ_OEM = command("Roem")
READ_ZONE = command("Rzp")
READ_ALIVE = command("Rok")
READ_STATUS_CHANNEL = command("Rpst")
READ_ERROR_MODE = command("Rem", 1)
READ_RIBBON = command("Rr")
READ_RIBBON_TYPE = command("Rrt", "type")
READ_RIBBON_COUNT = command("Rrt", "count")
READ_RIBBON_READY = command("Rcr")
READ_CARD_PRESENCE = command("Rlr", "p")
READ_READINESS = command("Rlr", "r")
READ_INSERTION_TRAY = command("Rcim")
READ_EJECTION_TRAY = command("Rcem")
READ_REJECTION_TRAY = command("Rcrm")
READ_CONTACT_OFFSET = command("Ros")
READ_CONTACTLESS_OFFSET = command("Roc")

CLEAR_ERROR = command("Scs")
SOFT_RESET = command("Srs")
INSERT = command("Si")
INSERT_BACK = command("Sib")
MOVE_TO_CONTACT = command("Sis")
MOVE_TO_CONTACTLESS = command("Sic")
EJECT = command("Sce")
REJECT = command("Ser")
JOB_START = command("Ss")
JOB_END = command("Se")


def read_counter(counter: Counter) -> bytes:
    """Return the question for a counter."""
    return command("Rco", counter.value)


def read_sensor(sensor: Sensor) -> bytes:
    """Return the question for a sensor's voltage."""
    return command("Rse", sensor.value)


def set_error_mode(mode: ErrorMode) -> bytes:
    """Return the command that sets the error mode until power is switched off."""
    return command("Pem", mode.value)


def set_insertion_tray(tray: InsertionTray) -> bytes:
    """Return the command that chooses where cards come from."""
    return command("Pcim", tray.value)


def set_ejection_tray(tray: EjectionTray) -> bytes:
    """Return the command that chooses where good cards go."""
    return command("Pcem", tray.value)


def set_rejection_tray(tray: RejectionTray) -> bytes:
    """Return the command that chooses where spoiled cards go."""
    return command("Pcrm", tray.value)


def set_contact_offset(steps: int) -> bytes:
    """Return the command that sets the place of the contact station, default 1158 dots."""
    return command("Pos", "=", steps)


def set_contactless_offset(steps: int) -> bytes:
    """Return the command that sets the place of the contactless station."""
    return command("Poc", "=", steps)


def set_print_tuning(kind: str, panel: str, value: int) -> bytes:
    """Return a contrast (`Pc`), luminosity (`Pl`) or speed (`Ps`) command; 10 is the default."""
    return command(kind, panel, "=", value)
