"""The receipt of a handover: read from the books and the holder's record, drawn, for a file or for paper."""

from hashlib import sha256
from typing import TYPE_CHECKING

from station.cards.source import StationSource
from station.devices.paper_printer import open_paper_printer
from station.errors import InputFault, Refused
from station.handover import store
from station.handover.rows import BeforeHandover
from station.handover.store import Handover
from station.journal.store import row_at
from station.office import Office
from station.ports import PaperJob
from station.records.record import Record
from station.statements.paper import PaperWords
from station.statements.receipt import HandoverFacts, draw

if TYPE_CHECKING:
    from templates.reports.fonts import ReportFonts


def require_done(office: Office, job: int) -> Handover:
    """The handover of a job's card.

    Raises:
        Refused: HANDOVER_NOT_DONE.
    """
    with office.database.reading() as transaction:
        done = store.done_of_job(transaction, job)
    if done is None:
        raise Refused("HANDOVER_NOT_DONE", job=job)
    return done


def receipt_pdf(office: Office, job: int, words: PaperWords, fonts: "ReportFonts") -> bytes:
    """Draw the receipt of a job's card. A record that can no longer be read leaves name and NIK to the pen.

    Raises:
        Refused: HANDOVER_NOT_DONE.
        ReportError: it cannot be drawn.
        DeviceAbsent: the token is not there.
    """
    given = require_done(office, job)
    with office.database.reading() as transaction:
        (ready,) = store.ready_cards(transaction, job=job)
        begun, settled = row_at(transaction, given.journal), row_at(transaction, given.settled or 0)
        old_cards = tuple(store.old_cards_of_job(transaction, job))
    if begun is None or settled is None:
        raise LookupError("a handover without its rows")
    facts = HandoverFacts(
        given=given,
        before=BeforeHandover.model_validate_json(begun.payload),
        settled=settled,
        ready=ready,
        old_cards=old_cards,
        record=_record(office, ready.record, ready.folder),
    )
    return draw(facts, words, fonts)


def print_receipt(office: Office, job: int, pdf: bytes) -> str:
    """Send a receipt to the paper printer, or into its folder; return the printer's URL.

    A second sheet does no harm, so nothing is followed: the operator sees the paper.

    Raises:
        InputFault: LETTERS_NOT_CONFIGURED, PAPER_PRINTER_MISSING, PAPER_PRINTER_UNUSABLE.
        DeviceAbsent, DeviceFault, OutcomeUnknown, Refused: the printer did not take it.
    """
    settings = office.letter_settings
    if settings.printer is None:
        raise InputFault("PAPER_PRINTER_MISSING")
    printer = open_paper_printer(settings.printer, settings.paper)
    title = f"receipt-{require_done(office, job).settled}"
    printer.send(PaperJob(printer.open_job(title), title, sha256(pdf).hexdigest()), pdf)
    return settings.printer


def _record(office: Office, record: str, folder: str) -> Record | None:
    try:
        return StationSource(office.holding).read(record, folder)
    except (Refused, InputFault):
        return None
