"""Reading any card on a reader: who is on it, and is it ours?"""

import time
from dataclasses import dataclass, field

from drivers.chip.biodata import Biodata
from drivers.chip.card_control import CardControl
from drivers.chip.images import ChipFiles, manifest
from drivers.chip.personaliser import SIGNATURE_FILE, ChipPersonaliser
from drivers.chip.profile import CardProfile
from drivers.pcsc.base import CardReader
from drivers.pcsc.errors import ReaderError
from drivers.pcsc.locate import ReaderUrlError, open_reader
from station.devices.chip import CARD_ERRORS, card_error
from station.devices.keys import TokenKeys
from station.errors import InputFault
from station.ports import ChipHolder, ChipState

SEEN_WITHIN = 5.0
NIK_FIELD, NAME_FIELD = 0, 13  # docs/reference/ktp-el-open.md, "Content", 6FF1


@dataclass(frozen=True)
class ChipFound:
    """What a card tells.

    Attributes:
        card: UID, hexadecimal.
        state: life cycle.
        nik, name: of the person on it, where the chip can be read with our keys.
        issue: issue number on it.
        signature_valid: whether its data are signed by this station's key for this very chip; None where
            there is nothing signed to read.
        fingers: the minutiae files, where the chip can be read.
    """

    card: str
    state: ChipState
    nik: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    issue: int | None = None
    signature_valid: bool | None = None
    fingers: tuple[bytes, ...] = field(default=(), repr=False)


class CounterReader:
    """The reader on the counter: a `ChipHolderReader`. Every look connects anew."""

    def __init__(self, url: str, profile: CardProfile, keys: TokenKeys) -> None:
        self._url, self._profile, self._keys = url, profile, keys

    def read_holder(self) -> ChipHolder:
        """Read whose card lies there; see `ChipHolderReader`."""
        found = inspect_card(self._url, self._profile, self._keys)
        return ChipHolder(
            card=found.card,
            state=found.state,
            nik=found.nik,
            issue=found.issue,
            signature_valid=found.signature_valid,
            fingers=found.fingers,
        )


def inspect_card(url: str, profile: CardProfile, keys: TokenKeys) -> ChipFound:
    """Read the card that lies on a reader. Nothing is written.

    Raises:
        DeviceAbsent, DeviceFault, OutcomeUnknown, ChipFault: no reader, no card, no answer.
    """
    try:
        reader = open_reader(url)
    except ReaderUrlError as error:
        raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=error) from error
    try:
        return _read(reader, profile, keys)
    except CARD_ERRORS as error:
        raise card_error(error, "read") from error
    finally:
        _close(reader)


def _read(reader: CardReader, profile: CardProfile, keys: TokenKeys) -> ChipFound:
    reader.wait_and_connect(time.monotonic() + SEEN_WITHIN)
    chip = ChipPersonaliser(reader, profile, keys.blanks, keys.signature)
    card, state = chip.read_uid(), ChipState(chip.read_state().value)
    if state is not ChipState.ACTIVATED:
        return ChipFound(card.hex(), state)
    return _described(card, state, chip.read_files(), profile, keys)


def _described(
    card: bytes, state: ChipState, files: dict[int, bytes], profile: CardProfile, keys: TokenKeys
) -> ChipFound:
    contents = {file.name: files[file.fid] for file in profile.files}
    texts = Biodata.decode(contents["biodata"]).texts()
    control = CardControl.decode(contents["card_control"])
    written = ChipFiles(
        biodata=contents["biodata"],
        photo=contents["photo"],
        signature_image=contents["signature_image"],
        minutiae_1=contents["minutiae_1"],
        minutiae_2=contents["minutiae_2"],
        issue=control.issue,
        nik=texts[NIK_FIELD],
    )
    signed = keys.signature.verify(manifest(profile, written, card), contents[SIGNATURE_FILE])
    fingers = tuple(content for content in (contents["minutiae_1"], contents["minutiae_2"]) if content)
    return ChipFound(card.hex(), state, texts[NIK_FIELD], texts[NAME_FIELD], control.issue, signed, fingers)


def _close(reader: CardReader) -> None:
    try:
        reader.close()
    except ReaderError:
        return  # the card or the daemon has gone: nothing is held
