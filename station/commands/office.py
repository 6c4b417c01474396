"""Opening the office for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from station.commands.context import Context
from station.office import Office, open_office
from station.settings import load_settings


@contextmanager
def office_of(context: Context) -> Iterator[Office]:
    """Open the office that the settings describe.

    Raises:
        InputFault: SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    with open_office(load_settings(context.config)) as office:
        yield office
