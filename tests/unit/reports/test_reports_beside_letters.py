"""A process that has made letters makes reports too: ReportLab keeps one font for each typeface."""

import subprocess
import sys

PROGRAM = """
from io import BytesIO
from pathlib import Path
from reportlab.platypus import Paragraph, SimpleDocTemplate
from templates.letters.press import Press
from templates.reports.fonts import ReportFonts
from templates.reports.page import TEXT

Press.load([Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc")])
ReportFonts.load(Path("/usr/share/fonts/truetype"))
target = BytesIO()
SimpleDocTemplate(target).build([Paragraph("Berita acara", TEXT)])
print(len(target.getvalue()) > 1000)
"""


def test_a_report_is_drawn_after_the_press_was_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr
