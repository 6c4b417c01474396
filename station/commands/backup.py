"""`station backup`: the second place, and the way back from it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands import backup_restore
from station.commands.context import Arguments, Context, Output, error_document
from station.commands.parsing import Noun
from station.errors import ExitStatus, Refused
from station.language import Language, marked

if TYPE_CHECKING:
    from station.backup.place import BackupPlace
    from station.backup.verifying import Verification
    from station.office import Office

MEGABYTE = 1_000_000


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "backup", marked("back up to a second place, verify, restore"))
    noun.verb("run", marked("make a backup now"), _run).option(
        "--to", marked("folder of the place; otherwise that of the settings")
    )
    noun.verb("list", marked("show the backups, and how old the last good one is"), _list).option(
        "--to", marked("folder of the place; otherwise that of the settings")
    )
    (
        noun.verb("verify", marked("read a whole backup again and open records with the token"), _verify)
        .option("--from", marked("folder of a backup or of the place; otherwise the newest of the settings"))
        .flag("--all", marked("open every record, not a sample"))
    )
    (
        noun.verb("drill", marked("restore into a folder for trial, look, and remove it"), _drill)
        .option("--from", marked("folder of a backup or of the place; otherwise the newest of the settings"))
        .option("--scratch", marked("folder for the trial; otherwise beside the data"))
    )
    backup_restore.add(noun)


def place_of_settings(office: "Office", given: str | None) -> "BackupPlace":
    """The place that was given, or that of the settings.

    Raises:
        Refused: BACKUP_PLACE_UNSET.
    """
    from station.backup.place import BackupPlace

    folder = Path(given) if given else office.settings.backup.place
    if folder is None:
        raise Refused("BACKUP_PLACE_UNSET")
    return BackupPlace(folder)


def named_backup(office: "Office", given: str | None) -> "tuple[BackupPlace, str]":
    """The backup that was named, or the newest of the settings' place.

    Raises:
        Refused: BACKUP_PLACE_UNSET. DeviceAbsent: BACKUP_PLACE_ABSENT. InputFault: BACKUP_UNREADABLE.
    """
    from station.backup.place import place_of

    if given is None:
        place_of_settings(office, None).require(known=True)
    return place_of(Path(given) if given else place_of_settings(office, None).folder)


def _run(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup import store
    from station.backup.making import BACKUP_MADE, BackupMaker
    from station.commands.office import office_of
    from station.disk_space.guard import on_same_disk

    given = arguments.optional_text("to")
    with office_of(context) as office:
        place = place_of_settings(office, given)
        with office.database.reading() as transaction:
            known = store.last_time(transaction, BACKUP_MADE) is not None and given is None
        made = BackupMaker(office.backup_source, place, office.settings.backup.keep).make(known=known)
        same_disk = on_same_disk(place.folder, office.settings.data)
    output, manifest = context.output, made.manifest
    output.say(
        marked("Backup {name} at {place}: {size} MB, of which {copied} MB are new. Read again and good."),
        name=manifest.name,
        place=place.folder,
        size=-(-manifest.length // MEGABYTE),
        copied=-(-made.copied // MEGABYTE),
    )
    if made.lost:
        output.say(
            marked("{count} records cannot be opened here either: look for their bundles."), count=made.lost
        )
    _say_token(output, manifest.token)
    warning = Refused("BACKUP_SAME_DISK", place=place.folder) if same_disk else None
    if warning is not None:
        output.explain(warning)
    output.document(
        {
            "backup": manifest.name,
            "folder": str(place.backup(manifest.name)),
            "bytes": manifest.length,
            "copied": made.copied,
            "records": manifest.records,
            "opened": made.verification.opened,
            "removed": list(made.removed),
            "warning": error_document(warning, output.language) if warning else None,
        }
    )
    return ExitStatus.DONE


def _say_token(output: Output, token: str) -> None:
    """What every operator must see: the backup and its token belong together."""
    output.say(
        marked("It opens only with the token {token}. Keep a second token of the same keys elsewhere."),
        token=token,
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup.health import backup_health
    from station.commands.office import office_of
    from station.local_time import shown

    output = context.output
    with office_of(context) as office:
        zone, settings = office.settings.office.time_zone, office.settings
        with office.database.reading() as transaction:
            health = backup_health(transaction, settings.backup, settings.data, office.clock.now())
        given = arguments.optional_text("to")
        folder = given or settings.backup.place
        manifests = place_of_settings(office, given).manifests() if folder else []
    output.table(
        (marked("backup"), marked("made"), marked("MB"), marked("records"), marked("erased")),
        [
            (one.name, shown(one.made_at, zone), -(-one.length // MEGABYTE), one.records, one.erased)
            for one in manifests
        ],
    )
    for text, last in (
        (marked("Last good backup: {at}, {detail}"), health.made),
        (marked("Last failure: {at}, {detail}"), health.failed),
        (marked("Last restore drill: {at}, {detail}"), health.drilled),
    ):
        if last is not None:
            output.say(text, at=shown(last.at, zone), detail=last.detail)
    for worry in health.worries:
        output.explain(worry)
    output.document(
        {
            "place": str(folder) if folder else None,
            "backups": [one.model_dump(mode="json", exclude={"files", "pieces"}) for one in manifests],
            "last_good": health.made.at if health.made else None,
            "last_failure": health.failed.at if health.failed else None,
            "last_drill": health.drilled.at if health.drilled else None,
            "worries": [error_document(worry, output.language) for worry in health.worries],
        }
    )
    return ExitStatus.DONE


def _verify(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup.verifying import Verifier
    from station.commands.office import keys_of

    with keys_of(context) as office:
        place, name = named_backup(office, arguments.optional_text("from"))
        verifier = Verifier(office.keys.journal, office.keys.records)
        found = verifier.verify(place, name, every_record=arguments.flag("all"))
    _say_verification(context.output, found)
    return ExitStatus.REFUSED if found.faults else ExitStatus.DONE


def _say_verification(output: Output, found: "Verification") -> None:
    manifest = found.manifest
    output.say(
        marked("Backup {name}: {files} files, {size} MB read again; {rows} rows of the journal."),
        name=manifest.name,
        files=found.files,
        size=-(-found.bytes_read // MEGABYTE),
        rows=found.rows,
    )
    output.say(
        marked("{opened} of {records} records were opened with the token."),
        opened=found.opened,
        records=found.records,
    )
    for fault, where in found.faults:
        output.say(marked("!! {fault}: {where}"), fault=output.word(fault.value), where=where)
    _say_token(output, manifest.token)
    if found.faults:
        output.explain(found.error())
    else:
        output.say(marked("The backup is whole and good."))
    output.document(
        {
            "backup": manifest.name,
            "good": not found.faults,
            "files": found.files,
            "bytes": found.bytes_read,
            "journal_rows": found.rows,
            "records": found.records,
            "opened": found.opened,
            "token": manifest.token,
            "faults": [{"kind": fault.value, "where": where} for fault, where in found.faults],
        }
    )


def _drill(context: Context, arguments: Arguments) -> ExitStatus:
    from station.backup.drill import Drill, drill_error, note_drill
    from station.commands.office import office_of

    output = context.output
    with office_of(context) as office:
        place, name = named_backup(office, arguments.optional_text("from"))
        given = arguments.optional_text("scratch")
        scratch = Path(given) if given else office.settings.data.parent
        drill = Drill(place, name, office.keys.journal, office.keys.records, office.clock, office.disk_space)
        drilled = drill.run(scratch)
        note_drill(office.database, office.journal, office.clock, drilled)
    output.say(
        marked("Restored for trial and removed again: {backup}, {rows} rows of the journal in {seconds} s."),
        backup=drilled.backup,
        rows=drilled.journal_rows,
        seconds=drilled.seconds,
    )
    output.say(
        marked("{opened} of {records} records were opened with the token."),
        opened=drilled.opened,
        records=drilled.records,
    )
    if drilled.faults:
        output.explain(drill_error(drilled))
    else:
        output.say(marked("This backup can be restored. The drill is dated in the journal."))
    output.document(drilled.model_dump(mode="json"))
    return ExitStatus.REFUSED if drilled.faults else ExitStatus.DONE
