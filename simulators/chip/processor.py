"""From the bytes of a command to the answer: secure messaging, dispatch, and the faults that alter either."""

from collections.abc import Callable
from dataclasses import replace

from simulators.chip import channel_commands, file_commands
from simulators.chip.apdu import Answer, Command, parse_command
from simulators.chip.faults import Effect, Fault
from simulators.chip.scp03 import MAC
from simulators.chip.session import Chip
from simulators.chip.state import tear
from simulators.chip.status import Status, StatusError, is_protected

_PLAIN, _GLOBAL_PLATFORM, _SECURED, _READER = 0x00, 0x80, 0x84, 0xFF  # CLA
_HEADER = 4
_PREFIX = 2  # the length in front of each file's content
_EXTERNAL_AUTHENTICATE = 0x82

# ISO/IEC 7816-4, table 4; 7816-9; GPC 2.2; PC/SC part 3
_OPEN: dict[int, Callable[[Chip, Command], Answer]] = {0xA4: file_commands.select}
_BINARY: dict[int, Callable[[Chip, Command, bool], Answer]] = {
    0xB0: file_commands.read_binary,
    0xD6: file_commands.update_binary,
}
_SECURED_ONLY: dict[int, Callable[[Chip, Command], Answer]] = {
    0xE0: file_commands.create_file,
    0x44: file_commands.activate_file,
    0xE6: file_commands.terminate_df,
}
_CLASSES: dict[int, dict[int, Callable[[Chip, Command], Answer]]] = {
    _GLOBAL_PLATFORM: {0x50: channel_commands.initialize_update},
    _READER: {0xCA: channel_commands.get_uid},
}


def process(chip: Chip, apdu: bytes, fault: Fault | None) -> Answer:
    """Carry out one command on the chip.

    Args:
        chip: altered as the command asks.
        apdu: any bytes at all; what is no command gets its status word.
        fault: alters the outcome; faults that take the power or the answer are the card's.

    Returns:
        The answer as it goes over the wire, protected where the channel asks for it.
    """
    try:
        answer = _process(chip, apdu, fault)
    except StatusError as refusal:
        answer = Answer(status=refusal.status)
    if answer.status == Status.WRONG_MAC:  # "Secure channel": 6988 closes it
        chip.session.close_channel()
    return answer


def _process(chip: Chip, apdu: bytes, fault: Fault | None) -> Answer:
    command = parse_command(apdu)
    if command.cla != _SECURED:
        return _alter(chip, command, fault, lambda: _dispatch_plain(chip, command))
    header = apdu[:_HEADER]
    if command.ins == _EXTERNAL_AUTHENTICATE:
        authenticate = channel_commands.external_authenticate
        return _alter(chip, command, fault, lambda: authenticate(chip, command, header))
    return _process_secured(chip, command, header, fault)


def _process_secured(chip: Chip, command: Command, header: bytes, fault: Fault | None) -> Answer:
    channel = chip.session.channel
    if channel is None:  # the condition "channel" is not met (assumed)
        raise StatusError(Status.CONDITION_NOT_MET)
    if len(command.data) < MAC:
        raise StatusError(Status.WRONG_MAC)
    text = channel.decrypt_command(channel.accept_mac(header, command.data))
    inner = replace(command, data=text)
    answer = _alter(chip, inner, fault, lambda: _dispatch_secured(chip, inner))
    if not is_protected(answer.status):
        return answer
    return replace(answer, data=channel.protect(answer.data, answer.status))


def _dispatch_secured(chip: Chip, command: Command) -> Answer:
    if command.ins in _BINARY:
        return _BINARY[command.ins](chip, command, True)
    handler = _OPEN.get(command.ins) or _SECURED_ONLY.get(command.ins)
    if handler is None:
        raise StatusError(Status.UNKNOWN_INS)
    return handler(chip, command)


def _dispatch_plain(chip: Chip, command: Command) -> Answer:
    if command.cla == _PLAIN and command.ins in _SECURED_ONLY:
        raise StatusError(Status.CONDITION_NOT_MET)
    if command.cla == _PLAIN and command.ins in _BINARY:
        return _BINARY[command.ins](chip, command, False)
    handlers = _OPEN if command.cla == _PLAIN else _CLASSES.get(command.cla)
    if handlers is None:
        raise StatusError(Status.UNKNOWN_CLA)
    handler = handlers.get(command.ins)
    if handler is None:
        raise StatusError(Status.UNKNOWN_INS)
    return handler(chip, command)


def _alter(chip: Chip, command: Command, fault: Fault | None, execute: Callable[[], Answer]) -> Answer:
    if fault is None:
        return execute()
    if fault.effect is Effect.STATUS:
        return Answer(status=fault.status)
    if fault.effect is Effect.BROKEN_WRITE:
        return _break_write(chip, fault, execute)
    answer = execute()
    if fault.effect is Effect.WRONG_UID:
        return replace(answer, data=_flip(answer.data, len(answer.data) - 1))
    if fault.effect is Effect.WRONG_BIT:
        content = _PREFIX if command.offset == 0 else 0  # spare the length, so that the content is wrong
        return replace(answer, data=_flip(answer.data, content))
    return answer


def _break_write(chip: Chip, fault: Fault, execute: Callable[[], Answer]) -> Answer:
    before, directory, file = chip.state, chip.session.directory, chip.session.file
    answer = execute()
    if chip.state == before:
        return answer
    chip.state = tear(before, chip.state)
    chip.session.select(directory, file)
    return replace(answer, data=b"", status=fault.status)


def _flip(data: bytes, index: int) -> bytes:
    if not 0 <= index < len(data):
        return data
    return data[:index] + bytes([data[index] ^ 0x01]) + data[index + 1 :]
