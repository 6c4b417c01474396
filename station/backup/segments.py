"""Copying the vault's segments: only what is new, into pieces that never change again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from station.backup.files import Tick, blocks, copy_blocks, keep_on, ticking
from station.backup.manifest import Manifest, PieceEntry, SegmentStore
from station.backup.place import HIDDEN, BackupPlace
from station.backup.store import SegmentKey
from station.folders import sync_names
from station.vault.segments import SegmentPlace, segment_path


@dataclass(frozen=True)
class PiecePlan:
    """A part of a segment that is to be copied."""

    store: SegmentStore
    segment: int
    start: int
    length: int


def known_pieces(ancestor: Manifest | None, ends: Mapping[SegmentKey, int]) -> list[PieceEntry]:
    """The pieces of an earlier backup of the same history that go on being right.

    Segments are append-only up to the last record that the database names, and a piece ends there.
    """
    if ancestor is None:
        return []
    return [piece for piece in ancestor.pieces if piece.end <= ends.get((piece.store, piece.segment), 0)]


def bytes_to_copy(known: Sequence[PieceEntry], ends: Mapping[SegmentKey, int]) -> int:
    """How much is new."""
    return sum(ends.values()) - sum(piece.length for piece in known)


def copy_new(
    place: BackupPlace,
    data: Path,
    known: Sequence[PieceEntry],
    ends: Mapping[SegmentKey, int],
    tick: Tick = keep_on,
) -> list[PieceEntry]:
    """Copy what no piece holds yet; return all pieces, in the order of the segments.

    A segment that has lost its tail is copied as far as it goes: the other records must not suffer, and
    `verify` names those that are lost.

    Raises:
        OSError: the place's disk, or the vault's, fails.
    """
    pieces = list(known)
    for (name, segment), end in sorted(ends.items()):
        there = [piece.end for piece in known if (piece.store, piece.segment) == (name, segment)]
        start = max(there, default=0)
        source = segment_path(data / name, segment)
        if start < end and source.exists():
            piece = _copy(place, source, PiecePlan(name, segment, start, end - start), tick)
            pieces += [piece] if piece else []
    sync_names(place.pieces)
    return sorted(pieces, key=lambda piece: (piece.store, piece.segment, piece.offset))


def _copy(place: BackupPlace, source: Path, plan: PiecePlan, tick: Tick) -> PieceEntry | None:
    growing = place.pieces / f"{HIDDEN}{plan.store}-{plan.segment:06}"
    content = ticking(blocks(source, plan.start, plan.length), tick)
    copied, digest = copy_blocks(content, growing)
    if not copied:
        growing.unlink()
        return None
    piece = PieceEntry(
        store=plan.store, segment=plan.segment, offset=plan.start, length=copied, sha256=digest
    )
    growing.replace(place.piece(piece))
    return piece


def read_pieces(
    place: BackupPlace, pieces: Sequence[PieceEntry], store: SegmentStore, wanted: SegmentPlace
) -> bytes:
    """Read the sealed bytes of a record or a letter out of a backup; fewer when it does not hold all of them.

    Raises:
        OSError: the place's disk fails.
    """
    content = b""
    for piece in pieces:
        start = wanted.offset + len(content)
        is_of_it = (piece.store, piece.segment) == (store, wanted.segment)
        if is_of_it and piece.offset <= start < piece.end:
            length = min(wanted.end, piece.end) - start
            content += b"".join(blocks(place.piece(piece), start - piece.offset, length))
    return content


def joined(place: BackupPlace, pieces: Sequence[PieceEntry]) -> Iterator[bytes]:
    """The bytes of one segment, piece after piece.

    Raises:
        OSError: the place's disk fails.
    """
    for piece in pieces:
        yield from blocks(place.piece(piece))
