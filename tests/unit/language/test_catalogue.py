"""The Indonesian catalogue: complete, nothing left over, and faithful in what programs read."""

import argparse
import ast
import gettext
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import station
from station.argparse_words import ARGPARSE_WORDS
from station.commands.main import NOUNS, VERBS
from station.language import DOMAIN, LOCALE_FOLDER

SOURCES = Path(station.__file__).parent
PO_FILE = LOCALE_FOLDER / "id" / "LC_MESSAGES" / f"{DOMAIN}.po"

BRACE_PLACE = re.compile(r"\{[^{}]*\}")
PERCENT_PLACE = re.compile(r"%(?:\([a-z_]+\))?[a-z]")
OPTION = re.compile(r"(?<!\w)--?[a-z][a-z-]*")
NOUN_NAMES, VERB_NAMES = (
    "|".join(module.__name__.rpartition(".")[2] for module in modules) for modules in (NOUNS, VERBS)
)
COMMAND = re.compile(rf"\bstation (?:(?:{NOUN_NAMES}) [a-z]+|{VERB_NAMES})\b")
EDGES = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)
LETTERS = re.compile(r"[A-Za-z]")


@pytest.fixture(scope="module")
def extracted() -> set[str]:
    found = extract_from_dir(SOURCES, [("**.py", "python")], keywords={"marked": None})
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="id", domain=DOMAIN, abort_invalid=True)


@pytest.fixture(scope="module")
def translations(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in _messages(catalogue)}


def test_every_message_is_translated(extracted: set[str], translations: dict[str, str]) -> None:
    assert len(extracted) > 300
    missing = sorted(message for message in extracted if not translations.get(message))
    assert not missing, f"see the head of {PO_FILE} for how to add them"


def test_no_message_is_left_over(
    extracted: set[str], catalogue: Catalog, translations: dict[str, str]
) -> None:
    assert sorted(translations.keys() - extracted) == []
    assert list(catalogue.obsolete) == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in _messages(catalogue) if message.fuzzy] == []


@pytest.mark.parametrize(
    "pattern",
    [BRACE_PLACE, PERCENT_PLACE, re.compile("%"), OPTION, COMMAND],
    ids=["braces", "percents", "percent-signs", "options", "commands"],
)
def test_translations_keep_what_programs_read(translations: dict[str, str], pattern: re.Pattern[str]) -> None:
    differing = {
        english: indonesian
        for english, indonesian in translations.items()
        if sorted(pattern.findall(english)) != sorted(pattern.findall(indonesian))
    }
    assert differing == {}


def test_translations_keep_blanks_at_the_edges(translations: dict[str, str]) -> None:
    differing = {
        english: indonesian
        for english, indonesian in translations.items()
        if _edges(english) != _edges(indonesian)
    }
    assert differing == {}


def test_sentences_end_as_sentences(translations: dict[str, str]) -> None:
    ends = (".", "?", ":")
    differing = {
        english: indonesian
        for english, indonesian in translations.items()
        if english[0].isupper() and english.endswith(ends) and not indonesian.endswith(english[-1])
    }
    assert differing == {}


def test_the_compiled_catalogue_is_current(translations: dict[str, str]) -> None:
    compiled = gettext.translation(DOMAIN, LOCALE_FOLDER, ["id"])
    stale = sorted(english for english, text in translations.items() if compiled.gettext(english) != text)
    assert not stale, f"pybabel compile -d {LOCALE_FOLDER} -D {DOMAIN}"


def test_argparse_still_says_the_words_that_we_translate() -> None:
    source = inspect.getsource(argparse)
    said = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert [word for word in ARGPARSE_WORDS if word not in said] == []


def test_nothing_is_said_unmarked(extracted: set[str]) -> None:
    files = sorted(SOURCES.joinpath("commands").glob("*.py"))
    assert files
    unmarked = [
        f"{file.name}: {said}" for file in files for said in _said_literals(file) if said not in extracted
    ]
    assert unmarked == []


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _edges(text: str) -> tuple[str, ...]:
    match = EDGES.match(text)
    return match.groups() if match else ()


def _said_literals(file: Path) -> Iterator[str]:
    """The literals with words that `say` and `text` are given directly; `arguments.text` takes names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="arguments"))):
                continue
            case ast.Call(
                func=ast.Attribute(attr="say" | "text") | ast.Name(id="text"),
                args=[ast.Constant(value=str(literal)), *_],
            ) if LETTERS.search(BRACE_PLACE.sub("", literal)):
                yield literal
