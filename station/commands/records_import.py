"""`station records import`: bundles in, each record with its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context, error_document
from station.commands.parsing import Noun
from station.errors import ExitStatus, StationError
from station.language import marked

if TYPE_CHECKING:
    from station.office import Office
    from station.service.intake_operations import FileReport

LONGEST_PATHS: Final = 256 * 1024  # characters of one request's paths; the control socket takes 1 MiB


def add_to(noun: Noun) -> None:
    """Add the command to `station records`."""
    noun.verb("import", marked("take bundles in from files, folders or a disk"), _import).argument(
        "paths", marked("bundles, or folders with bundles (*.bundle)"), many=True
    )


@dataclass
class _Tally:
    """What has become of everything so far."""

    bundles: int = 0
    accepted: int = 0
    duplicates: int = 0
    before: int = 0
    set_aside: list[dict[str, object]] = field(default_factory=list)
    refused: list[dict[str, object]] = field(default_factory=list)
    warned: list[dict[str, object]] = field(default_factory=list)

    @property
    def status(self) -> ExitStatus:
        """The exit status of the command."""
        if self.refused:
            return ExitStatus.REFUSED
        return ExitStatus.WAITS_FOR_PERSON if self.set_aside else ExitStatus.DONE


def _import(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.intake.sources import find_bundles

    found = find_bundles([path.absolute() for path in arguments.paths("paths")])
    tally = _Tally()
    for fault in found.faults:
        context.output.explain(fault)
        tally.refused.append({"error": error_document(fault, context.output.language)})
    with office_of(context) as office:
        try:
            _take_all(context, office, found.files, tally)
        except StationError:
            _say_sum(context, tally)
            raise
    _say_sum(context, tally)
    context.output.document(
        {
            "bundles": tally.bundles,
            "accepted": tally.accepted,
            "duplicates": tally.duplicates,
            "before": tally.before,
            "set_aside": tally.set_aside,
            "refused": tally.refused,
            "warnings": tally.warned,
            "other_files": found.others,
        }
    )
    return tally.status


def _take_all(context: Context, office: "Office", files: Sequence[Path], tally: _Tally) -> None:
    """Ask for portion after portion; what a portion did not finish begins the next one."""
    from station.service.control import carry_out
    from station.service.intake_operations import TakeIn, TakenIn, take_in

    waiting, start = list(files), 0
    while waiting:
        request = TakeIn(files=_portion(waiting), start=start)
        taken = carry_out(office, "take_in", take_in, request, TakenIn)
        for report in taken.files:
            _count(context, tally, report)
        last = taken.files[-1]
        if last.fault and last.fault.code == "IMPORT_INTERRUPTED":
            return
        is_done = last.finished or last.fault is not None
        waiting = waiting[len(taken.files) - (0 if is_done else 1) :]
        start = 0 if is_done else last.reached


def _portion(files: Sequence[Path]) -> tuple[Path, ...]:
    from station.service.intake_operations import MOST_FILES

    room, portion = LONGEST_PATHS, list[Path]()
    for file in files[:MOST_FILES]:
        room -= len(str(file))
        if portion and room < 0:
            break
        portion.append(file)
    return tuple(portion)


def _count(context: Context, tally: _Tally, report: "FileReport") -> None:
    """Count a report of a file; a large file has several, each of what it took."""
    from station.intake.sources import printable
    from station.service.control import rebuilt

    output, name = context.output, printable(report.file)
    tally.bundles += report.finished
    tally.accepted += report.accepted
    tally.duplicates += report.duplicates
    tally.before += report.before
    for warned in report.warned:
        tally.warned.append({"file": name, "record": warned.record, "codes": list(warned.warnings)})
        for code in warned.warnings:
            output.say(
                marked("{record}: note: {note}."), record=warned.record, note=output.word(code).rstrip(".")
            )
    for one in report.set_aside:
        error = rebuilt(one.error)
        document = error_document(error, output.language)
        tally.set_aside.append({"file": name, "record": one.record, "kept": one.kept, "error": document})
        output.say(marked("{file}: record {record} was set aside."), file=name, record=one.record)
        output.explain(error)
    if report.fault:
        error = rebuilt(report.fault)
        tally.refused.append({"file": name, "error": error_document(error, output.language)})
        output.say(marked("{file}:"), file=name)
        output.explain(error)


def _say_sum(context: Context, tally: _Tally) -> None:
    context.output.say(
        marked(
            "{bundles} bundles: {accepted} records taken in, {duplicates} held already, {aside} set aside, "
            "{before} known from before."
        ),
        bundles=tally.bundles,
        accepted=tally.accepted,
        duplicates=tally.duplicates,
        aside=len(tally.set_aside),
        before=tally.before,
    )
