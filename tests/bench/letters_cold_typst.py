"""A process that makes one letter with typst: `python -m tests.bench.letters_cold_typst FOLDER`."""

import sys
import time
from pathlib import Path

from tests.bench.letters_typst import make_compiler, print_letters

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    letters = (folder / "letter.json").read_text()
    begin = time.perf_counter()
    made = print_letters(make_compiler(folder), letters)
    sys.stdout.write(f"{(time.perf_counter() - begin) * 1000} {len(made)}")
