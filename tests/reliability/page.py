"""The published counts: the part of docs/reliability.md between its marks."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.reliability.report import Count, Report

PAGE: Final = Path(__file__).parents[2] / "docs" / "reliability.md"
BLOCK: Final = re.compile(r"(<!-- counts -->\n).*?(<!-- /counts -->)", re.DOTALL)


def publish(report: Report, page: Path = PAGE) -> None:
    """Put the counts of a whole run into the page.

    Raises:
        LookupError: the page has no marks, or more than one pair.
    """
    text = page.read_text(encoding="utf-8")
    fresh, replaced = BLOCK.subn(lambda found: f"{found[1]}{counts_text(report)}{found[2]}", text)
    if replaced != 1:
        raise LookupError(f"{page} has {replaced} places for the counts")
    page.write_text(fresh, encoding="utf-8")


def counts_text(report: Report) -> str:
    """The counts, the faults by name and what they took, as Markdown."""
    minutes = ", ".join(f"{stage} {seconds / 60:.0f}" for stage, seconds in report.seconds.items())
    days = sorted({moment.date() for moment in report.held_at.values()})
    made = " and ".join(f"{day:%-d %B %Y}" for day in days)
    cores = len(os.sched_getaffinity(0))
    return (
        f"{_table(('Count', ''), _shown(report.counts()))}\n"
        f"{cores} cores, {made}. Minutes: {minutes}.\n\n"
        f"Faults that struck while cards were made:\n\n"
        f"{_table(('Fault', 'Times'), _shown(report.struck.items()))}"
    )


def _shown(counts: Iterable[Count]) -> Iterator[tuple[str, str]]:
    return ((name, f"{count:,}") for name, count in counts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (heads, ("---", "---:"), *rows)
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
