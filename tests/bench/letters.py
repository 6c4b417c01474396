"""The substitute letter beside typst and fpdf2: many in a file, a file each, the first of a process.

Rounds of the engines follow one another, so that a busy machine is busy for all, and the best round of each
counts. The codes are encoded by zxing-cpp for all three, since typst and fpdf2 have no encoder of their own:
peers get them ready made, ours are taken off by their own measured time.
"""

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from templates.letters.codes import Modules, barcode_modules, qr_modules
from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.bench import letters_fpdf2, letters_signing, letters_typst
from tests.bench.clocking import Spent, best_of_each, milliseconds, spent_on
from tests.bench.letters_content import FOLDERS, PHOTOS, as_json, encoded, make_letters, renumbered
from tests.bench.rows import BenchFailed, Group, Row

MANY: Final = 100
SEPARATE: Final = 10
ROUNDS: Final = 7
STARTS: Final = 9
QR_VERSION: Final = 5
MANY_GOAL: Final = 1 / 3
SEPARATE_GOAL: Final = 1 / 1.3
COLD_GOAL: Final = 1.1
NOTHING: Final = Spent(0, 0)


@dataclass
class Engines:
    """The three engines over the same letters. Each call has other numbers, so that nothing is kept."""

    press: Press
    folder: Path
    letters: list[LetterValues]
    rounds: int = 0

    def next_letters(self, count: int) -> list[LetterValues]:
        """Return letters that no engine has seen."""
        self.rounds += 1
        return renumbered(self.letters[:count], self.rounds)

    def works(self, count: int, *, together: bool) -> tuple[Callable[[], Spent], ...]:
        """Return what makes a number of letters with each engine, in one file or each in its own.

        Each returns what a letter takes.
        """
        compiler = letters_typst.make_compiler(self.folder)

        def ours() -> Spent:
            letters = self.next_letters(count)
            spent = spent_on(lambda: self._print(letters, together=together))
            return spent.less(spent_on(lambda: _encode(letters)), count)

        def typst() -> Spent:
            letters = self.next_letters(count)
            files = [as_json(letters)] if together else [as_json([letter]) for letter in letters]
            work = spent_on(lambda: [letters_typst.print_letters(compiler, file) for file in files])
            return work.less(NOTHING, count)

        def fpdf2() -> Spent:
            letters = self.next_letters(min(count, SEPARATE))  # it is slow, and no faster for many
            codes = _encode(letters)
            files = [letters] if together else [[letter] for letter in letters]
            pairs = [codes] if together else [[pair] for pair in codes]
            work = spent_on(lambda: [*map(letters_fpdf2.print_letters, files, pairs)])
            return work.less(NOTHING, len(letters))

        return ours, typst, fpdf2

    def _print(self, letters: Sequence[LetterValues], *, together: bool) -> None:
        if together:
            self.press.many_letters(letters, BytesIO())
        else:
            for letter in letters:
                self.press.one_letter(letter)


def _encode(letters: Sequence[LetterValues]) -> list[tuple[Modules, Modules]]:
    return [encoded(letter) for letter in letters]


def measure() -> Sequence[Row]:
    """Make the letters with all three engines."""
    letters = make_letters(MANY)
    if qr_modules(letters[0].qr_payload).width != 17 + 4 * QR_VERSION:
        raise BenchFailed(f"the QR code is not of version {QR_VERSION}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        letters_typst.prepare(folder, [letter.holder.photo for letter in letters[:PHOTOS]])
        engines = Engines(Press.load(FOLDERS), folder, letters)
        return (
            *_rows(
                f"letter, {MANY} in one file",
                best_of_each(engines.works(MANY, together=True), ROUNDS),
                MANY_GOAL,
            ),
            *_rows(
                "letter, a file each",
                best_of_each(engines.works(SEPARATE, together=False), ROUNDS),
                SEPARATE_GOAL,
            ),
            *_cold(engines),
            *_codes(letters[0]),
            *letters_signing.rows(),
        )


def _rows(name: str, times: Sequence[Spent], goal: float) -> Iterator[Row]:
    ours, typst, fpdf2 = times
    yield Row(f"{name}: ms", ours.wall, typst.wall, "typst, tagged PDF/A-2b as ours", round(goal, 3))
    yield Row(f"{name}: ms of all cores", ours.cores, typst.cores, "the same; typst uses several")
    yield Row(f"{name}: ms", ours.wall, fpdf2.wall, "fpdf2, neither tagged nor PDF/A")


def _cold(engines: Engines) -> Iterator[Row]:
    """The first letter of a process: from its libraries imported to the bytes, and the whole process."""
    letter = engines.letters[0]
    (engines.folder / "letter.json").write_text(as_json([letter]))
    (engines.folder / "letter.pickle").write_bytes(pickle.dumps(letter))
    inside: dict[str, float] = {}

    def start(module: str) -> Callable[[], Spent]:
        def process() -> None:
            first = _first_letter(module, engines.folder)
            inside[module] = min(first, inside.get(module, first))

        return lambda: spent_on(process)

    modules = ("tests.bench.letters_cold_ours", "tests.bench.letters_cold_typst")
    whole = best_of_each([start(module) for module in modules], STARTS)
    ours, typst = (inside[module] for module in modules)
    yield Row("first letter of a process, fonts read: ms", ours, typst, "typst", COLD_GOAL)
    yield Row("whole process with its imports, one letter: ms", whole[0].wall, whole[1].wall, "typst")


def _first_letter(module: str, folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchFailed(f"{module}: {done.stderr.strip()}")
    return float(done.stdout.split()[0])


def _codes(letter: LetterValues) -> Iterator[Row]:
    """What the encoding of the codes costs, which the rows above leave out."""
    yield Row(
        f"QR version {QR_VERSION} encoded (zxing-cpp): ms",
        milliseconds(lambda: qr_modules(letter.qr_payload)),
        milliseconds(lambda: _reportlab_qr(str(letter.qr_payload))),
        "ReportLab's own encoder",
    )
    yield Row(
        "NIK encoded as Code 128 (zxing-cpp): ms",
        milliseconds(lambda: barcode_modules(letter.holder.nik)),
        milliseconds(lambda: _reportlab_barcode(letter.holder.nik)),
        "ReportLab's own encoder",
    )


def _reportlab_qr(text: str) -> None:
    code = QRCode(QR_VERSION, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()


def _reportlab_barcode(digits: str) -> None:
    code = Code128(digits)
    code.validate()  # type: ignore[no-untyped-call]
    code.encode()  # type: ignore[no-untyped-call]
    code.decompose()  # type: ignore[no-untyped-call]


GROUP: Final = Group("letters", "the substitute letter; best of several rounds", measure)
