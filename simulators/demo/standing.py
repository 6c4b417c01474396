"""`make run`: the station on simulators, until somebody stops it."""

from __future__ import annotations

from simulators.demo import plan
from simulators.demo.office import Office
from simulators.demo.records import count_records, write_records
from simulators.demo.station_command import wait_for


def run_station(office: Office) -> int:
    """Open the office if nobody works there yet, then run the station in the foreground.

    Returns:
        The station's exit status.

    Raises:
        DemoError: a simulator has died.
    """
    if not office.is_staffed():
        office.open_up()
    if count_records(office.folders.records) == 0:
        records = write_records(office.folders.records, 1, plan.RECORDS, plan.NOT_READY_RECORD)
        office.make_known([record.folder for record in records])
    screen = office.screen
    screen.title("Stasiun cetak berjalan; Ctrl-C menghentikannya", "The station runs; Ctrl-C stops it")
    screen.say("Di jendela lain, dari folder ini:", "In another window, from this folder:")
    screen.line(f"    . {office.rig.options.folder / 'environment'}")
    screen.line(f"    .venv/bin/station jobs add {office.folders.records}/0001")
    screen.line("    .venv/bin/station centre status")
    return wait_for(office.station.start("run"), office.check_rig)
