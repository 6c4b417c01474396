"""Layout and font files: wrong ones are found before a card is drawn."""

import subprocess
import sys
from pathlib import Path

import pytest

from templates.card import FontChangedError, FontUnreadableError, LayoutError
from templates.card.fonts import FontSet, find_font_files
from templates.card.layout import KTP_EL, Layout, load_layout


def test_a_changed_font_is_refused(layout: Layout, font_files: dict[str, Path], tmp_path: Path) -> None:
    changed = tmp_path / "LiberationSans-Regular.ttf"
    changed.write_bytes(font_files["regular"].read_bytes() + b"\0")
    with pytest.raises(FontChangedError) as caught:
        FontSet.load(layout, font_files | {"regular": changed})
    assert caught.value.role == "regular"
    assert caught.value.expected == layout.fonts["regular"].sha256


def test_an_absent_font_is_refused(layout: Layout, font_files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(FontUnreadableError, match="digits"):
        FontSet.load(layout, font_files | {"digits": tmp_path / "OCRA.ttf"})
    without = {role: path for role, path in font_files.items() if role != "bold"}
    with pytest.raises(FontUnreadableError, match="bold"):
        FontSet.load(layout, without)


def test_a_file_that_is_no_font_is_refused(
    layout: Layout, font_files: dict[str, Path], tmp_path: Path
) -> None:
    text = tmp_path / "font.ttf"
    text.write_bytes(b"")
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    wrong = layout.fonts["bold"].model_copy(update={"sha256": digest})
    changed = layout.model_copy(update={"fonts": layout.fonts | {"bold": wrong}})
    with pytest.raises(FontUnreadableError, match="bold"):
        FontSet.load(changed, font_files | {"bold": text})


def test_font_files_are_found_by_name_in_a_folder_or_below(
    layout: Layout, font_files: dict[str, Path], tmp_path: Path
) -> None:
    for role, path in font_files.items():
        folder = tmp_path / ("one" if role == "digits" else ".")
        folder.mkdir(exist_ok=True)
        (folder / path.name).write_bytes(path.read_bytes())
    found = find_font_files(layout, [tmp_path / "nowhere", tmp_path])
    assert found["digits"] == tmp_path / "one" / "OCRA.ttf"
    with pytest.raises(FontUnreadableError):
        find_font_files(layout, [tmp_path / "one"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version = 1", "version = 0"),
        ("width = 85.60", "width = 60.0"),
        ('style = "nik"', 'style = "nowhere"'),
        ("[fonts.digits]", "[fonts.letters]"),
        ('name = "rt_rw"', 'name = "village"'),
        ("one_line_minimum = 1.7", "one_line_minimum = 9.7"),
        ("[photo]", "[photograph]"),
        ("[photo]", "[photo"),
    ],
)
def test_a_broken_layout_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = KTP_EL.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LayoutError, match=r"broken\.toml"):
        load_layout(broken)


def test_an_absent_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError):
        load_layout(tmp_path / "none.toml")


def test_boxes_of_the_layout_do_not_overlap(layout: Layout) -> None:
    boxes = [*layout.texts, layout.photo, layout.signature]
    for number, first in enumerate(boxes):
        for second in boxes[number + 1 :]:
            apart = (
                first.x + first.width <= second.x + 1e-9
                or second.x + second.width <= first.x + 1e-9
                or first.y + first.height <= second.y + 1e-9
                or second.y + second.height <= first.y + 1e-9
            )
            assert apart, (first, second)


def test_the_package_itself_is_light() -> None:
    heavy = "[name for name in ('numpy', 'PIL', 'pydantic', 'fontTools') if name in sys.modules]"
    command = f"import sys, templates.card, templates.card.vocabulary; sys.exit(len({heavy}))"
    assert subprocess.run([sys.executable, "-c", command], check=False, timeout=30).returncode == 0
