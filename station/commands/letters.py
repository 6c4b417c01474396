"""`station letters`: substitute letters, from the number to the check of what somebody brings."""

import argparse

from station.commands import (
    letters_batch,
    letters_issuing,
    letters_keys,
    letters_print,
    letters_printer,
    letters_register,
    letters_verifying,
)
from station.commands.parsing import Noun
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "letters", marked("substitute letters"))
    letters_issuing.add_to(noun)
    letters_batch.add_to(noun)
    letters_register.add_to(noun)
    letters_verifying.add_to(noun)
    letters_keys.add_to(noun)
    letters_print.add_to(noun)
    letters_printer.add_to(noun)
