"""The command line: `python -m tests.reliability`. It exits 0 only when all holds and all was tried."""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.reliability.kept import PARTS, KeptStages
from tests.reliability.options import STAGES, Options, read_options
from tests.reliability.page import publish
from tests.reliability.report import Report
from tests.reliability.stages import BY_NAME, Stage, one_case


def main(words: Sequence[str] | None = None) -> int:
    """Run the stages, print the counts, publish them.

    Returns:
        The exit status: 0 when every invariant holds and the counts asked for were reached, else 1.
    """
    options, report = read_options(words), Report()
    stages = {"case": one_case} if options.deaths else {name: BY_NAME[name] for name in options.only}
    with _drivers_silent():
        _run(stages, options, report)
    missing = [] if options.deaths else report.missing(options)
    _show(report, missing, counts=not options.deaths)
    if options.json is not None:
        options.json.write_text(json.dumps(report.document(), indent=1) + "\n", encoding="utf-8")
    holds = report.holds and not missing
    if options.write:
        _publish(options, report, holds=holds)
    return 0 if holds else 1


@contextmanager
def _drivers_silent() -> Iterator[None]:
    """The drivers tell of the faults that are struck on purpose; the caller hears them again after."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _run(stages: Mapping[str, Stage], options: Options, report: Report) -> None:
    kept = KeptStages(options.keep, options)
    for name, stage in stages.items():
        _say(f"== {name}: {(stage.__doc__ or '').strip()}")
        before = kept.take(name, report) if name in PARTS else None
        if before is not None:
            _say(f"held already, {before.held_at:%-d %B %Y %H:%M} UTC, with this same program")
            continue
        began, wrong = time.monotonic(), report.wrong
        stage(options, report, _say)
        report.seconds[name] = round(time.monotonic() - began, 1)
        if name in PARTS and report.wrong == wrong:
            kept.keep(name, report)


def _show(report: Report, missing: Sequence[str], *, counts: bool) -> None:
    for failure in report.failures:
        _say(f"FAILED {failure}")
    for what in missing:
        _say(f"NOT REACHED {what}")
    for name, count in report.counts() if counts else ():
        _say(f"{name}: {count:,}")


def _publish(options: Options, report: Report, *, holds: bool) -> None:
    if holds and options.only == STAGES and not options.deaths:
        publish(report)
    else:
        _say("docs/reliability.md is left as it is: only a whole run that holds is published")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # threads of simulators that a fault has left waiting are not waited for
