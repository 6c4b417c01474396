"""Tables and signature lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Table, TableStyle

from .fonts import REGULAR
from .page import (
    CENTRE,
    CONTENT_WIDTH,
    HEAD,
    HEAD_RIGHT,
    NUMBER,
    SERIAL,
    SMALL,
    STRONG,
    STRONG_NUMBER,
    TEXT,
    gap,
    paragraph,
)

LINE = Color(0.45, 0.45, 0.45)
# A table names the font of its cells in the file even where a paragraph brings its own: it must be embedded.
BASE = (("FONTNAME", (0, 0), (-1, -1), REGULAR), ("VALIGN", (0, 0), (-1, -1), "TOP"))


class Kind(Enum):
    """How the cells of a column are set."""

    TEXT = 1
    NUMBER = 2
    SERIAL = 3


@dataclass(frozen=True)
class Column:
    """One column: its head, its share of the width, and how its cells are set."""

    head: str
    share: float
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Signer:
    """One signature line: what for, whose name (dots when it is not known), and his office or role."""

    role: str
    name: str | None
    office: str = ""


STYLES = {Kind.TEXT: SMALL, Kind.NUMBER: NUMBER, Kind.SERIAL: SERIAL}
STRONG_STYLES = {Kind.TEXT: STRONG, Kind.NUMBER: STRONG_NUMBER, Kind.SERIAL: STRONG}


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    total: Sequence[str] | None = None,
    empty: str = "Nihil.",
) -> Flowable:
    """A ruled table whose head is repeated on every page; one line says so when it is empty."""
    if not rows:
        return paragraph(empty, SMALL)
    heads = [paragraph(one.head, HEAD_RIGHT if one.kind is Kind.NUMBER else HEAD) for one in columns]
    body = [_row(columns, row, STYLES) for row in rows]
    foot = [_row(columns, total, STRONG_STYLES)] if total else []
    shares = sum(column.share for column in columns)
    made = Table(
        [heads, *body, *foot],
        colWidths=[CONTENT_WIDTH * column.share / shares for column in columns],
        repeatRows=1,
    )
    made.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 0.9, LINE),
                ("LINEBELOW", (0, 0), (-1, 0), 0.9, LINE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
                ("LINEBELOW", (0, -1), (-1, -1), 0.9, LINE),
                *([("LINEABOVE", (0, -1), (-1, -1), 0.9, LINE)] if foot else []),
                *BASE,
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return made


def _row(
    columns: Sequence[Column], cells: Sequence[str], styles: dict[Kind, ParagraphStyle]
) -> list[Paragraph]:
    return [paragraph(cell, styles[column.kind]) for column, cell in zip(columns, cells, strict=True)]


def facts(rows: Sequence[tuple[str, str]], style: ParagraphStyle = TEXT) -> Flowable:
    """Label, colon, value: the way particulars stand in minutes."""
    made = Table(
        [[paragraph(label, style), paragraph(":", style), paragraph(value, style)] for label, value in rows],
        colWidths=[54 * mm, 4 * mm, CONTENT_WIDTH - 58 * mm],
        hAlign="LEFT",
    )
    made.setStyle(
        TableStyle(
            [
                *BASE,
                ("TOPPADDING", (0, 0), (-1, -1), 0.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
                ("LEFTPADDING", (0, 0), (0, -1), 8),
                ("LEFTPADDING", (1, 0), (-1, -1), 0),
            ]
        )
    )
    return made


def people(rows: Sequence[tuple[str, str]]) -> Flowable:
    """Numbered people with their roles or offices."""
    cells = [
        [paragraph(text, TEXT) for text in line]
        for number, (name, office) in enumerate(rows, 1)
        for line in ((f"{number}.", "Nama", ":", name), ("", "Jabatan/instansi", ":", office))
    ]
    made = Table(
        cells, colWidths=[10 * mm, 36 * mm, 4 * mm, CONTENT_WIDTH - 54 * mm], hAlign="LEFT", spaceAfter=6
    )
    made.setStyle(
        TableStyle(
            [
                *BASE,
                ("TOPPADDING", (0, 0), (-1, -1), 0.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("LEFTPADDING", (0, 0), (0, -1), 8),
            ]
        )
    )
    return made


def signatures(signers: Sequence[Signer], place_and_date: str, closing: str | None = None) -> Flowable:
    """Signature lines, two beside each other, never torn from the closing sentence, place and date."""
    pairs = [tuple(signers[at : at + 2]) for at in range(0, len(signers), 2)]
    parts: list[Flowable] = [paragraph(closing)] if closing else []
    parts += [gap(3), _right(place_and_date)]
    for pair in pairs:
        cells = [_signature(signer) for signer in pair] + [[gap()]] * (2 - len(pair))
        if len(signers) == 1:
            cells.reverse()  # one alone signs under place and date
        made = Table([cells], colWidths=[CONTENT_WIDTH / 2] * 2)
        made.setStyle(TableStyle([*BASE, ("TOPPADDING", (0, 0), (-1, -1), 4)]))
        parts.append(made)
    return KeepTogether(parts)


def _signature(signer: Signer) -> list[Flowable]:
    name = signer.name or "." * 40
    lines: list[Flowable] = [paragraph(signer.role, CENTRE), gap(14)]
    lines.append(Paragraph(f"<u>{_escaped(name)}</u>" if signer.name else _escaped(name), CENTRE))
    if signer.office:
        lines.append(paragraph(signer.office, CENTRE))
    return lines


def _right(text: str) -> Flowable:
    made = Table([[paragraph("", CENTRE), paragraph(text, CENTRE)]], colWidths=[CONTENT_WIDTH / 2] * 2)
    made.setStyle(TableStyle([*BASE, ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]))
    return made


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
