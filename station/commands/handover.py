"""`station handover`: the finished card goes to its holder, after the finger was checked."""

import argparse

from station.commands import handover_check, handover_papers, handover_scanner, handover_view
from station.commands.parsing import Noun
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(
        subparsers, language, "handover", marked("finished cards to their holders: finger, letter, receipt")
    )
    handover_view.add_to(noun)
    handover_check.add_to(noun)
    handover_papers.add_to(noun)
    handover_scanner.add_to(noun)
