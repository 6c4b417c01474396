"""`station errors`: the catalogue of error codes, without a network and without a manual."""

import argparse
from string import Formatter

from station.commands.context import Arguments, Context, error_document, explanation
from station.commands.parsing import Noun
from station.error_catalogue import CATALOGUE
from station.errors import ExitStatus, StationError, UsageError
from station.language import Language, marked


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language) -> None:
    """Add the commands."""
    noun = Noun(subparsers, language, "errors", marked("explain error codes"))
    noun.verb("list", marked("all codes"), _list)
    noun.verb("show", marked("explain one code"), _show).argument(
        "code", marked("the code in square brackets")
    )


def _list(context: Context, arguments: Arguments) -> ExitStatus:
    language = context.output.language
    rows = [(code, language.text(entry.happened)) for code, entry in CATALOGUE.items()]
    context.output.table((marked("code"), marked("what happened")), rows)
    context.output.document([{"code": code, "happened": happened} for code, happened in rows])
    return ExitStatus.DONE


def _show(context: Context, arguments: Arguments) -> ExitStatus:
    code = arguments.text("code").strip("[]").upper()
    if code not in CATALOGUE:
        raise UsageError("ERROR_UNKNOWN", wanted=code)
    names = _names_in(code)
    error = StationError(code, **{name: "{" + name + "}" for name in names})
    for line in explanation(error, context.output.language):
        context.output.say("{line}", line=line)
    context.output.document(error_document(error, context.output.language))
    return ExitStatus.DONE


def _names_in(code: str) -> set[str]:
    """The places that the sentences of a code leave open."""
    entry = CATALOGUE[code]
    sentences = (entry.happened, entry.consequence, entry.operator, entry.technician)
    return {name for sentence in sentences for _, name, _, _ in Formatter().parse(sentence) if name}
