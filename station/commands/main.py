"""`station`: the command line. Indonesian, or English with `--lang en`; JSON keys and codes are English."""

import argparse
import gettext
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from station.commands import (
    audit,
    backup,
    batches,
    blanks,
    cards,
    centre,
    doctor,
    errors,
    handover,
    jobs,
    lanes,
    letters,
    questions,
    records,
    run,
    staff,
)
from station.commands.context import Arguments, Context, Handler, Output
from station.errors import ExitStatus, StationError
from station.language import DOMAIN, LOCALE_FOLDER, Language, LanguageCode, marked

NOUNS = (
    jobs,
    batches,
    questions,
    lanes,
    cards,
    blanks,
    records,
    letters,
    handover,
    centre,
    staff,
    backup,
    audit,
    errors,
)
VERBS = (doctor, run)


def build_parser(language: Language) -> argparse.ArgumentParser:
    """The parser of the whole command line, in one language."""
    parser = argparse.ArgumentParser(
        prog="station", description=language.text(marked("Prints, encodes and accounts for identity cards."))
    )
    parser.add_argument("--config", type=Path, help=language.text(marked("settings file (station.toml)")))
    parser.add_argument(
        "--lang",
        choices=("id", "en"),
        default=language.code,
        help=language.text(marked("language of the screen")),
    )
    subparsers = parser.add_subparsers(dest="noun", required=True, metavar=language.text(marked("command")))
    for module in (*NOUNS, *VERBS):
        module.add(subparsers, language)
    return parser


def chosen_language(arguments: Sequence[str]) -> LanguageCode:
    """The language asked for with `--lang`, before anything else is parsed: help must speak it too."""
    code: Literal["id", "en"] = "id"
    for index, argument in enumerate(arguments):
        wanted = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and index + 1 < len(arguments):
            wanted = arguments[index + 1]
        if wanted == "en":
            code = "en"
    return code


def main(arguments: Sequence[str]) -> ExitStatus:
    """Carry out one command."""
    language = Language(chosen_language(arguments))
    _translate_argparse(language.code)
    values = vars(build_parser(language).parse_args(arguments))
    output = Output(language, as_json=bool(values.get("json")))
    handler: Handler = values["handler"]
    config = values.get("config")
    try:
        return handler(Context(output, config if isinstance(config, Path) else None), Arguments(values))
    except StationError as error:
        output.error(error)
        return error.exit_status
    except Exception as error:  # the undefined: one line for people, the trace for who asks for it
        if os.environ.get("STATION_TRACE"):
            raise
        output.error(StationError("COMMAND_FAILED", cause=type(error).__name__, details=str(error)))
        return ExitStatus.LATCHED
    except KeyboardInterrupt:
        output.say(marked("Stopped. Everything that happened is in the journal."))
        return ExitStatus.WAITS_FOR_PERSON


def _translate_argparse(code: LanguageCode) -> None:
    """Argparse takes its own words from the process's text domain: let it find ours."""
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(DOMAIN, LOCALE_FOLDER)
    gettext.textdomain(DOMAIN)


def entry() -> None:
    """The console script. A process that dies leaves no core: its memory holds opened records."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        status = main(sys.argv[1:])
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 # the reader went away: nothing more to say
        status = ExitStatus.DONE
    raise SystemExit(int(status))
