"""What a verifier rests on: the list of trusted keys, and the lists of withdrawn letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.errors import InputFault
from station.letters.claim.errors import ClaimRefused
from station.letters.trust import TrustList
from station.letters.withdrawals import WithdrawalList, read_list

LARGEST_LIST: Final = 4 << 20  # bytes; ten million letters have 1.25 MB of bits


@dataclass(frozen=True)
class KnownWithdrawals:
    """The lists that are believed, and the files that hold none."""

    lists: tuple[WithdrawalList, ...]
    not_believed: tuple[Path, ...]


def read_withdrawals(files: Sequence[Path], trust: TrustList) -> KnownWithdrawals:
    """Read signed lists. One that is not believed is left out, so that its letters are answered with unknown.

    Raises:
        InputFault: LETTER_FILE_UNREADABLE.
    """
    lists, not_believed = [], []
    for file in files:
        try:
            lists.append(read_list(read_presented(file, LARGEST_LIST), trust.find))
        except ClaimRefused:
            not_believed.append(file)
    return KnownWithdrawals(tuple(lists), tuple(not_believed))


def files_in(folder: Path) -> list[Path]:
    """The files in a folder of lists, by name; none where it is not there."""
    try:
        return sorted(file for file in folder.iterdir() if file.is_file())
    except OSError:
        return []


def read_presented(file: Path, most: int) -> bytes:
    """Read a file that somebody has brought.

    Raises:
        InputFault: LETTER_FILE_UNREADABLE.
    """
    try:
        with file.open("rb") as source:
            content = source.read(most + 1)
    except OSError as error:
        raise InputFault("LETTER_FILE_UNREADABLE", file=file, problem=error.strerror) from error
    if len(content) > most:
        raise InputFault("LETTER_FILE_UNREADABLE", file=file, problem=f"it has more than {most} bytes")
    return content
