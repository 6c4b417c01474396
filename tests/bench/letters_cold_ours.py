"""A process that makes one letter: `python -m tests.bench.letters_cold_ours FOLDER`."""

import pickle
import sys
import time
from pathlib import Path

from templates.letters.press import Press

FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc"))

if __name__ == "__main__":
    letter = pickle.loads((Path(sys.argv[1]) / "letter.pickle").read_bytes())
    begin = time.perf_counter()
    made = Press.load(FOLDERS).one_letter(letter)
    sys.stdout.write(f"{(time.perf_counter() - begin) * 1000} {len(made)}")
