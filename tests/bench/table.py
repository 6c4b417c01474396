"""Figures as text for people."""

from collections.abc import Iterator, Sequence

from tests.bench.rows import Row

HEAD = ("figure", "ours", "peer", "ratio", "goal", "peer is")
WORDS = (0, len(HEAD) - 1)  # columns that stand to the left


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table, one line each and one for the head."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "".join("  ".join(_padded(line, widths)).rstrip() + "\n" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    goal = "" if row.goal is None else f"<= {row.goal:g}{' MISSED' if row.missed else ' ok'}"
    return (row.name, _number(row.ours), _number(row.peer), f"{row.ratio:.4f}", goal, row.against)


def _number(value: float) -> str:
    if float(value).is_integer():
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3f}"


def _padded(line: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.ljust(width) if column in WORDS else cell.rjust(width)
