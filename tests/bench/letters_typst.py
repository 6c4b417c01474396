"""The same letter in typst (`letter.typ`): tagged PDF/A-2b, as ours."""

import shutil
from pathlib import Path
from typing import Final

import typst

TEMPLATE: Final = Path(__file__).with_name("letter.typ")
FONTS: Final = "/usr/share/fonts/truetype/liberation"


def prepare(folder: Path, photos: list[bytes]) -> None:
    """Put the template and the photos into a folder."""
    shutil.copy(TEMPLATE, folder)
    for number, photo in enumerate(photos):
        (folder / f"p{number}.jpg").write_bytes(photo)


def make_compiler(folder: Path) -> typst.Compiler:
    """Return a compiler that looks for no fonts but those of the letter."""
    return typst.Compiler(
        input=str(folder / TEMPLATE.name), root=str(folder), ignore_system_fonts=True, font_paths=[FONTS]
    )


def print_letters(compiler: typst.Compiler, letters: str) -> bytes:
    """Compile letters that are given as JSON."""
    made = compiler.compile(sys_inputs={"letters": letters}, pdf_standards="a-2b")
    if not isinstance(made, bytes):
        raise TypeError("typst made something else than one file")
    return made
