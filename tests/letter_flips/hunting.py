"""Showing changed letters to the judge, in processes of their own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Final

from station.letters.presented.answers import Answer
from tests.letter_flips.changes import Change, added_bytes, changed_codes, flipped_bytes
from tests.letter_flips.letter import SignedLetter, judge

WORKERS: Final = 2
PORTION: Final = 2_000  # bytes of the file
WHOLE_EVERY: Final = (
    4_001  # of so many changed files one is judged with its page, whatever its signature says
)
BELIEVED: Final = (Answer.GENUINE, Answer.EXPIRED, Answer.WITHDRAWN)


@dataclass
class Tally:
    """How many changes ended in each answer, and those that were believed or not answered."""

    answers: Counter[str] = field(default_factory=Counter)
    believed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """All of them."""
        return sum(self.answers.values()) + len(self.failed)

    def add(self, other: "Tally") -> None:
        """Count those of another worker in."""
        self.answers.update(other.answers)
        self.believed += other.believed
        self.failed += other.failed


def hunt_files(letter: SignedLetter, positions: Iterable[int], seed: int) -> Tally:
    """Flip one bit in each of these bytes of the file."""
    return _tally(flipped_bytes(letter.pdf, positions, seed), file=True)


def hunt_ends(letter: SignedLetter) -> Tally:
    """Add bytes to the file, and take some away."""
    return _tally(added_bytes(letter.pdf), file=True)


def hunt_codes(letter: SignedLetter) -> Tally:
    """Change the code."""
    return _tally(changed_codes(letter.code), file=False)


def hunt_everything(letter: SignedLetter, seed: int) -> Iterator[tuple[str, Tally]]:
    """Hunt with all positions; each portion as it is done."""
    portions = [
        range(start, min(start + PORTION, len(letter.pdf))) for start in range(0, len(letter.pdf), PORTION)
    ]
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as workers:
        rest = (workers.submit(hunt_ends, letter), workers.submit(hunt_codes, letter))
        for tally in workers.map(partial(hunt_files, letter, seed=seed), portions):
            yield "flipped bytes of the file", tally
        for name, future in zip(("added and missing bytes of the file", "changed codes"), rest, strict=True):
            yield name, future.result()


def _tally(changes: Iterable[Change], *, file: bool) -> Tally:
    tally, judged = Tally(), judge()
    for count, (name, content) in enumerate(changes):
        try:
            answer = judged.judge_signature(content).answer if file else judged.judge(content).answer
            # What the signature does not settle, the page might: it is judged whole, and so are some others.
            if file and (answer in (Answer.GENUINE, Answer.UNSIGNED) or count % WHOLE_EVERY == 0):
                answer = judged.judge(content).answer
        except Exception as error:
            tally.failed.append(f"{name}: {type(error).__name__}")
            continue
        tally.answers[answer.value] += 1
        if answer in BELIEVED:
            tally.believed.append(name)
    return tally
