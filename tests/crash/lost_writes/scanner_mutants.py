"""Lines that keep a scanner's window on the disk; `scanner_rule` notices each that is missing."""

from tests.crash.lost_writes.mutant import Mutant

WINDOW = "station/devices/scanner_window.py"

MUTANTS_OF_SCANNERS = (
    Mutant("learned window's name not synced", WINDOW, "        sync_names(folder)\n"),
    Mutant("learned window not named", WINDOW, "        fresh.replace(file)\n"),
)
