"""The card printer of a lane: an Evolis printer behind the station's `CardPrinter`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from drivers.evolis.commands import EjectionTray, InsertionTray, RejectionTray
from drivers.evolis.errors import (
    CapabilityError,
    EvolisError,
    InkLimitError,
    MalformedReplyError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PrinterRefusedError,
    RasterError,
    StillBusyError,
    UnknownModelError,
)
from drivers.evolis.printer import EvolisPrinter
from drivers.evolis.readings import Counters
from drivers.evolis.ribbons import Ribbon
from drivers.evolis.status import CardPosition as EvolisPosition
from drivers.evolis.status import EvolisStatus
from drivers.evolis.status_bits import Error, Info, Warn
from drivers.transports.base import TransportError, TransportUrlError
from drivers.transports.urls import open_printer_transport
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown
from station.language import marked
from station.ports import CardPosition, PrinterCondition, PrinterIdentity, PrinterReading, Supplies
from templates.card.face import CardFace

POSITIONS = {
    EvolisPosition.NONE: CardPosition.NONE,
    EvolisPosition.FEEDER: CardPosition.FEEDER,
    EvolisPosition.FLIP: CardPosition.FLIP,
    EvolisPosition.PRINT: CardPosition.PRINT,
    EvolisPosition.EJECT: CardPosition.EJECT,
    EvolisPosition.REAR: CardPosition.UNKNOWN,
    EvolisPosition.SEVERAL: CardPosition.UNKNOWN,
}


class EvolisCardPrinter:
    """One Evolis printer, opened when it is first needed and again after it was away."""

    def __init__(self, url: str, chip_station: Literal["contact", "contactless"]) -> None:
        self._url, self._station = url, chip_station
        self._driver: EvolisPrinter | None = None
        self._job_sent = False
        self._counters: Counters | None = None

    def identify(self) -> PrinterIdentity:
        """Say what this printer is, and set its trays: feeder in, good tray out, reject box."""
        with self._errors("identify"):
            identity = self._open().identify()
            self._open().set_trays(InsertionTray.FEEDER, EjectionTray.STANDARD, RejectionTray.REJECT)
        model = identity.model
        return PrinterIdentity(
            model.name,
            identity.serial,
            identity.firmware,
            model.lines,
            model.dots,
            model.dpi_x,
            model.dpi_y,
            model.flip,
        )

    def read(self) -> PrinterReading:
        """Look at the status words, and at the counters when nothing moves: only then are they evidence."""
        with self._errors("read_status"):
            status = self._open().read_status()
            if self._job_sent and not status.busy:
                status = self._open().wait_until_idle(
                    time.monotonic()
                )  # gives the printer its error mode back
                self._job_sent = False
            if not status.busy or self._counters is None:
                self._counters = self._open().read_counters()
        return PrinterReading(
            idle=not status.busy,
            condition=PrinterCondition(status.state.value),
            position=self._position(status),
            panels_printed=self._counters.panels_printed,
            cards_inserted=self._counters.cards_inserted,
            errors=_names(status.error),
            warnings=_names(status.warning),
        )

    def supplies(self) -> Supplies:
        """Look at ribbon, hopper and reject box."""
        with self._errors("read_supplies"):
            status = self._open().read_status()
            ribbon = self._open().read_ribbon()
        return Supplies(
            ribbon=ribbon.ribbon.name if ribbon.ribbon else ribbon.configured,
            panels_per_face=len(ribbon.ribbon.front) if ribbon.ribbon else 0,
            faces_left=ribbon.prints_left,
            hopper_empty=Warn.FEEDER_EMPTY in status.warning,
            reject_box_full=Warn.REJECT_BOX_FULL in status.warning or Error.REJECT_BOX_FULL in status.error,
        )

    def feed_to_chip_station(self) -> None:
        """Bring a card to the station where the lane's reader is."""
        with self._errors("feed"):
            self._open().set_trays(InsertionTray.FEEDER)
            self._open().feed_to(self._station)

    def recall_to_chip_station(self) -> None:
        """Bring the card inside back to the reader, and no blank in its place (see `print_and_eject`)."""
        with self._errors("recall"):
            self._open().set_trays(InsertionTray.MANUAL)
            self._open().feed_to(self._station)

    def print_and_eject(self, face: CardFace) -> None:
        """Send the job, for the card inside and for no other.

        A printer without a card inside takes one from where `Pcim` says. Were that the feeder, a card that
        somebody takes out after the last look would have its face printed on a blank whose chip nobody has
        written; so the printer is told to wait for a hand, which ends in an error (assumed: `Pcim` does
        nothing to a card that is inside; no printer has been tried).
        """
        with self._errors("print"):
            self._open().set_trays(InsertionTray.MANUAL)
            self._job_sent = True
            self._open().print_card(face, ribbon=self._ribbon())

    def reject(self) -> None:
        """Move the card to the reject box."""
        with self._errors("reject"):
            self._open().reject()

    def clear_errors(self) -> None:
        """Clear the printer's error line."""
        with self._errors("clear_errors"):
            self._open().clear_errors()

    def close(self) -> None:
        """Give the printer back."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            with self._errors("close"):
                driver.close()

    def just_rebooted(self) -> bool:
        """Say whether the printer was switched on since it was last asked."""
        with self._errors("read_status"):
            return Info.JUST_REBOOTED in self._open().read_status().info

    def _position(self, status: EvolisStatus) -> CardPosition:
        chip_station = EvolisPosition.CONTACT if self._station == "contact" else EvolisPosition.CONTACTLESS
        if status.position is chip_station:
            return CardPosition.CHIP_STATION
        return POSITIONS.get(status.position, CardPosition.UNKNOWN)

    def _ribbon(self) -> Ribbon:
        ribbon = self._open().read_ribbon().ribbon
        if ribbon is None:
            raise CapabilityError("the ribbon in the printer is not known")
        return ribbon

    def _open(self) -> EvolisPrinter:
        if self._driver is None:
            transport = open_printer_transport(self._url)
            if not transport.has_replies:
                raise DeviceFault(
                    "PRINTER_UNSUITABLE",
                    url=self._url,
                    problem=marked("a file never says what became of a card"),
                )
            self._driver = EvolisPrinter(transport)
        return self._driver

    def _drop(self) -> None:
        """Forget a connection that has failed, so that the next call opens a fresh one."""
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                driver.close()
            except (EvolisError, TransportError):
                return  # it had failed already

    @contextmanager
    def _errors(self, operation: str) -> Iterator[None]:
        """Turn the driver's exceptions into the station's."""
        try:
            yield
        except TransportUrlError as error:
            raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=error) from error
        except (TransportError, NoAnswerError, NotSentError) as error:
            self._drop()
            raise DeviceAbsent("PRINTER_ABSENT", url=self._url, details=str(error)) from error
        except UnknownModelError as error:
            raise DeviceFault("PRINTER_MODEL_UNKNOWN", model=error.name) from error
        except (CapabilityError, RasterError, InkLimitError) as error:
            raise DeviceFault("PRINTER_UNSUITABLE", url=self._url, problem=error) from error
        except PrinterRefusedError as error:
            raise DeviceFault("PRINTER_REFUSED", operation=operation, reply=error.text) from error
        except (OutcomeUnknownError, MalformedReplyError, StillBusyError) as error:
            raise OutcomeUnknown("PRINTER_SILENT", operation=operation, details=str(error)) from error
        except EvolisError as error:
            raise DeviceFault("PRINTER_UNSUITABLE", url=self._url, problem=error) from error


def _names(word: Warn | Error) -> tuple[str, ...]:
    return tuple((member.name or "").lower() for member in word)
