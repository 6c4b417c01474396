"""The commands on files (the profile's table "Commands"; ISO/IEC 7816-4, 11 and 7816-9)."""

from dataclasses import replace

from simulators.chip import fcp
from simulators.chip.apdu import Answer, Command, fit
from simulators.chip.scp03 import LONGEST_ANSWER
from simulators.chip.session import Chip
from simulators.chip.state import (
    APPLICATION,
    FILE_OVERHEAD,
    MASTER_FILE,
    PAGE,
    Condition,
    ElementaryFile,
    LifeCycle,
)
from simulators.chip.status import Status, StatusError

_RETURN_FCI, _RETURN_FCP, _RETURN_NOTHING = 0x00, 0x04, 0x0C  # P2 of SELECT
_FCI_TEMPLATE, _FCP_TEMPLATE = 0x6F, 0x62
_WHOLE_FILE = 256  # Le 00
_HEADER_PAGES = 1  # a file's header is one page of EEPROM (assumed)


def select(chip: Chip, command: Command) -> Answer:
    """SELECT by file identifier: 3F00 and 7F0A from anywhere, an EF of the current DF."""
    if command.p1 != 0x00 or command.p2 not in (_RETURN_FCI, _RETURN_FCP, _RETURN_NOTHING):
        raise StatusError(Status.WRONG_P1_P2)
    identifier = _identifier(command.data)
    template = _FCI_TEMPLATE if command.p2 == _RETURN_FCI else _FCP_TEMPLATE
    parameters, life_cycle = _select(chip, identifier, template)
    if command.expected is None or command.p2 == _RETURN_NOTHING:
        parameters = b""
    status = Status.TERMINATED if life_cycle is LifeCycle.TERMINATED else Status.OK
    return Answer(fit(parameters, command), status)


def _identifier(data: bytes) -> int:
    if len(data) != 2:
        raise StatusError(Status.WRONG_LENGTH)
    return int.from_bytes(data, "big")


def _select(chip: Chip, identifier: int, template: int) -> tuple[bytes, LifeCycle]:
    if identifier == MASTER_FILE:
        chip.session.select(MASTER_FILE)
        life_cycle = LifeCycle.ACTIVATED  # the master file is in use from the factory on (assumed)
        return fcp.encode_df(template, identifier, life_cycle), life_cycle
    life_cycle = _application(chip)
    if identifier == APPLICATION:
        chip.session.select(APPLICATION)
        return fcp.encode_df(template, identifier, life_cycle), life_cycle
    file = chip.state.files.get(identifier)
    if file is None or chip.session.directory != APPLICATION:
        raise StatusError(Status.FILE_NOT_FOUND)
    chip.session.select(APPLICATION, identifier)
    return fcp.encode_ef(template, identifier, file, life_cycle), life_cycle


def _application(chip: Chip) -> LifeCycle:
    if chip.state.life_cycle is None:
        raise StatusError(Status.FILE_NOT_FOUND)
    return chip.state.life_cycle


def _selected_file(chip: Chip) -> tuple[int, ElementaryFile]:
    if chip.session.file is None:
        raise StatusError(Status.NO_FILE_SELECTED)
    return chip.session.file, chip.state.files[chip.session.file]


def _require(condition: Condition, secured: bool) -> None:
    if condition is Condition.NEVER or (condition is Condition.CHANNEL and not secured):
        raise StatusError(Status.CONDITION_NOT_MET)


def _offset_within(command: Command, file: ElementaryFile) -> int:
    if command.p1 & 0x80:  # P1 bit 8: a short identifier, which these files have not
        raise StatusError(Status.WRONG_P1_P2)
    if command.offset >= len(file.content):
        raise StatusError(Status.WRONG_OFFSET)
    return command.offset


def read_binary(chip: Chip, command: Command, secured: bool) -> Answer:
    """READ BINARY with a 15-bit offset."""
    _, file = _selected_file(chip)
    if _application(chip) is LifeCycle.TERMINATED:
        raise StatusError(Status.NOT_NOW)
    _require(file.read, secured)
    if command.expected is None or command.data:
        raise StatusError(Status.WRONG_LENGTH)
    offset = _offset_within(command, file)
    rest = file.content[offset:]
    asked = command.expected
    if secured and asked > LONGEST_ANSWER:
        if asked != _WHOLE_FILE:  # what no protected short answer can hold (assumed)
            raise StatusError(Status.WRONG_LENGTH)
        asked = LONGEST_ANSWER  # Le 00 takes what fits
    status = Status.END_OF_FILE if len(rest) < asked else Status.OK
    return Answer(rest[:asked], status)


