"""The commands that open the secure channel (GPC 2.2 Amendment D, 7.1), and GET UID."""

from dataclasses import replace

from cryptography.hazmat.primitives.constant_time import bytes_eq

from simulators.chip import scp03
from simulators.chip.apdu import Answer, Command, fit
from simulators.chip.session import Chip
from simulators.chip.state import APPLICATION
from simulators.chip.status import Status, StatusError

_KEY_VERSION = 0x30
_ANY_KEY_VERSION = 0x00
_SCP = 0x03
_I_PARAMETER = 0x70  # pseudo-random card challenge, R-MAC and R-ENC (Amendment D, table 5-1)
_SECURITY_LEVEL = 0x33  # C-MAC, C-ENC, R-MAC, R-ENC
_COUNTER_LIMIT = 0xFFFFFF
_COUNTER_PAGES = 1  # a counter on the chip is one page of EEPROM (assumed)
_CHALLENGE = 8


def get_uid(chip: Chip, command: Command) -> Answer:
    """GET UID (PC/SC part 3, 3.2.2.1.3), which a real contactless reader answers itself."""
    if command.offset != 0:
        raise StatusError(Status.WRONG_P1_P2)
    if command.expected is None or command.data:
        raise StatusError(Status.WRONG_LENGTH)
    return Answer(fit(chip.state.uid, command))


def initialize_update(chip: Chip, command: Command) -> Answer:
    """INITIALIZE UPDATE: both challenges are known after it; a channel that was open ends."""
    if command.p1 not in (_ANY_KEY_VERSION, _KEY_VERSION):
        raise StatusError(Status.UNKNOWN_KEY)
    if command.p2 != 0x00:
        raise StatusError(Status.WRONG_P1_P2)
    if len(command.data) != _CHALLENGE or command.expected is None:
        raise StatusError(Status.WRONG_LENGTH)
    _require_unblocked(chip)
    chip.session.close_channel()
    counter = chip.state.sequence_counter.to_bytes(3, "big")
    challenge = scp03.make_card_challenge(chip.keys.encryption, counter, APPLICATION.to_bytes(2, "big"))
    keys = scp03.derive_session(chip.keys.encryption, chip.keys.mac, command.data, challenge)
    chip.session.offered = keys
    diversification = chip.state.card_uid + bytes(2)
    information = bytes([_KEY_VERSION, _SCP, _I_PARAMETER])
    return Answer(fit(diversification + information + challenge + keys.card_cryptogram + counter, command))


def external_authenticate(chip: Chip, command: Command, header: bytes) -> Answer:
    """EXTERNAL AUTHENTICATE: opens the channel, or counts a wrong attempt.

    Args:
        chip: the card.
        command: its data is the host cryptogram and the C-MAC.
        header: CLA, INS, P1, P2 as received, which the C-MAC covers.
    """
    if command.p2 != 0x00:
        raise StatusError(Status.WRONG_P1_P2)
    if len(command.data) != _CHALLENGE + scp03.MAC:
        raise StatusError(Status.WRONG_LENGTH)
    _require_unblocked(chip)
    if command.p1 != _SECURITY_LEVEL or chip.session.offered is None:
        raise StatusError(Status.NOT_NOW)
    offered = chip.session.offered
    chip.session.close_channel()
    channel = scp03.SecureChannel(offered)
    if not _is_genuine(channel, header, command.data):
        failures = chip.state.failed_authentications + 1
        chip.state = replace(chip.state, failed_authentications=failures)
        return Answer(status=Status.AUTHENTICATION_FAILED, pages=_COUNTER_PAGES)
    counter = chip.state.sequence_counter + 1
    chip.state = replace(chip.state, sequence_counter=counter, failed_authentications=0)
    chip.session.channel = channel
    return Answer(pages=_COUNTER_PAGES)


def _is_genuine(channel: scp03.SecureChannel, header: bytes, data: bytes) -> bool:
    try:
        cryptogram = channel.accept_mac(header, data)
    except StatusError:
        return False
    return bytes_eq(cryptogram, channel.keys.host_cryptogram)


def _require_unblocked(chip: Chip) -> None:
    # the counter that has run out is the standard's end of a key set (6.2.2.1)
    if chip.state.blocked or chip.state.sequence_counter >= _COUNTER_LIMIT:
        raise StatusError(Status.CHIP_BLOCKED)
