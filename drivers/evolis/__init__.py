"""Driver for Evolis card printers (ESC protocol)."""

from drivers.evolis.commands import EjectionTray, InsertionTray, RejectionTray, Sensor
from drivers.evolis.errors import (
    CapabilityError,
    EvolisError,
    InkLimitError,
    MalformedReplyError,
    NoAnswerError,
    NoCardError,
    NotSentError,
    OutcomeUnknownError,
    PrinterRefusedError,
    RasterError,
    StillBusyError,
    UnknownModelError,
)
from drivers.evolis.job import JobForm
from drivers.evolis.models import MODELS, PrinterModel, find_model
from drivers.evolis.panels import Face
from drivers.evolis.printer import EvolisPrinter, EvolisTiming
from drivers.evolis.readings import Counters, PrinterIdentity, RibbonReading, Trays
from drivers.evolis.ribbons import RIBBONS, YMCKO, YMCKOK, Ribbon, find_ribbon
from drivers.evolis.status import CardPosition, EvolisStatus, State

__all__ = [
    "MODELS",
    "RIBBONS",
    "YMCKO",
    "YMCKOK",
    "CapabilityError",
    "CardPosition",
    "Counters",
    "EjectionTray",
    "EvolisError",
    "EvolisPrinter",
    "EvolisStatus",
    "EvolisTiming",
    "Face",
    "InkLimitError",
    "InsertionTray",
    "JobForm",
    "MalformedReplyError",
    "NoAnswerError",
    "NoCardError",
    "NotSentError",
    "OutcomeUnknownError",
    "PrinterIdentity",
    "PrinterModel",
    "PrinterRefusedError",
    "RasterError",
    "RejectionTray",
    "Ribbon",
    "RibbonReading",
    "Sensor",
    "State",
    "StillBusyError",
    "Trays",
    "UnknownModelError",
    "find_model",
    "find_ribbon",
]
