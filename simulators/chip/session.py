"""What a powered card remembers until the power goes: the selected file and the secure channel."""

from dataclasses import dataclass, field

from simulators.chip.scp03 import SecureChannel, SessionKeys
from simulators.chip.state import MASTER_FILE, ChipState
from simulators.chip.store import StaticKeys


@dataclass
class Session:
    """The volatile side of the card."""

    directory: int = MASTER_FILE
    file: int | None = None  # FID of the selected EF
    offered: SessionKeys | None = None  # between INITIALIZE UPDATE and EXTERNAL AUTHENTICATE
    channel: SecureChannel | None = None

    def select(self, directory: int, file: int | None = None) -> None:
        """Make a DF current, and in it an EF or none."""
        self.directory = directory
        self.file = file

    def close_channel(self) -> None:
        """Forget the channel, and a handshake that is under way."""
        self.offered = None
        self.channel = None


@dataclass
class Chip:
    """State and session together, as the commands see them."""

    state: ChipState
    keys: StaticKeys
    session: Session = field(default_factory=Session)
