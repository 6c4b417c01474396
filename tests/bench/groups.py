"""The groups there are. A new one is a module with a `GROUP`, and a line here."""

from typing import Final

from tests.bench.cards import GROUP as CARDS
from tests.bench.centre import GROUP as CENTRE
from tests.bench.chip import GROUP as CHIP
from tests.bench.face import GROUP as FACE
from tests.bench.fingers import GROUP as FINGERS
from tests.bench.lane import GROUP as LANE
from tests.bench.letters import GROUP as LETTERS
from tests.bench.records import GROUP as RECORDS
from tests.bench.restart import GROUP as RESTART
from tests.bench.rows import Group
from tests.bench.vault import GROUP as VAULT

GROUPS: Final[tuple[Group, ...]] = (
    CHIP,
    FACE,
    CARDS,
    LANE,
    RECORDS,
    CENTRE,
    RESTART,
    VAULT,
    LETTERS,
    FINGERS,
)
