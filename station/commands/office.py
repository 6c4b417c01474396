"""Opening the office for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from station.commands.context import Context
from station.office import Office, open_office
from station.settings import Settings, load_settings


def settings_of(context: Context) -> Settings:
    """The settings alone, for a command that must not touch the data folder.

    Raises:
        InputFault: SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    return load_settings(context.config)


@contextmanager
def keys_of(context: Context) -> Iterator[Office]:
    """Open an office for its keys alone: a data folder that is lost is not made again, not even empty.

    Raises:
        InputFault: SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    settings = load_settings(context.config)
    if not settings.data.exists():
        settings = settings.model_copy(update={"data": settings.data.parent})
    with open_office(settings) as office:
        yield office


@contextmanager
def office_of(context: Context) -> Iterator[Office]:
    """Open the office that the settings describe.

    Raises:
        InputFault: SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    with open_office(load_settings(context.config)) as office:
        yield office
