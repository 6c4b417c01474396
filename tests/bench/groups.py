"""The groups there are. A new one is a module with a `GROUP`, and a line here."""

from typing import Final

from tests.bench.cards import GROUP as CARDS
from tests.bench.chip import GROUP as CHIP
from tests.bench.face import GROUP as FACE
from tests.bench.lane import GROUP as LANE
from tests.bench.letters import GROUP as LETTERS
from tests.bench.rows import Group

GROUPS: Final[tuple[Group, ...]] = (CHIP, FACE, CARDS, LANE, LETTERS)
