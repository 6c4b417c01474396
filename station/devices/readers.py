"""A look at a chip reader without touching a card."""

from drivers.pcsc.errors import DaemonGone, ReaderError
from drivers.pcsc.locate import ReaderUrlError, open_reader
from drivers.pcsc.reader import list_readers
from station.errors import DeviceAbsent, InputFault


def check_reader(url: str) -> str:
    """Say that a reader is there.

    Raises:
        DeviceAbsent: READER_ABSENT, PCSC_DAEMON_ABSENT.
        InputFault: SETTINGS_MALFORMED.
    """
    try:
        reader = open_reader(url)
        reader.close()
        if url.startswith("pcsc:") and reader.name not in list_readers():
            raise DeviceAbsent("READER_ABSENT", reader=reader.name)
    except ReaderUrlError as error:
        raise InputFault("SETTINGS_MALFORMED", file="station.toml", problem=error) from error
    except DaemonGone as error:
        raise DeviceAbsent("PCSC_DAEMON_ABSENT", details=str(error)) from error
    except ReaderError as error:
        raise DeviceAbsent("READER_ABSENT", reader=error.reader, details=str(error)) from error
    return reader.name
