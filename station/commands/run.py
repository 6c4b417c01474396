"""`station run`: the station works and stays."""

import argparse

from station.commands.context import Arguments, Context
from station.commands.parsing import Verb
from station.errors import ExitStatus
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the command."""
    text = language.text(marked("run the station until it is told to stop"))
    Verb(subparsers.add_parser("run", help=text, description=text), language, _run)


def _run(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.batch import stay

    return stay(context)