def update_binary(chip: Chip, command: Command, secured: bool) -> Answer:
    """UPDATE BINARY with a 15-bit offset; only in the creation state."""
    identifier, file = _selected_file(chip)
    if chip.state.life_cycle is not LifeCycle.CREATION:
        raise StatusError(Status.NOT_NOW)
    _require(file.update, secured)
    if not command.data:
        raise StatusError(Status.WRONG_LENGTH)
    offset = _offset_within(command, file)
    end = offset + len(command.data)
    if end > len(file.content):
        raise StatusError(Status.NO_ROOM)
    content = file.content[:offset] + command.data + file.content[end:]
    chip.state = chip.state.with_file(identifier, replace(file, content=content))
    return Answer(pages=(end - 1) // PAGE - offset // PAGE + 1)


def create_file(chip: Chip, command: Command) -> Answer:
    """CREATE FILE: the DF 7F0A, or an EF in it."""
    _require_no_parameters(command)
    plan = fcp.parse_template(command.data)
    if plan.file is None:
        return _create_application(chip)
    return _create_ef(chip, plan.identifier, plan.file)


def _create_application(chip: Chip) -> Answer:
    if chip.state.life_cycle is not None:
        raise StatusError(Status.FILE_EXISTS)
    if chip.state.free < FILE_OVERHEAD:
        raise StatusError(Status.NO_ROOM)
    chip.state = replace(chip.state, life_cycle=LifeCycle.CREATION)
    chip.session.select(APPLICATION)
    return Answer(pages=_HEADER_PAGES)


def _create_ef(chip: Chip, identifier: int, file: ElementaryFile) -> Answer:
    if chip.session.directory != APPLICATION:
        raise StatusError(Status.NO_FILE_SELECTED)
    if chip.state.life_cycle is not LifeCycle.CREATION:
        raise StatusError(Status.NOT_NOW)
    if identifier in chip.state.files:
        raise StatusError(Status.FILE_EXISTS)
    if chip.state.free < len(file.content) + FILE_OVERHEAD:
        raise StatusError(Status.NO_ROOM)
    chip.state = chip.state.with_file(identifier, file)  # not selected: the profile says so of the DF only
    return Answer(pages=_HEADER_PAGES)


def activate_file(chip: Chip, command: Command) -> Answer:
    """ACTIVATE FILE: the DF, selected or named, and all its EFs go from 01 to 05 in one write."""
    _require_no_parameters(command)
    if command.data and _identifier(command.data) != APPLICATION:
        raise StatusError(Status.FILE_NOT_FOUND)
    if not command.data:
        _require_application_selected(chip)
    if _application(chip) is not LifeCycle.CREATION:
        raise StatusError(Status.NOT_NOW)
    chip.state = replace(chip.state, life_cycle=LifeCycle.ACTIVATED)
    return Answer(pages=_HEADER_PAGES)


def terminate_df(chip: Chip, command: Command) -> Answer:
    """TERMINATE DF: the selected DF and its EFs go to 0C, from any state but that one."""
    _require_no_parameters(command)
    if command.data:
        raise StatusError(Status.WRONG_LENGTH)
    _require_application_selected(chip)
    if _application(chip) is LifeCycle.TERMINATED:
        raise StatusError(Status.NOT_NOW)
    chip.state = replace(chip.state, life_cycle=LifeCycle.TERMINATED)
    return Answer(pages=_HEADER_PAGES)


def _require_no_parameters(command: Command) -> None:
    if command.offset != 0:
        raise StatusError(Status.WRONG_P1_P2)


def _require_application_selected(chip: Chip) -> None:
    if chip.session.directory != APPLICATION:  # no DF that this command could mean (assumed)
        raise StatusError(Status.NO_FILE_SELECTED)
