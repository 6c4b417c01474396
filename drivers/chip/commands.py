"""The commands of the card application, plain or under the secure channel."""

from typing import Final

from drivers.chip.apdu import Command
from drivers.chip.errors import ChannelClosed
from drivers.chip.fcp import FileControl
from drivers.chip.scp03 import SecureChannel
from drivers.pcsc.connection import CardConnection, Response
from drivers.pcsc.status import expect

NOT_FOUND: Final = "6A82"
TERMINATED: Final = "6285"
_INTERINDUSTRY: Final = 0x00  # class byte
_ANY_LENGTH: Final = 256  # Le for an answer of unknown length


class CardCommands:
    """The file commands of ISO 7816-4 and -9 on one card.

    Args:
        connection: the card.
        channel: the open secure channel, `None` for plain commands.
    """

    def __init__(self, connection: CardConnection, channel: SecureChannel | None = None) -> None:
        self._connection = connection
        self._channel = channel
        self._session = connection.session

    def send(self, command: Command) -> Response:
        """Send a command, under the channel if there is one.

        Raises:
            ChannelClosed: the card was powered up again since; nothing was sent.
            SecureMessagingError, ReaderError: the outcome is unknown.
        """
        if self._channel is None:
            return self.send_plain(command)
        if self._connection.session != self._session:
            self._channel.close()
            raise ChannelClosed(f"{command.name}: the card was powered up again")
        return self._channel.send(self.send_plain, command)

    def send_plain(self, command: Command) -> Response:
        """Send a command as it is."""
        return self._connection.transmit(command.to_bytes())

    def find(self, fid: int) -> FileControl | None:
        """Select a file and return its control parameters, `None` if there is no such file.

        Raises:
            StatusWordError: another refusal.
            ValueError: the answer is no FCP template.
        """
        # ISO 7816-4 clause 7.1.1: P2 = 04 asks for the FCP template.
        command = Command("SELECT", _INTERINDUSTRY, 0xA4, 0x00, 0x04, fid.to_bytes(2, "big"), _ANY_LENGTH)
        response = expect("SELECT", self.send(command), "9000", TERMINATED, NOT_FOUND)
        return None if response.sw == 0x6A82 else FileControl.decode(response.data)

    def select(self, fid: int) -> None:
        """Select a file without asking for anything (P2 = 0C).

        Raises:
            StatusWordError: it is not there.
        """
        command = Command("SELECT", _INTERINDUSTRY, 0xA4, 0x00, 0x0C, fid.to_bytes(2, "big"))
        expect("SELECT", self.send(command), "9000", TERMINATED)

    def read_binary(self, offset: int, length: int) -> bytes:
        """Read from the selected EF; fewer bytes than asked for at its end.

        Raises:
            StatusWordError: refused, or the offset lies outside.
        """
        high, low = divmod(offset, 0x100)
        # ISO 7816-4 clause 7.2.3: P1 bit 8 = 0, 15-bit offset.
        command = Command("READ BINARY", _INTERINDUSTRY, 0xB0, high, low, le=length)
        return expect("READ BINARY", self.send(command), "9000", "6282").data

    def update_binary(self, offset: int, data: bytes) -> None:
        """Write into the selected EF.

        Raises:
            StatusWordError: refused or failed.
        """
        high, low = divmod(offset, 0x100)
        command = Command("UPDATE BINARY", _INTERINDUSTRY, 0xD6, high, low, data)
        expect("UPDATE BINARY", self.send(command), "9000")

    def create_file(self, control: FileControl) -> None:
        """Create a file in the selected DF.

        Raises:
            StatusWordError: it exists, there is no room, or it is not allowed.
        """
        command = Command("CREATE FILE", _INTERINDUSTRY, 0xE0, data=control.encode())
        expect("CREATE FILE", self.send(command), "9000")

    def activate(self, fid: int) -> None:
        """Activate the DF of this name: a fuse.

        Raises:
            StatusWordError: refused or failed.
        """
        command = Command("ACTIVATE FILE", _INTERINDUSTRY, 0x44, data=fid.to_bytes(2, "big"))
        expect("ACTIVATE FILE", self.send(command), "9000")

    def terminate(self) -> None:
        """Terminate the selected DF: a fuse.

        Raises:
            StatusWordError: refused or failed.
        """
        expect("TERMINATE DF", self.send(Command("TERMINATE DF", _INTERINDUSTRY, 0xE6)), "9000")
