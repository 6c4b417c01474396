"""`station backup restore|compare|release`: back from a backup, without making a card twice."""

from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Arguments, Context, Output
from station.commands.parsing import Noun
from station.errors import ExitStatus, Refused
from station.language import marked

if TYPE_CHECKING:
    from station.backup.releasing import Comparison, LaneWitness
    from station.backup.restoring import Restored
    from station.lanes.witness import Counters
    from station.office import Office


def add(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("restore", marked("restore a backup into an empty folder"), _restore)
        .argument("backup", marked("folder of the backup, or of the place: then the newest"))
        .option("--into", marked("folder that is empty or not there"), required=True)
    )
    noun.verb(
        "compare",
        marked("after a restore: what must be counted and compared before cards are made"),
        _compare,
    )
    (
        noun.verb("release", marked("after a restore: let cards be made again; two people sign"), _release)
        .option("--reason", marked("what you have found out"), required=True)
        .flag("--ask-each", marked("though cards are unexplained: each job is asked about first"))
        .option("--sign", marked("who signs; give it twice, one is a supervisor"), many=True)
        .option("--pins-from", marked("file of PINs, one a line, mode 0600, for programs"))
    )


def _restore(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup.place import place_of
    from station.backup.restoring import Restorer
    from station.commands.office import settings_of
    from station.database.engine import database_file
    from station.office import open_office

    settings = settings_of(context)
    target = Path(arguments.text("into")).absolute()
    place, name = place_of(Path(arguments.text("backup")))
    # The token's notes go beside the target: in it they would be in the way of the folder that is to come.
    beside = settings.model_copy(update={"data": target.parent})
    with open_office(beside) as office:
        file = database_file(settings.database)
        restored = Restorer(place, name, office.keys.journal, office.clock, file).restore(target)
    _say_restored(context.output, restored, target)
    return ExitStatus.WAITS_FOR_PERSON


def _say_restored(output: Output, restored: "Restored", target: Path) -> None:
    event = restored.event
    output.say(marked("Backup {backup} is restored into {folder}."), backup=event.backup, folder=target)
    if event.rows:
        output.say(
            marked("The journal went on for {rows} rows after the backup, and they are back too."),
            rows=event.rows,
        )
    else:
        output.say(marked("Nothing was written down beside the backup after it was made."))
    if event.left_out:
        output.say(
            marked("{count} rows after them are left out; what they say is unknown."),
            count=event.left_out,
        )
    if event.erased_again:
        output.say(marked("{count} records were erased again."), count=event.erased_again)
    if restored.lost:
        output.say(
            marked("{count} records came in after the backup and are lost: bring them again."),
            count=len(restored.lost),
        )
    output.say(marked("What happened after that is unknown, not undone. NOTHING IS PRINTED until you have:"))
    output.say(marked("  1. counted every place: station blanks count"))
    output.say(marked("  2. looked at the comparison: station backup compare"))
    output.say(marked("  3. released it with two signatures: station backup release"))
    output.document(
        {**event.model_dump(mode="json"), "folder": str(target), "lost_records": list(restored.lost)}
    )


def _compare(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup.releasing import compare
    from station.commands.office import office_of

    with office_of(context) as office:
        _look_at_printers(office)
        with office.database.reading() as transaction:
            found = compare(transaction, [lane.name for lane in office.settings.lanes])
        _say_comparison(context.output, found, office)
    is_ready = not found.uncounted and not found.unexplained
    return ExitStatus.DONE if is_ready else ExitStatus.WAITS_FOR_PERSON


def _look_at_printers(office: "Office") -> None:
    """Note the printers' counters here when no station runs; otherwise its lanes do."""
    from station.lanes.witness import note_counters
    from station.restoration import store as restorations
    from station.service.lock import StationLock

    with office.database.reading() as transaction:
        held = restorations.held(transaction)
    if held is None:
        return
    try:
        with StationLock(office.settings.lock_file):
            for lane in office.settings.lanes:
                tools = office.lane_tools(lane)
                try:
                    note_counters(tools, held)
                finally:
                    tools.printer.close()
    except Refused as error:
        if error.code != "STATION_BUSY":
            raise


def _say_comparison(output: Output, found: "Comparison", office: "Office") -> None:
    from station.commands.blanks_counts import difference_document, say_difference
    from station.local_time import shown

    zone, restoration = office.settings.office.time_zone, found.restoration
    output.say(
        marked("Restored from {backup}, the state of {at}."),
        backup=restoration.backup,
        at=shown(restoration.state_of, zone),
    )
    output.table(
        (
            marked("lane"),
            marked("cards / panels, by the books"),
            marked("by the printer"),
            marked("unexplained"),
        ),
        [
            (lane.lane, _counted(lane.before), _counted(lane.after), _number(lane.unexplained))
            for lane in found.lanes
        ],
    )
    for place in found.uncounted:
        output.say(marked("Not counted since the restore: {place}."), place=output.word(place))
    for count in found.differences:
        say_difference(output, count, zone)
    output.say(
        marked("{queued} jobs are in the queue, {waiting} wait for a person."),
        queued=found.queued,
        waiting=found.waiting,
    )
    if restoration.asks_each:
        output.say(marked("Each job is asked about before it is made: station questions list."))
    elif found.unexplained:
        output.say(marked("Cards may have been made that are not in the books: look for them first."))
        output.say(marked("Take every card out of the printers' path and keep it: nobody knows whose it is."))
    elif not found.uncounted:
        output.say(marked("Everything agrees: station backup release."))
    output.document(
        {
            "backup": restoration.backup,
            "state_of": restoration.state_of,
            "released": restoration.released is not None,
            "asks_each": restoration.asks_each,
            "lanes": [_lane_document(lane) for lane in found.lanes],
            "uncounted": list(found.uncounted),
            "differences": [difference_document(count) for count in found.differences],
            "queued": found.queued,
            "waiting": found.waiting,
        }
    )


def _counted(counters: "Counters | None") -> str:
    return f"{counters.inserted} / {counters.panels}" if counters else "?"


def _number(value: int | None) -> str:
    return "?" if value is None else str(value)


def _lane_document(lane: "LaneWitness") -> dict[str, object]:
    return {**lane.model_dump(), "unexplained": lane.unexplained}


def _release(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.commands.pins import PinSource
    from station.service.backup_operations import Released, ReleaseRestore, release_restore
    from station.service.control import carry_out

    signatures = PinSource(context, arguments.optional_text("pins_from")).sign(arguments.texts("sign"))
    request = ReleaseRestore(
        reason=arguments.text("reason"), ask_each=arguments.flag("ask_each"), signatures=signatures
    )
    with office_of(context) as office:
        released = carry_out(office, "release_restore", release_restore, request, Released)
    output = context.output
    if released.asks_each:
        output.say(marked("Released. Each job is asked about before it is made: station questions list."))
    else:
        output.say(marked("Released. Cards are made again."))
    output.document(released.model_dump(mode="json"))
    return ExitStatus.DONE
