"""Breaking a text into lines of a width. Widths of words add up: the fonts are set without kerning."""

from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
"""The length of a text in points, at the size that it will have."""

Paragraph = tuple[tuple[str, float], ...]
"""Lines, each with how much wider its blanks are, in points."""


def break_lines(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """Fill lines with whole words; a word that is longer than a line is broken where the line ends.

    A line that another follows keeps the blank at its end, so that words stay apart for who reads the text
    without the lines.
    """
    blank = measure(" ")
    lines: list[str] = []
    words: list[str] = []
    used = 0.0
    for word, length in _pieces(text, width, measure):
        if words and used + blank + length > width:
            lines.append(" ".join(words) + " ")
            words, used = [], 0.0
        used += length + (blank if words else 0)
        words.append(word)
    return (*lines, " ".join(words))


def _pieces(text: str, width: float, measure: Measure) -> Iterator[tuple[str, float]]:
    for word in text.split():
        rest, length = word, measure(word)
        while length > width:
            end = next(end for end in range(len(rest), 0, -1) if end == 1 or measure(rest[:end]) <= width)
            yield rest[:end], measure(rest[:end])
            rest = rest[end:]
            length = measure(rest)
        if rest:
            yield rest, length


def set_paragraph(text: str, width: float, measure: Measure) -> Paragraph:
    """Break a text into lines that all end at the margin but for the last."""
    *full, last = break_lines(text, width, measure)
    return (*((line, _word_space(line.rstrip(), width, measure)) for line in full), (last, 0.0))


def _word_space(line: str, width: float, measure: Measure) -> float:
    blanks = line.count(" ")
    return (width - measure(line)) / blanks if blanks else 0.0
