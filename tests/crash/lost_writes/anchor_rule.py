"""The last line of the anchor, with a hole where a power cut has lost a block, is a torn line and no forgery.

Whether a recorded day has a line over the edge of a block depends on its length; here one has.
"""

from pathlib import Path

from station.audit.head import Head
from station.audit.heads import read_anchor
from tests.crash.lost_writes.rule_broken import RuleBroken

HEAD = Head(sequence=1, hash="ab" * 32, signature="cd" * 64, signed_at="2026-11-29T00:00:00Z")


def a_hole_in_the_last_line_is_no_forgery(folder: Path) -> None:
    """A sound line, then one whose middle is zeros though its end is there."""
    folder.mkdir(parents=True)
    line = HEAD.model_dump_json().encode() + b"\n"
    middle = len(line) // 2
    anchor = folder / "anchor"
    anchor.write_bytes(line + line[:middle] + bytes(len(line) - middle - 1) + b"\n")
    heads, unreadable = read_anchor(anchor)
    if heads != [HEAD] or unreadable:
        raise RuleBroken(f"{len(heads)} heads, {unreadable} lines that cannot be read")
