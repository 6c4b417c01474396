"""Every error code, and what it means: the one place where they are explained.

`docs/reference/errors.md` is made from this table, and a test keeps it complete. Sentences are English here,
shown in Indonesian through gettext.
"""

from station.error_catalogue.bundles import BUNDLES
from station.error_catalogue.centre import CENTRE
from station.error_catalogue.devices import DEVICES
from station.error_catalogue.entry import ErrorEntry, Retry
from station.error_catalogue.fingers import FINGERS
from station.error_catalogue.gate import GATE
from station.error_catalogue.handover import HANDOVER
from station.error_catalogue.keeping import KEEPING
from station.error_catalogue.ledger import LEDGER
from station.error_catalogue.letters import LETTERS
from station.error_catalogue.letters_batch import LETTERS_BATCH
from station.error_catalogue.letters_register import LETTERS_REGISTER
from station.error_catalogue.paper import PAPER
from station.error_catalogue.records import RECORDS
from station.error_catalogue.station import STATION
from station.error_catalogue.supplies import SUPPLIES
from station.error_catalogue.vault import VAULT

CATALOGUE: dict[str, ErrorEntry] = {
    **BUNDLES,
    **RECORDS,
    **FINGERS,
    **GATE,
    **CENTRE,
    **SUPPLIES,
    **DEVICES,
    **LEDGER,
    **HANDOVER,
    **KEEPING,
    **LETTERS,
    **PAPER,
    **LETTERS_REGISTER,
    **LETTERS_BATCH,
    **STATION,
    **VAULT,
}

__all__ = ["CATALOGUE", "ErrorEntry", "Retry"]
