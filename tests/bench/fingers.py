"""One finger compared with another: error rates, and times beside MINDTCT's extraction in the same run.

`make bench NAME=fingers IMAGES=DIR RECORDS=DIR` on real fingers; without the folders on synthetic ones, and
then the error rates mean nothing. MINDTCT is measured when the extra `nbis` is installed.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import numpy as np

from station.errors import Refused
from station.fingers.extraction.nbis import NbisExtractor
from station.fingers.extraction.own import OwnExtractor
from station.fingers.extraction.port import MinutiaeExtractor
from station.fingers.image import read_finger_image
from station.fingers.matcher import FALSE_MATCH_RATE, THRESHOLD, match_score
from station.fingers.minutiae import Minutiae
from tests.bench.fingers_rates import Trial
from tests.bench.fingers_sets import FingerSet, find_fingers, finger_of
from tests.bench.rows import Group, Row

Templates = Mapping[str, Minutiae]
Pair = tuple[Minutiae, Minutiae]

WORKERS: Final = 2
CHUNK: Final = 100  # pairs
TIMED: Final = 200  # matches
EQUAL_ERROR_LIMIT: Final = 1.0  # per cent (issue 6)
MISSES_LIMIT: Final = 2.0  # per cent, at a false match rate of 0.1 %
MATCH_GOAL: Final = 0.4
EXTRACTION_GOAL: Final = 2.0


@dataclass(frozen=True)
class Extracted:
    """Minutiae of all images, and milliseconds for each image from the file on: both extractors in turns."""

    own: Templates
    own_times: Sequence[float]
    mindtct: Templates
    mindtct_times: Sequence[float]


def measure() -> Sequence[Row]:
    """Extract, time and compare."""
    fingers = find_fingers()
    _say(_about(fingers))
    extracted = _extract(fingers)
    match = _match_time(extracted.own, fingers.records)
    crossed = _trial(extracted.own, fingers.records, both_orders=True)
    live = _trial(extracted.own, extracted.own, both_orders=False)
    rows = [*_accuracy("live x record", crossed, fingers.real), *_accuracy("live x live", live, fingers.real)]
    if extracted.mindtct:
        peer = _trial(extracted.mindtct, fingers.records, both_orders=True)
        rows += _accuracy("MINDTCT x record", peer, real=False)
    return (*rows, *_times(extracted, match))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _about(fingers: FingerSet) -> str:
    count = len({finger_of(name) for name in fingers.images})
    if fingers.real:
        return f"{len(fingers.images)} touches of {count} real fingers"
    return (
        f"IMAGES is not set: {len(fingers.images)} touches of {count} SYNTHETIC fingers. They are easier than"
        " real ones: the error rates below mean nothing for accuracy."
    )


def _extract(fingers: FingerSet) -> Extracted:
    own, mindtct = OwnExtractor(), _mindtct()
    found, peers = dict[str, Minutiae](), dict[str, Minutiae]()
    times, peer_times = list[float](), list[float]()
    for name, data in fingers.images.items():  # in turns, so that a busy machine is busy for both
        found[name] = _timed(own, data, times)
        if mindtct is not None:
            peers[name] = _timed(mindtct, data, peer_times)
    return Extracted(found, times, peers, peer_times)


def _mindtct() -> MinutiaeExtractor | None:
    try:
        return NbisExtractor(with_nfiq2=False)
    except Refused:
        _say("nbis is not installed: no figure of MINDTCT, and no goal for the times")
        return None


def _timed(extractor: MinutiaeExtractor, data: bytes, times: list[float]) -> Minutiae:
    begin = time.perf_counter()
    minutiae = extractor.extract(read_finger_image(data)).minutiae
    times.append((time.perf_counter() - begin) * 1000)
    return minutiae


def _match_time(live: Templates, records: Templates) -> float:
    """Return the median of some matches over all kinds of pairs, milliseconds."""
    pairs = [pair for _, pair in _pairs(live, records, both_orders=True)]
    times = []
    for first, second in pairs[:: max(1, len(pairs) // TIMED)]:
        begin = time.perf_counter()
        match_score(first, second)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def _pairs(first: Templates, second: Templates, *, both_orders: bool) -> Iterator[tuple[bool, Pair]]:
    """Yield all pairs of different touches, and whether they are of one finger."""
    for one in first:
        for other in second:
            if one < other or (both_orders and one != other):
                yield finger_of(one) == finger_of(other), (first[one], second[other])


def _trial(first: Templates, second: Templates, *, both_orders: bool) -> Trial:
    alike, pairs = zip(*_pairs(first, second, both_orders=both_orders), strict=True)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("forkserver")) as pool:
        scores = np.array(list(pool.map(_score, pairs, chunksize=CHUNK)))
    genuine = np.array(alike)
    return Trial(scores[genuine], scores[~genuine])


def _score(pair: Pair) -> float:
    return match_score(*pair)


def _accuracy(name: str, trial: Trial, real: bool) -> Sequence[Row]:
    pairs = f"{len(trial.genuine)} genuine, {len(trial.impostor)} impostor pairs"
    strict = trial.threshold_at(FALSE_MATCH_RATE)

    def row(what: str, share: float, limit: float, against: str, goal: float | None) -> Row:
        return Row(f"{name}: {what}, %", 100 * share, limit, against, goal if real else None)

    return (
        row("EER", trial.equal_error(), EQUAL_ERROR_LIMIT, f"the limit; {pairs}", 1.0),
        row("FNMR at FMR 1 %", trial.misses(trial.threshold_at(0.01)), MISSES_LIMIT, "for information", None),
        row(
            "FNMR at FMR 0.1 %",
            trial.misses(strict),
            MISSES_LIMIT,
            f"the limit; score {strict:.2f}",
            _goal(name),
        ),
        row(
            f"FMR at {THRESHOLD}",
            trial.false_matches(THRESHOLD),
            100 * FALSE_MATCH_RATE,
            "what the threshold claims",
            1.0,
        ),
        row(
            f"FNMR at {THRESHOLD}", trial.misses(THRESHOLD), MISSES_LIMIT, "one touch; for information", None
        ),
    )


def _goal(name: str) -> float | None:
    return 1.0 if name == "live x record" else None


def _times(extracted: Extracted, match: float) -> Sequence[Row]:
    own = statistics.median(extracted.own_times)
    if not extracted.mindtct_times:
        return (Row("match: ms, median", match, own, "our own extraction; nbis is not installed"),)
    peer = statistics.median(extracted.mindtct_times)
    return (
        Row("extraction: ms, median", own, peer, "MINDTCT's extraction (nbis-py)", EXTRACTION_GOAL),
        Row("match: ms, median", match, peer, "MINDTCT's extraction (nbis-py)", MATCH_GOAL),
    )


GROUP: Final = Group("fingers", "fingers compared, live and against another's records", measure)
