"""`station centre export` and `station centre receive`: the disk that goes to the centre by hand and back."""

from pathlib import Path

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import marked


def add_to(noun: Noun) -> None:
    """Add the commands."""
    (
        noun.verb("export", marked("write what the centre has no receipt for onto a disk"), _export)
        .argument("folder", marked("folder of the disk"))
        .flag("--again", marked("also what a disk has carried that was lost"))
    )
    noun.verb("receive", marked("take in what the centre has put onto a disk"), _receive).argument(
        "folder", marked("folder of the disk")
    )


def _export(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.exchange.assembling import centre_identity, require_settings
    from station.exchange.carrying import Carrying
    from station.exchange.disk import CarriedDisk
    from station.service.centre_operations import NoteCarried, note_carried
    from station.service.control import carry_out
    from station.service.operations import Done

    with office_of(context) as office:
        disk = CarriedDisk(Path(arguments.text("folder")), require_settings(office.settings).station)
        carrying = Carrying(
            office.database,
            office.clock,
            office.holding,
            office.centre_signer(),
            centre_identity(office.settings).encryption,
            lambda bundle, hashes: _done(
                carry_out(
                    office,
                    "note_carried",
                    note_carried,
                    NoteCarried(bundle=bundle, content_hashes=tuple(hashes)),
                    Done,
                )
            ),
        )
        done = carrying.export(disk, again=arguments.flag("again"))
    context.output.say(
        marked("{records} records and {messages} messages in {bundles} bundles on the disk: {folder}"),
        records=done.records,
        messages=done.messages,
        bundles=done.bundles,
        folder=disk.to_centre,
    )
    if done.found:
        context.output.say(marked("{found} lay there whole from before."), found=done.found)
    if done.unreadable:
        context.output.say(marked("{count} could not be read and stay here."), count=done.unreadable)
    if done.full:
        context.output.say(
            marked("The disk is full. {left} are left: take another disk and give the command again."),
            left=done.left,
        )
    context.output.document(
        {
            "records": done.records,
            "messages": done.messages,
            "bundles": done.bundles,
            "found": done.found,
            "unreadable": done.unreadable,
            "full": done.full,
            "left": done.left,
            "folder": str(disk.to_centre),
        }
    )
    return ExitStatus.WAITS_FOR_PERSON if done.full or done.unreadable else ExitStatus.DONE


def _done(_: object) -> None:
    return None


def _receive(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.exchange.answers import files_for
    from station.exchange.assembling import require_settings
    from station.exchange.disk import CarriedDisk
    from station.service.centre_operations import ReceivedFile, ReceiveFile, receive_file
    from station.service.control import carry_out, rebuilt

    total = ReceivedFile.nothing()
    with office_of(context) as office:
        disk = CarriedDisk(Path(arguments.text("folder")), require_settings(office.settings).station)
        for file in files_for(disk):
            finished = False
            while not finished:
                request = ReceiveFile(file=file.resolve())
                part = carry_out(office, "receive_file", receive_file, request, ReceivedFile)
                total, finished = total.plus(part), part.finished
    context.output.say(
        marked("Receipts: {receipts} settled, {repeated} known already, {wrong} do not count."),
        receipts=total.receipts,
        repeated=total.repeated,
        wrong=sum(total.wrong.values()),
    )
    context.output.say(
        marked("{statuses} statuses heard, {refusals} records refused by the centre."),
        statuses=total.statuses,
        refusals=total.refusals,
    )
    context.output.say(
        marked("Print-ready records: {accepted} came in, {duplicates} were here, {set_aside} set aside."),
        accepted=total.accepted,
        duplicates=total.duplicates,
        set_aside=total.set_aside,
    )
    for report in total.faults.values():
        context.output.explain(rebuilt(report))
    context.output.document(total.model_dump(mode="json", exclude={"finished"}))
    is_clean = not total.faults and not total.wrong and not total.refusals and not total.set_aside
    return ExitStatus.DONE if is_clean else ExitStatus.WAITS_FOR_PERSON
