"""Level 1 look at a card of the real kind: without SAM and keys, from public observation, unverified."""

from dataclasses import dataclass

from drivers.chip.apdu import Command
from drivers.chip.profile import PublicProfile
from drivers.pcsc.base import GET_UID
from drivers.pcsc.connection import CardConnection, Response


@dataclass(frozen=True)
class PublicReading:
    """What a card shows to everybody.

    Attributes:
        uid: as the reader tells it, empty when it does not.
        has_application: the card has the DF; a card is recognised by this, never by its ATR.
        photo_length: length that the photo file gives, `None` when it cannot be read.
        plausible: all of it looks like a card of this kind. It proves nothing about who made it.
    """

    uid: bytes
    has_application: bool
    photo_length: int | None
    plausible: bool


def look(connection: CardConnection, profile: PublicProfile) -> PublicReading:
    """Look at a card: UID, application, length of the photo.

    Raises:
        ReaderError: the card did not answer.
    """
    answer = connection.transmit(GET_UID)
    uid = answer.data if answer.sw == 0x9000 else b""
    has_application = _select(connection, profile.application).sw == 0x9000
    length = _photo_length(connection, profile) if has_application else None
    plausible = length is not None and profile.shortest_photo <= length <= profile.longest_photo
    return PublicReading(uid, has_application, length, bool(uid) and plausible)


def _select(connection: CardConnection, fid: int) -> Response:
    # The kiosk's own SELECT: P1 = P2 = 00 and no Le (facts: chip.md).
    return connection.transmit(Command("SELECT", 0x00, 0xA4, data=fid.to_bytes(2, "big")).to_bytes())


def _photo_length(connection: CardConnection, profile: PublicProfile) -> int | None:
    if _select(connection, profile.photo).sw != 0x9000:
        return None
    command = Command("READ BINARY", 0x00, 0xB0, le=profile.header_length)
    header = connection.transmit(command.to_bytes())
    if header.sw != 0x9000 or len(header.data) < 2:
        return None
    return int.from_bytes(header.data[:2], "big")
