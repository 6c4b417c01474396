"""The least that a chip of a profile can take: commands, bytes, and modelled seconds.

What is counted follows docs/reference/ktp-el-open.md. After EXTERNAL AUTHENTICATE everything travels at level
33, SELECT too: a plain SELECT between protected commands would let somebody on the air change which file is
written. A command carries at most 239 bytes of data (240 with padding, and 8 of MAC). So the least is
- INITIALIZE UPDATE and EXTERNAL AUTHENTICATE; the UID stands in the answer of the first;
- CREATE of the DF (which is selected by it) and of each EF, with the fewest tags;
- for each EF a SELECT without an answer, and UPDATEs of prefix and content, not of the padding;
- read-back, after the last write as the profile's order has it: the file that was written last is still
  selected, each other one takes a SELECT; the whole file is read, its padding too;
- ACTIVATE, which names the DF.

Not in it: GET UID, looking for the application on a card that is not known to be blank, the life cycle
before and after the fuse, and the file parameters during the read-back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.chip.fcp import Condition
from drivers.chip.profile import LENGTH_PREFIX, CardProfile, FileSpecification
from simulators.chip.timing import ChipTiming

BLOCK: Final = 16
MAC: Final = 8
STATUS_WORD: Final = 2
HEADER: Final = 4
PAGE: Final = 64  # bytes of one EEPROM page (facts: chip.md, time budget)
FID: Final = 2
FCP_OF_DF: Final = 9  # 62 07, 82 01 38, 83 02 FID
FCP_OF_EF: Final = 13  # 62 0B, 80 02 size, 82 01 01, 83 02 FID; no 8C: the channel for both
FCP_ACCESS: Final = 5  # 8C 03 03 UU RR


@dataclass(frozen=True)
class Exchange:
    """One command and its answer: bytes each way, and EEPROM pages written."""

    sent: int
    received: int
    pages: int = 0


@dataclass(frozen=True)
class Floor:
    """The least for one chip: all but the read-back, and the read-back."""

    writing: tuple[Exchange, ...]
    reading: tuple[Exchange, ...]


def floor_of(profile: CardProfile, content_lengths: Mapping[int, int]) -> Floor:
    """Return the least number of exchanges that personalise one chip.

    Args:
        profile: its files, their order, and how much one command carries.
        content_lengths: bytes of content by FID, without the length prefix.
    """
    written = [profile.file(fid) for fid in profile.write_order]
    files = [_updates(profile, file, content_lengths[file.fid]) for file in written]
    writing = (
        Exchange(HEADER + 1 + 8 + 1, 32 + STATUS_WORD),  # INITIALIZE UPDATE: challenge, Le
        Exchange(HEADER + 1 + 8 + MAC, STATUS_WORD, 1),  # EXTERNAL AUTHENTICATE; the counter is a page
        _protected(FCP_OF_DF, pages=1),
        *(_protected(_fcp_length(file), pages=1) for file in profile.files),
        *(exchange for updates in files for exchange in (_protected(FID), *updates)),
        _protected(FID, pages=1),  # ACTIVATE FILE
    )
    last, *others = reversed(written)
    reading = [*_reads(profile, last)]
    for file in others:
        reading += [_protected(FID), *_reads(profile, file)]
    return Floor(writing, tuple(reading))


def wire_bytes(exchanges: Sequence[Exchange]) -> int:
    """Return the bytes of both directions."""
    return sum(exchange.sent + exchange.received for exchange in exchanges)


def modelled_seconds(exchanges: Sequence[Exchange], timing: ChipTiming) -> float:
    """Return the time on the air and in the EEPROM."""
    return sum(
        timing.transfer("contactless", exchange.sent, exchange.received) + exchange.pages * timing.page_time
        for exchange in exchanges
    )


def _fcp_length(file: FileSpecification) -> int:
    needs_access = (file.update, file.read) != (Condition.CHANNEL, Condition.CHANNEL)
    return FCP_OF_EF + (FCP_ACCESS if needs_access else 0)


def _updates(profile: CardProfile, file: FileSpecification, content: int) -> Iterator[Exchange]:
    """The UPDATEs of one file. Each page is written once, though two commands may touch it: a bound."""
    length = LENGTH_PREFIX + content
    pages = -(-length // PAGE)
    for chunk in _chunks(length, profile.chunks.secure_update):
        yield _protected(chunk, pages=pages)
        pages = 0


def _reads(profile: CardProfile, file: FileSpecification) -> Iterator[Exchange]:
    for chunk in _chunks(file.size, profile.chunks.secure_read):
        yield _protected(0, answer=chunk, asks=True)


def _chunks(length: int, most: int) -> Iterator[int]:
    for offset in range(0, length, most):
        yield min(most, length - offset)


def _protected(data: int, answer: int = 0, pages: int = 0, *, asks: bool = False) -> Exchange:
    """A command and an answer at level 33; `asks` adds the Le."""
    sent = HEADER + 1 + _padded(data) + MAC + (1 if asks else 0)
    return Exchange(sent, _padded(answer) + MAC + STATUS_WORD, pages)


def _padded(length: int) -> int:
    """Padding is 1 to 16 bytes, and none where there is no data (GPC 2.2 Amendment D, 6.2.6)."""
    return length + BLOCK - length % BLOCK if length else 0
