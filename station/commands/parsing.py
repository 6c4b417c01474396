"""Building the parsers of the command line."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from station.commands.context import Handler
from station.language import Language, marked

LARGEST_NUMBER = 1_000_000_000


def number(text: str) -> int:
    """Read a number that the database can hold; argparse explains a ValueError to the person."""
    value = int(text)
    if abs(value) > LARGEST_NUMBER:
        raise ValueError(text)
    return value


class Noun:
    """A group of commands on one noun, such as `station jobs`."""

    def __init__(
        self,
        subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]",
        language: Language,
        name: str,
        help_text: str,
    ) -> None:
        self._language = language
        parser = subparsers.add_parser(
            name, help=language.text(help_text), description=language.text(help_text)
        )
        self._verbs = parser.add_subparsers(
            dest="verb", required=True, metavar=language.text(marked("command"))
        )

    def group(self, name: str, help_text: str) -> "Noun":
        """Add a group of commands within the group, such as `station letters trust`."""
        return Noun(self._verbs, self._language, name, help_text)

    def verb(self, name: str, help_text: str, handler: Handler) -> "Verb":
        """Add a command to the group."""
        text = self._language.text(help_text)
        return Verb(self._verbs.add_parser(name, help=text, description=text), self._language, handler)


@dataclass
class Verb:
    """One command: add its arguments, then it is complete. Every command has `--json`."""

    parser: argparse.ArgumentParser
    language: Language
    handler: Handler

    def __post_init__(self) -> None:
        self.parser.set_defaults(handler=self.handler)
        self.parser.add_argument("--json", action="store_true", help=self.language.text(marked("print JSON")))

    def argument(
        self,
        name: str,
        help_text: str,
        *,
        kind: Callable[[str], object] = str,
        many: bool = False,
        required: bool = True,
    ) -> "Verb":
        """Add a positional argument; with `many` one or more of them, or none where none is required."""
        if many:
            times = "+" if required else "*"
            self.parser.add_argument(name, help=self.language.text(help_text), type=kind, nargs=times)
        else:
            self.parser.add_argument(name, help=self.language.text(help_text), type=kind)
        return self

    def option(
        self,
        name: str,
        help_text: str,
        *,
        kind: Callable[[str], object] = str,
        required: bool = False,
        default: object = None,
        choices: tuple[str, ...] | None = None,
        many: bool = False,
    ) -> "Verb":
        """Add an option with a value; with `many` it may be given again and again."""
        shown = marked("TEXT") if kind is str else marked("NUMBER")
        self.parser.add_argument(
            name,
            metavar=None if choices else self.language.text(shown),
            help=self.language.text(help_text),
            type=kind,
            required=required,
            default=default,
            choices=choices,
            action="append" if many else "store",
        )
        return self

    def flag(self, name: str, help_text: str) -> "Verb":
        """Add an option without a value."""
        self.parser.add_argument(name, help=self.language.text(help_text), action="store_true")
        return self
