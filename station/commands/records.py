"""`station records`: the records that the station holds."""

import argparse

from station.commands import (
    records_erasure,
    records_export,
    records_import,
    records_person,
    records_view,
)
from station.commands.parsing import Noun
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "records", marked("records that the station holds"))
    records_import.add_to(noun)
    records_view.add_to(noun)
    records_export.add_to(noun)
    records_person.add_to(noun)
    records_erasure.add_to(noun)
