"""`make demo STAY=1`: the office stays open, with a menu of faults: the operator's first training."""

from __future__ import annotations

import subprocess
import time
from typing import TextIO

from simulators.demo.counter import Counter
from simulators.demo.desk import Desk
from simulators.demo.errors import DemoError
from simulators.demo.hands import Hands
from simulators.demo.menu import InputEnded, Menu, Prompt
from simulators.demo.office import Office
from simulators.demo.station_command import end
from simulators.rig import RigError

OPENING = 30.0  # seconds that the station may take to listen
LOOK = 0.1


def stay(office: Office, lines: TextIO) -> int:
    """Run the station and offer the menu until the person leaves or the input ends.

    Returns:
        The exit status: 0, or 1 when the station has ended by itself.

    Raises:
        DemoError: the station does not start, or a simulator has died.
    """
    office.screen.title("Kantor tetap buka: coba sendiri", "The office stays open: try it yourself")
    station = office.station.start("run")
    try:
        _wait_until_listening(office, station)
        prompt = Prompt(office.screen, lines)
        hands = Hands(office)
        items = [*hands.items(), *Desk(office, prompt).items(), *hands.link_items()]
        items += Counter(office).items()
        menu = Menu({str(number): item for number, item in enumerate(items, 1)})
        return _offer(office, station, menu, prompt)
    except InputEnded:
        office.screen.line("")
        return 0
    finally:
        end(station)


def _offer(office: Office, station: subprocess.Popen[bytes], menu: Menu, prompt: Prompt) -> int:
    menu.show(office.screen)
    while True:
        choice = prompt.ask("Pilihan; Enter: daftar lagi", "choice; Enter: the list again")
        if station.poll() is not None:
            office.screen.say("Stasiun cetak berhenti sendiri.", "The station has ended by itself.")
            return 1
        office.check_rig()
        if choice == menu.leave:
            return 0
        if choice not in menu.items:
            menu.show(office.screen)
            continue
        try:
            menu.items[choice].action()
        except (DemoError, RigError) as error:
            office.screen.say(f"Tidak bisa sekarang: {error}", f"Not possible now: {error}")


def _wait_until_listening(office: Office, station: subprocess.Popen[bytes]) -> None:
    """Wait for the station's control socket: commands that come earlier find it busy."""
    socket = office.rig.options.folder / "data" / "station.sock"
    limit = time.monotonic() + OPENING
    while not socket.exists():
        if station.poll() is not None:
            raise DemoError(f"station run has ended with status {station.returncode}")
        if time.monotonic() > limit:
            raise DemoError("station run does not listen")
        time.sleep(LOOK)
