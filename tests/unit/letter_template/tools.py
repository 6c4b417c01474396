"""Poppler, qpdf and PDFBox: programs that we did not write, as judges of a letter."""

import subprocess
from pathlib import Path

from PIL import Image

JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "jaxb-api", "javax.activation")
CLASS_PATH = ":".join(f"/usr/share/java/{name}.jar" for name in JARS)


def run(*command: str | Path) -> str:
    """Return what a program says; it must end with 0."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def text_of(letter: Path, *options: str) -> str:
    """The text as a program reads it that follows the content stream."""
    return run("pdftotext", *(options or ("-raw",)), letter, "-")


def picture_of(letter: Path, dots_per_inch: int) -> Image.Image:
    """Render the first page."""
    target = letter.with_suffix("")
    run("pdftoppm", "-r", str(dots_per_inch), "-png", "-singlefile", letter, target)
    return Image.open(target.with_suffix(".png")).convert("RGB")


def preflight(letter: Path) -> str:
    """What Apache PDFBox Preflight says of a PDF/A-1b file."""
    done = subprocess.run(
        ["java", "-cp", CLASS_PATH, "org.apache.pdfbox.preflight.Validator_A1b", str(letter)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.stdout
