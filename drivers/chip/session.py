"""One card under one profile: who it is, what state it is in, and the secure channel to it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from drivers.chip.commands import CardCommands
from drivers.chip.errors import ChipBlocked, ForeignCard, UidMismatch
from drivers.chip.fcp import FileControl, LifeCycle
from drivers.chip.keys import KeyService
from drivers.chip.profile import CardProfile
from drivers.chip.scp03 import CHALLENGE_LENGTH, InitializeUpdateAnswer, SecureChannel, initialize_update
from drivers.pcsc.base import GET_UID
from drivers.pcsc.connection import CardConnection
from drivers.pcsc.status import StatusWordError, expect, matches


class ChipState(Enum):
    """Life cycle of the application on a chip."""

    BLANK = "blank"
    CREATION = "creation"
    ACTIVATED = "activated"
    TERMINATED = "terminated"
    FOREIGN = "foreign"


_STATES: Final[dict[int | None, ChipState]] = {
    LifeCycle.CREATION: ChipState.CREATION,
    LifeCycle.ACTIVATED: ChipState.ACTIVATED,
    LifeCycle.TERMINATED: ChipState.TERMINATED,
}


@dataclass(frozen=True)
class Greeting:
    """An INITIALIZE UPDATE and its answer."""

    host_challenge: bytes
    answer: InitializeUpdateAnswer


class ChipSession:
    """The card that stands in a reader; it stays bound to the first UID that it has read.

    Args:
        connection: the card.
        profile: what a chip of this kind looks like.
        keys: derives the card's keys inside the token.
        challenge: gives random bytes.
    """

    def __init__(
        self,
        connection: CardConnection,
        profile: CardProfile,
        keys: KeyService,
        challenge: Callable[[int], bytes],
    ) -> None:
        self._connection = connection
        self._profile = profile
        self._keys = keys
        self._challenge = challenge
        self._uid: bytes | None = None
        self._uid_session = -1
        self._channel: SecureChannel | None = None
        self._channel_session = -1

    def read_uid(self) -> bytes:
        """Return the card UID, 8 bytes; asked once for each power-up.

        Raises:
            ForeignCard: the card tells none that the profile knows.
            UidMismatch: another card than at first.
            ReaderError: no answer.
        """
        if self._uid is None or self._uid_session != self._connection.session:
            answer = self._connection.transmit(GET_UID)
            if answer.sw != 0x9000 or len(answer.data) not in (7, 8):
                raise ForeignCard(f"GET UID answered {len(answer.data)} bytes and {answer.sw:04X}")
            uid = self._profile.card_uid(answer.data)
            if self._uid not in (None, uid):
                raise UidMismatch(self._uid or b"", uid)
            self._uid, self._uid_session = uid, self._connection.session
        return self._uid

    def probe(self) -> tuple[ChipState, Greeting | None]:
        """Return the state, and for a blank the greeting by which it was recognised.

        Raises:
            ChipBlocked: a blank that opens no channel any more.
            ReaderError: no answer.
        """
        try:
            control = CardCommands(self._connection).find(self._profile.application)
            if control is not None:
                return state_of(control), None
            return ChipState.BLANK, self._greet()
        except (StatusWordError, ForeignCard, ValueError):
            return ChipState.FOREIGN, None

    def secure_commands(self, greeting: Greeting | None = None) -> CardCommands:
        """Return commands under the open channel, opening one if there is none.

        Args:
            greeting: one that the card has just answered, so that it need not be asked again.

        Raises:
            ForeignCard, UidMismatch, KeyMismatch, AuthenticationRefused, ChipBlocked: no channel.
            StatusWordError, ReaderError: as the names say.
        """
        uid = self.read_uid()
        channel = self._channel
        if greeting is not None or channel is None or not self._is_open(channel):
            channel = self._open_channel(uid, greeting or self._greet())
        return CardCommands(self._connection, channel)

    def _is_open(self, channel: SecureChannel) -> bool:
        return not channel.closed and self._channel_session == self._connection.session

    def _greet(self) -> Greeting:
        """Send INITIALIZE UPDATE and check what the card says of itself."""
        wanted = self._profile.secure_channel
        challenge = self._challenge(CHALLENGE_LENGTH)
        command = initialize_update(wanted.key_version, challenge)
        response = CardCommands(self._connection).send_plain(command)
        if matches("6983", response.sw):
            raise ChipBlocked(f"{command.name}: 6983")
        answer = InitializeUpdateAnswer.parse(expect(command.name, response, "9000").data)
        found = (answer.key_version, answer.protocol, answer.parameter)
        if found != (wanted.key_version, wanted.protocol, wanted.parameter):
            raise ForeignCard(f"key information {bytes(found).hex()}")
        return Greeting(challenge, answer)

    def _open_channel(self, uid: bytes, greeting: Greeting) -> SecureChannel:
        # Ours: the diversification data begins with the card UID.
        named = greeting.answer.diversification[: len(uid)]
        if named != uid:
            raise UidMismatch(uid, named)
        transmit = CardCommands(self._connection).send_plain
        with self._keys.card_keys(uid) as keys:
            channel = SecureChannel.open(transmit, keys, greeting.host_challenge, greeting.answer)
        self._channel, self._channel_session = channel, self._connection.session
        return channel


def state_of(control: FileControl) -> ChipState:
    """Return the state that the application tells; one that tells none is not ours."""
    return _STATES.get(control.life_cycle, ChipState.FOREIGN)
