"""The printer models: raster, levels, options and trays, as data.

Raster and levels are the fact sheet's (mark S: seen in the bytes of the vendor's host library). Options and
trays of each model are assumed where no mark stands beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.evolis.status import Config

BITS_OF_LEVELS = {2: 1, 32: 5, 64: 6, 128: 7, 256: 8}  # G: 2, 32, 64, 128; S: 256
COLOUR_PANELS = frozenset("ymc")


@dataclass(frozen=True)
class Model:
    """One printer model. Lines and dots are a panel's; line 0 is the left column of the landscape card."""

    name: str
    command: str  # the download command it takes: Db or Dbx
    levels: int  # of a colour panel
    lines: int
    dots: int
    resolution: tuple[int, int]  # dots per inch, along x and y
    config: Config
    cards_per_hour: int  # YMCKO, one side
    insertion_trays: frozenset[str] = frozenset("FMCB")
    ejection_trays: frozenset[str] = frozenset("DMRN")
    rejection_trays: frozenset[str] = frozenset("RMD")
    tray_capacity: int = 100  # assumed
    reject_capacity: int = 30  # assumed
    colour_panels: str = field(default="ymc")

    @property
    def has_flip(self) -> bool:
        """Whether the printer turns cards over."""
        return Config.FLIP in self.config

    @property
    def has_contact(self) -> bool:
        """Whether there is a contact station."""
        return Config.SMART in self.config

    @property
    def has_contactless(self) -> bool:
        """Whether there is a contactless station."""
        return Config.CONTACTLESS in self.config

    def panel_bytes(self, levels: int) -> int:
        """Return the length of one uncompressed panel.

        Raises:
            ValueError: the protocol has no such number of levels.
        """
        if levels not in BITS_OF_LEVELS:
            raise ValueError(f"no such number of levels: {levels}")
        return self.lines * self.dots * BITS_OF_LEVELS[levels] // 8

    def levels_of(self, panel: str) -> int:
        """Return how many levels the panel must be sent with."""
        return self.levels if panel in COLOUR_PANELS else 2


_STATIONS = Config.CONTACTLESS | Config.SMART | Config.FLIP | Config.FEED_FEEDER | Config.FEED_MANUAL

# Cards per hour: Primacy 225 (facts, unverified; Primacy 2 is set to the same, its own 280 is unverified
# too); the others are assumed.
MODELS = (
    Model("Primacy 2", "Db", 256, 1016, 648, (300, 300), Config.X20 | Config.EXTENSION | Config.ETHERNET
          | _STATIONS | Config.FEED_ON_COMMAND | Config.EJECT_REVERSE, 225),
    Model("Primacy", "Db", 256, 1016, 648, (300, 300), Config.X01 | Config.ETHERNET | _STATIONS, 225),
    Model("KC200", "Db", 256, 1016, 648, (300, 300), Config.KC200 | _STATIONS, 225,
          insertion_trays=frozenset("FMCBI"), ejection_trays=frozenset("DMRNI"),
          rejection_trays=frozenset("RMDKL")),
    Model("Zenius", "Db", 128, 1016, 648, (300, 300), Config.X02 | Config.CONTACTLESS | Config.SMART
          | Config.FEED_FEEDER | Config.FEED_MANUAL, 150, tray_capacity=30, reject_capacity=10),
    Model("Badgy200", "Dbx", 128, 1016, 562, (300, 260), Config.S01 | Config.FEED_FEEDER, 95,
          insertion_trays=frozenset("FM"), ejection_trays=frozenset("DM"), rejection_trays=frozenset("MD"),
          tray_capacity=25, reject_capacity=1),
    Model("Agilia", "Dbx", 256, 2032, 1296, (600, 600), Config.R02 | Config.ETHERNET | _STATIONS, 95),
)  # fmt: skip


def model_named(name: str) -> Model:
    """Return the model of that name, any case.

    Raises:
        ValueError: there is no such model in the table.
    """
    for model in MODELS:
        if model.name.lower() == name.lower():
            return model
    raise ValueError(f"no such model: {name} (known: {', '.join(model.name for model in MODELS)})")
