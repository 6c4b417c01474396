"""PDF/A-2b: by our rules, by qpdf, and by PDFBox Preflight on a twin of part 1."""

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from templates.letters.metadata import Conformance
from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.pdfa.checker import check
from tests.unit.letter_template.cases import foreigner, longest
from tests.unit.letter_template.tools import preflight, run


@pytest.fixture(params=["plain", "longest", "foreigner"])
def case(request: pytest.FixtureRequest, values: LetterValues) -> LetterValues:
    return {"plain": values, "longest": longest(values), "foreigner": foreigner(values)}[str(request.param)]


def test_a_letter_breaks_no_rule_of_ours(press: Press, case: LetterValues) -> None:
    assert check(press.one_letter(case)) == []
    assert check(press.one_letter(case, "folio")) == []


def test_qpdf_finds_nothing(press: Press, case: LetterValues, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(case))
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", letter)


def test_preflight_accepts_the_twin(press: Press, case: LetterValues, tmp_path: Path) -> None:
    twin = tmp_path / "twin.pdf"
    twin.write_bytes(press.one_letter(case, conformance=Conformance.A_1B))
    assert "is a valid PDF/A-1b file" in preflight(twin)


def test_the_twin_is_the_letter_but_for_part_and_version(press: Press, values: LetterValues) -> None:
    letter, twin = press.one_letter(values), press.one_letter(values, conformance=Conformance.A_1B)
    assert len(letter) == len(twin)
    different = [place for place, (one, other) in enumerate(zip(letter, twin, strict=True)) if one != other]
    names = letter.index(b"/ID[")
    assert [bytes([letter[place]]) for place in different if place < names] == [b"7", b"2"]


def test_preflight_says_why_the_letter_itself_is_none_of_part_1(
    press: Press, values: LetterValues, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(press.one_letter(values))
    assert "part must be 1" in preflight(letter)


def test_many_letters_break_no_rule_either(press: Press, values: LetterValues, tmp_path: Path) -> None:
    target = BytesIO()
    assert press.many_letters([values, longest(values), foreigner(values)], target) == 3
    assert check(target.getvalue()) == []
    letters = tmp_path / "letters.pdf"
    letters.write_bytes(target.getvalue())
    run("qpdf", "--check", letters)


def test_plain_reportlab_is_refused_by_both_judges(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    canvas = Canvas(str(plain), invariant=1)
    canvas.drawString(100, 100, "surat")
    canvas.save()
    broken = {finding.rule for finding in check(plain.read_bytes())}
    assert {"6.1.7-2", "6.2.4.3-4", "6.2.11.4-1", "6.6.2.1-1"} <= broken
    assert "is not a valid PDF/A-1b file" in preflight(plain)
