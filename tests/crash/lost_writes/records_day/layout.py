"""Where things lie: below `data`, which is recorded, or beside it, where nothing is lost."""

from typing import Final

STATION: Final = "station"
PLACE: Final = "place"  # of backups
DISK: Final = "disk"  # that is carried to the centre
WATCH: Final = "watch"
GIVEN: Final = "given"  # records that people have asked for
RESTORED: Final = "restored"
INSTALLED: Final = (PLACE, DISK, WATCH, GIVEN)

INCOMING: Final = "incoming"
TRUST: Final = "trust"
TRUTHS: Final = "centre"
