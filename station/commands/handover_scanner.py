"""`station handover scanner`: for the technician: is the scanner there, and where does it show skin?"""

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun
from station.errors import ExitStatus
from station.language import marked

FRAMES = 10


def add_to(noun: Noun) -> None:
    """Add the command."""
    noun.verb("scanner", marked("name the fingerprint scanner and see whether it answers"), _scanner).flag(
        "--learn", marked("learn where the scanner shows skin; the plate must be clean and empty")
    )


def _scanner(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.office import office_of
    from station.devices.scanner import open_scanner
    from station.devices.scanner_window import read_window, write_window
    from station.fingers.window import learn_window
    from station.service.handing_over import handover_turn, scanner_settings

    output, file = context.output, None
    with office_of(context) as office, handover_turn(office):
        scanner = open_scanner(scanner_settings(office), office.clock)
        try:
            identity, folder = scanner.identify(), office.settings.scanner_folder
            if arguments.flag("learn"):
                file = write_window(folder, identity, learn_window(scanner.blank_frames(FRAMES)))
            is_learned = read_window(folder, identity) is not None
        finally:
            scanner.close()
    output.say(
        marked("{kind}: {model}, serial number {serial}, {dpi} dpi."),
        kind=identity.kind,
        model=identity.model,
        serial=identity.serial or "-",
        dpi=round(identity.dpi),
    )
    output.say(
        marked("Where it shows skin was learned.")
        if is_learned
        else marked("Where it shows skin was not learned yet: station handover scanner --learn")
    )
    output.document(
        {
            "kind": identity.kind,
            "model": identity.model,
            "serial": identity.serial,
            "dpi": identity.dpi,
            "window_learned": is_learned,
            "window": str(file) if file else None,
        }
    )
    return ExitStatus.DONE
