"""`station letters verify`: is what somebody brings genuine? It needs neither database nor token."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station.commands.context import Arguments, Context
from station.commands.parsing import Noun, Verb
from station.errors import ExitStatus, InputFault, StationError
from station.language import marked

if TYPE_CHECKING:
    from station.letters.presented.judging import Judge
    from station.local_time import TimeZone

LARGEST_FILE: Final = 256 << 20  # bytes: ten thousand letters in one PDF
STANDARD_INPUT: Final = "-"


def add_to(noun: Noun) -> None:
    """Add the command."""
    verb = noun.verb("verify", marked("check letters: PDF, picture, scan, or the text of a code"), _verify)
    add_trust_options(
        verb.argument(
            "files", marked("files, or - for codes that a reader types into this command"), many=True
        )
    ).option("--withdrawals", marked("signed list of withdrawn letters"), many=True)


def add_trust_options(verb: "Verb") -> "Verb":
    """Add the options that take the place of the settings."""
    return verb.option("--trust", marked("list of trusted keys; otherwise that of the settings")).option(
        "--root", marked("public key that signs the list; otherwise that of the settings")
    )


def trust_files(context: Context, arguments: Arguments) -> tuple[Path, Path, Path | None]:
    """The list of trusted keys, the root's key, and the folder of lists of withdrawn letters.

    Raises:
        InputFault: LETTER_TRUST_UNSET, SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    from station.commands.office import settings_of

    trust, root = arguments.optional_text("trust"), arguments.optional_text("root")
    if trust and root:
        return Path(trust), Path(root), None
    letters = settings_of(context).letters
    if letters is None:
        raise InputFault("LETTER_TRUST_UNSET")
    return Path(trust or letters.trust_list), Path(root or letters.root_key), letters.withdrawal_lists


def _verify(context: Context, arguments: Arguments) -> ExitStatus:
    from station.commands.letters_verdict import document, say, status_of
    from station.letters.presented.answers import Answer, Kind, Presented

    judge, zone = _judge(context, arguments), _zone(context, arguments)
    documents, statuses = [], []
    for name in arguments.texts("files"):
        try:
            found = judge.judge(_content(name))
        except StationError as problem:
            found = Presented(Kind.UNKNOWN, Answer.UNREADABLE, problem=problem)
        say(context.output, name, found, zone)
        documents.append(document(name, found, context.output.language))
        statuses.append(status_of(found.answer))
    context.output.document({"letters": documents})
    return max(statuses)


def _judge(context: Context, arguments: Arguments) -> "Judge":
    from station.clock import SystemClock
    from station.letters.presented.judging import Judge
    from station.letters.presented.trusting import files_in, read_withdrawals
    from station.letters.trust import read_trust

    trust_list, root, folder = trust_files(context, arguments)
    trust = read_trust(trust_list, root)
    named = [Path(name) for name in arguments.texts("withdrawals")]
    known = read_withdrawals(named or (files_in(folder) if folder else []), trust)
    for file in known.not_believed:
        context.output.say(marked("The list {file} is not believed and not asked."), file=file)
    return Judge(trust, known.lists, SystemClock().now())


def _zone(context: Context, arguments: Arguments) -> "TimeZone | None":
    """The office's time; a verifier's desk that names list and root has no settings to ask."""
    from station.commands.office import settings_of

    if arguments.optional_text("trust") and arguments.optional_text("root"):
        return None
    return settings_of(context).office.time_zone


def _content(name: str) -> bytes:
    from station.letters.presented.trusting import read_presented

    if name == STANDARD_INPUT:
        return sys.stdin.buffer.readline(LARGEST_FILE)
    return read_presented(Path(name), LARGEST_FILE)
