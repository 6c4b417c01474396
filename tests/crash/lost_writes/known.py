"""What had happened, and what had been acknowledged, when the power went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.crash.lost_writes.disk import Event, Mark
from tests.crash.lost_writes.marks import (
    CentreMark,
    CommitMark,
    DeviceMark,
    KeptMark,
    TokenMark,
    ToldMark,
    parse,
)


@dataclass(frozen=True)
class Known:
    """The outside world at one moment.

    Attributes:
        truth: number of the snapshot of what is outside: of the devices, or of the centre.
        deeds: how often each operation of a device was asked for so far.
        written: UIDs of the chips that were written to.
        contents: digests that the database may have: of the last acknowledged commit and of the next one. The
            digest of the empty database is None.
        refused_pin: the PIN that the token has refused, until another one is tried: the guard remembers one.
        kept: files that must be there.
        told: what somebody was told, or has done.
    """

    truth: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    written: frozenset[str] = frozenset()
    contents: tuple[str | None, ...] = (None,)
    refused_pin: str | None = None
    kept: tuple[KeptMark, ...] = ()
    told: tuple[ToldMark, ...] = ()

    def after(self, mark: DeviceMark | TokenMark | KeptMark | CentreMark | ToldMark) -> "Known":
        """One mark later."""
        if isinstance(mark, CentreMark):
            return replace(self, truth=mark.centre)
        if isinstance(mark, ToldMark):
            return replace(self, told=(*self.told, mark))
        if isinstance(mark, KeptMark):
            others = tuple(one for one in self.kept if one.path != mark.path)
            return replace(self, kept=(*others, mark))
        if isinstance(mark, TokenMark):
            return replace(self, refused_pin=mark.pin if mark.accepted is False else None)
        written = self.written | {mark.card} if mark.operation == "write" and mark.card else self.written
        return replace(
            self, truth=mark.truth, deeds=self.deeds + Counter([mark.operation]), written=frozenset(written)
        )


def knowledge(events: Sequence[Event], *, pretended: bool) -> list[Known]:
    """What is known after each event; item 0 is before the first.

    Args:
        events: the recording.
        pretended: whether a commit that a mutant has only pretended counts as acknowledged.
    """
    marks = [parse(event.text) if isinstance(event, Mark) else None for event in events]
    commits = [mark.digest for mark in marks if isinstance(mark, CommitMark) and (mark.real or pretended)]
    done, now = 0, Known(contents=(None, *commits[:1]))
    result = [now]
    for mark in marks:
        if isinstance(mark, CommitMark) and (mark.real or pretended):
            done += 1
            now = replace(now, contents=tuple(commits[done - 1 : done + 1]))
        elif mark is not None and not isinstance(mark, CommitMark):
            now = now.after(mark)
        result.append(now)
    return result
