"""The office that the demo works in: its rig, its station, its people, its blanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulators.demo import plan
from simulators.demo.documents import STAFF
from simulators.demo.errors import DemoError
from simulators.demo.screen import Screen
from simulators.demo.station_command import StationCommand
from simulators.rig import AdminClient, Rig, RigOptions


@dataclass(frozen=True)
class DemoFolders:
    """Where the demo keeps what."""

    root: Path

    @property
    def rig(self) -> Path:
        """The simulators' truth, the token, and the station's data."""
        return self.root / "run"

    @property
    def records(self) -> Path:
        """A folder for each record."""
        return self.root / "records"

    @property
    def disk(self) -> Path:
        """The removable disk that bundles come on."""
        return self.root / "disk"

    @property
    def cards(self) -> Path:
        """The faces of the cards as the printer decoded them."""
        return self.root / "cards"

    @property
    def summary(self) -> Path:
        """What came out, as JSON."""
        return self.root / "summary.json"


@dataclass(frozen=True)
class Office:
    """All that the parts of the demo work with."""

    folders: DemoFolders
    rig: Rig
    station: StationCommand
    screen: Screen

    @property
    def printer(self) -> AdminClient:
        """The admin port of the demo's one printer."""
        return self.rig.admin(plan.LANE)

    def check_rig(self) -> None:
        """See whether the simulators live.

        Raises:
            DemoError: one of them has died by itself.
        """
        for name, status in self.rig.dead_parts().items():
            raise DemoError(f"the simulator {name} has ended with status {status}")

    def is_staffed(self) -> bool:
        """Whether anybody works here yet."""
        return bool(self.station.ask(STAFF, "staff", "list"))

    def open_up(self) -> None:
        """Take on two people, book a carton of blanks, and fill the hopper from it."""
        self.screen.title(
            "Kantor dibuka: petugas, blangko, wadah blangko", "The office opens: people, blanks, hopper"
        )
        self.station.require("staff", "add", plan.OPERATOR, "--role", "operator")
        self.station.require("staff", "add", plan.TECHNICIAN, "--role", "technician")
        self.station.require(
            *("blanks", "receive", "--carton", plan.CARTON, "--count", str(plan.RECEIVED)),
            *("--by", plan.OPERATOR),
        )
        self.load_hopper(plan.LOADED)

    def load_hopper(self, count: int) -> None:
        """Book blanks out of the stock, then lay them into the hopper.

        Raises:
            DemoError: the station refused: the stock is too small.
        """
        self.station.require(
            "blanks", "load", "--lane", plan.LANE, "--count", str(count), "--by", plan.OPERATOR
        )
        self.printer.person("fill_hopper", count=count)

    def let_centre_search(self, verdicts: Mapping[str, str]) -> None:
        """Send what the station holds to the centre, and hear how its search for duplicates has ended.

        Args:
            verdicts: record -> status that its search ends in; for all others it ends well.

        Raises:
            DemoError: the station does not hear it.
        """
        for record, status in verdicts.items():
            self.rig.centre.person("set_verdict", record=record, status=status)
        self.station.require("centre", "sync")

    def make_known(self, folders: Sequence[Path]) -> None:
        """Let the centre say what these records are, and the station hear it: its gate believes nobody else.

        Raises:
            DemoError: the station does not hear it.
        """
        self.rig.announce(folders)
        self.station.require("centre", "sync")


def make_rig(folders: DemoFolders, speed: float) -> Rig:
    """The demo's rig: one lane, an empty hopper, a paper printer, a fingerprint scanner."""
    return Rig(RigOptions(folders.rig, speed=speed, seed=plan.SEED, hopper=0, paper=True, scanner=True))
