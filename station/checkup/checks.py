"""What the doctor examines. Every check uses a part as the station does, and changes nothing."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from station.backup.health import backup_health
from station.devices.keys import open_profile
from station.devices.readers import check_reader
from station.disk_space.guard import MEGABYTE
from station.errors import InputFault, StationError
from station.journal.store import broken_at
from station.language import marked
from station.office import Office
from station.settings import LaneSettings, make_data_folder


@dataclass(frozen=True)
class Finding:
    """One part and how it is; `result` says what was seen when it is well.

    Attributes:
        worries: what the station works with all the same, and somebody should see to.
    """

    part: str
    result: str
    error: StationError | None = None
    worries: tuple[StationError, ...] = ()


Check = tuple[str, Callable[[Office], str]]


def examine(office: Office) -> list[Finding]:
    """Examine every part, also when others fail."""
    return [*(_run(office, part, check) for part, check in _checks(office)), *_watched(office)]


def _watched(office: Office) -> list[Finding]:
    """What is no part of the station, but what it will need one day."""
    try:
        with office.database.reading() as transaction:
            now = office.clock.now()
            health = backup_health(transaction, office.settings.backup, office.settings.data, now)
    except StationError:
        return []  # the database says it itself
    made, drilled = (last.at[:10] if last else "-" for last in (health.made, health.drilled))
    room = office.disk_space.look()
    space = Finding(
        marked("disk space"),
        f"{room.free // MEGABYTE} MB",
        worries=office.disk_space.worries(),
    )
    return [Finding(marked("backup and restore drill"), f"{made}, {drilled}", worries=health.worries), space]


def _run(office: Office, part: str, check: Callable[[Office], str]) -> Finding:
    try:
        return Finding(part, check(office))
    except StationError as error:
        return Finding(part, marked("not usable"), error)


def _checks(office: Office) -> Iterator[Check]:
    yield marked("data folder"), _data_folder
    yield marked("database"), _database
    yield marked("journal chain"), _journal
    yield marked("fonts and layout"), _fonts
    yield marked("key: person"), _person_key
    yield marked("key: blanks"), _blanks_key
    yield marked("key: signature"), _signature_key
    yield marked("key: journal"), _journal_key
    if office.settings.keys.letters is not None:
        yield marked("key: letters"), _letters_key
    if office.settings.letters is not None and office.settings.letters.certificate is not None:
        yield marked("certificate of letters"), _letter_certificate
    if office.settings.letters is not None and office.settings.letters.printer is not None:
        yield marked("paper printer"), _paper_printer
    if office.settings.scanner is not None:
        yield marked("fingerprint scanner"), _scanner
        if office.settings.scanner.reader is not None:
            yield marked("chip reader on the counter"), _counter_reader
    for lane in office.settings.lanes:
        yield f"printer {lane.name}", lambda office, lane=lane: _printer(lane)  # type: ignore[misc]
        yield f"reader {lane.name}", lambda office, lane=lane: check_reader(lane.reader)  # type: ignore[misc]


def _data_folder(office: Office) -> str:
    folder = office.settings.data
    make_data_folder(folder)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise StationError("DATABASE_UNUSABLE", problem=f"{folder}: no permission")
    if folder.stat().st_mode & 0o077:
        raise StationError("DATABASE_UNUSABLE", problem=f"{folder}: open to other users (chmod 700)")
    return str(folder)


def _database(office: Office) -> str:
    office.database.migrate()
    return office.settings.database


def _journal(office: Office) -> str:
    with office.database.reading() as transaction:
        row = broken_at(transaction)
    if row is not None:
        raise StationError("JOURNAL_BROKEN", row=row)
    return marked("unbroken")


def _fonts(office: Office) -> str:
    return office.painter.describe()


def _person_key(office: Office) -> str:
    office.keys.person_key("0" * 16)
    return office.settings.keys.person.partition("?")[0]


def _blanks_key(office: Office) -> str:
    open_profile(office.settings.profile)
    with office.keys.blanks.card_keys(bytes(8)) as keys:
        keys.cmac_enc(b"doctor")
    return office.settings.keys.blanks.partition("?")[0]


def _signature_key(office: Office) -> str:
    key = office.keys.signature
    if not key.verify(b"doctor", key.sign(b"doctor")):
        raise StationError("KEY_UNUSABLE", key="signature", problem="its signature does not verify")
    return office.settings.keys.signature.partition("?")[0]


def _journal_key(office: Office) -> str:
    office.keys.journal.public_key()
    return office.settings.keys.journal.partition("?")[0]


def _letters_key(office: Office) -> str:
    key = office.keys.letters
    return f"{key.algorithm.name} {key.key_id.hex()}"


def _letter_certificate(office: Office) -> str:
    signer = office.letter_signer()
    signer.moment()  # whether it counts today
    return f"{signer.certificate.subject}, {signer.certificate.valid_to:%Y-%m-%d}"


def _paper_printer(office: Office) -> str:
    from station.devices.paper_printer import choose_medium
    from station.letters.printing.printing import require_working
    from station.service.letter_printing import paper_printer

    printer, paper = paper_printer(office), office.letter_settings.paper
    require_working(printer)
    reading = printer.read()
    medium = choose_medium(paper, reading.media)
    if medium is None:
        raise InputFault("PAPER_SIZE_UNSUPPORTED", printer=reading.name, paper=paper)
    return ", ".join((reading.name, medium if reading.media else paper, *reading.reasons))


def _scanner(office: Office) -> str:
    from station.service.handing_over import counter, handover_turn

    with handover_turn(office), counter(office) as devices:
        identity = devices.scanner.identify()
    return f"{identity.model} {identity.serial}".strip()


def _counter_reader(office: Office) -> str:
    settings = office.settings.scanner
    return check_reader(settings.reader or "") if settings else ""


def _printer(lane: LaneSettings) -> str:
    from station.devices.printer import EvolisCardPrinter

    printer = EvolisCardPrinter(lane.printer, lane.chip_station)
    try:
        identity, supplies, reading = printer.identify(), printer.supplies(), printer.read()
    finally:
        printer.close()
    state = ", ".join(reading.errors + reading.warnings) or reading.condition.value
    return f"{identity.model} {identity.serial}, {supplies.ribbon} x {supplies.faces_left}, {state}"
