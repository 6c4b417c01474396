"""What may stand behind the image of a record: segmentation, annotation, comments (facts: sbi.md 3).

Each is read to its last byte, so that no damage in it goes unseen. Nothing of it is used, but for the
annotation: a finger that is marked as amputated or unusable has no image to compare.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from drivers.sbi.errors import Reason, RecordUnusable
from drivers.sbi.record_bytes import RecordBytes

_HEAD: Final = struct.Struct(">HH")  # type, length with these 4 bytes
_SEGMENTATION: Final = struct.Struct(">HHBHHB")  # vendor, algorithm, quality, its vendor and algorithm, count
_SEGMENT: Final = struct.Struct(">BBB")  # position, quality, points
_POINT: Final = struct.Struct(">HH")
_ANNOTATION: Final = struct.Struct(">BB")  # position, 1 amputated or 2 unusable
SEGMENTATION: Final = 1
ANNOTATION: Final = 2
LAST_COMMENT: Final = 255  # 3 to 255 are comments


@dataclass(frozen=True)
class ExtendedBlock:
    """A block: its type and its bytes behind the head."""

    type: int
    content: bytes = field(repr=False)


def read_blocks(source: RecordBytes) -> tuple[ExtendedBlock, ...]:
    """Read all blocks up to the record's end.

    Raises:
        RecordUnusable: RECORD_MALFORMED, one is broken, unknown, or out of order.
    """
    blocks = list[ExtendedBlock]()
    while source.left:
        kind, length = source.unpack(_HEAD)
        if length < _HEAD.size:
            raise _broken("an extended block is shorter than its head")
        block = ExtendedBlock(kind, source.take(length - _HEAD.size))
        if blocks and not _may_follow(blocks[-1].type, kind):
            raise _broken(f"block {kind} stands behind block {blocks[-1].type}")
        _require_whole(block)
        blocks.append(block)
    return tuple(blocks)


def annotated(blocks: tuple[ExtendedBlock, ...]) -> frozenset[int]:
    """Positions of fingers that are marked as amputated or unusable."""
    return frozenset(
        position
        for block in blocks
        if block.type == ANNOTATION
        for position, _ in _ANNOTATION.iter_unpack(block.content[1:])
    )


def _may_follow(before: int, kind: int) -> bool:
    """Segmentation, annotation, comments: in this order, the first two once."""
    return kind > before or (kind == before and kind > ANNOTATION)


def _require_whole(block: ExtendedBlock) -> None:
    source = RecordBytes(block.content)
    if block.type == SEGMENTATION:
        *_, count = source.unpack(_SEGMENTATION)
        for _ in range(count):
            *_, points = source.unpack(_SEGMENT)
            source.take(points * _POINT.size + 1)  # and the orientation
    elif block.type == ANNOTATION:
        source.take(source.byte() * _ANNOTATION.size)
    elif not ANNOTATION < block.type <= LAST_COMMENT:
        raise _broken(f"a block of the unknown type {block.type}")
    else:
        source.take(source.left)
    if source.left:
        raise _broken(f"block {block.type} has bytes too many")


def _broken(problem: str) -> RecordUnusable:
    return RecordUnusable(Reason.RECORD_MALFORMED, problem)
