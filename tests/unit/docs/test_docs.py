"""The pages say what the program does: generated parts are fresh, and whatever a page names is there."""

import argparse
import os
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from docs.generate import BLOCKS, REFERENCE, command_line, fill
from station.cards.chip_steps import LockChip, TerminateChip
from station.cards.printer_steps import LoadBlank, PrintAndEject, Recall, Reject
from station.cards.questions import QUESTIONS
from station.commands.main import build_parser
from station.error_catalogue import CATALOGUE
from station.language import Language

ROOT = Path(__file__).parents[3]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "simulators").rglob("*.md")),
]
HOW_TO = sorted((ROOT / "docs" / "howto").glob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
OUR_PATH = re.compile(r"(?:station|drivers|templates|simulators|tests|docs)/[\w./*-]+")
GLOBAL_OPTIONS = ("--lang", "--config")
# Split so that this file does not name them itself.
HOSTS = ["".join(parts) for parts in (
    ("pypi", "."), ("python", "hosted"), ("npm", "js."), ("yarn", "pkg."), ("deb.", "debian"),
    ("security.", "debian"), ("archive.", "ubuntu"), ("crates", ".io"), ("ruby", "gems."),
    ("proxy.", "golang"), ("docker", ".io"), ("gh", "cr."), ("quay", ".io"), ("maven", ".org"),
)]  # fmt: skip


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _fenced_lines(page: Path) -> Iterator[str]:
    for block in FENCE.findall(_text(page)):
        yield from (line.strip() for line in block.splitlines())


def _spans(page: Path) -> list[str]:
    return SPAN.findall(FENCE.sub("", _text(page)))


# ---- generated pages ----


@pytest.mark.parametrize("page", BLOCKS)
def test_generated_parts_are_up_to_date(page: str) -> None:
    text = _text(REFERENCE / page)
    assert fill(page, text) == text, "python docs/generate.py"


def test_every_error_code_is_on_its_page() -> None:
    headings = HEADING.findall(_text(REFERENCE / "errors.md"))
    assert [code for code in CATALOGUE if code not in headings] == []


def test_every_step_that_cannot_be_undone_is_explained() -> None:
    table = _text(REFERENCE / "journal.md").partition("## Steps")[2].partition("## Events")[0]
    steps = (LoadBlank, LockChip, PrintAndEject, Recall, TerminateChip, Reject)
    assert [step.name for step in steps if f"| `{step.name}` |" not in table] == []


# ---- commands ----


def _station_command(line: str) -> list[str] | None:
    """The words behind `station` in a line that shows a command; None for any other line."""
    match = re.match(r"(?:\S+=\S+ )*(?:\.venv/bin/)?station (.+)", line)
    return shlex.split(match[1]) if match else None


def _commands_in(lines: Iterator[str] | list[str]) -> Iterator[list[str]]:
    return (words for line in lines if (words := _station_command(line)) is not None)


def _is_known(words: list[str]) -> bool:
    """Whether a command that is only mentioned exists, with the options that are mentioned."""
    while words and words[0] in GLOBAL_OPTIONS:
        words = words[2:]
    commands = {listed.words.removeprefix("station").strip(): listed for listed in command_line("en")}
    for length in (3, 2, 1):
        listed = commands.get(" ".join(words[:length]))
        if listed is not None and (listed.is_command or len(words) == length):
            known = {option for action in listed.arguments for option in action.option_strings} | {
                "-h",
                "--help",
            }
            return all(word in known for word in words[length:] if word.startswith("-"))
    return words in ([], ["--help"], ["-h"])


def test_a_wrong_mention_is_seen() -> None:
    assert _is_known(["jobs", "list", "--state", "waiting"])
    assert _is_known(["--lang", "en", "doctor"])
    assert not _is_known(["jobs", "print"])
    assert not _is_known(["jobs", "list", "--colour"])
    assert not _is_known(["calibrate"])


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "commands.md"], ids=_name)
def test_shown_commands_can_be_given(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser: argparse.ArgumentParser = build_parser(Language("en"))
    for words in _commands_in(_fenced_lines(page)):
        try:
            parser.parse_args(words)
        except SystemExit:
            pytest.fail(f"station {shlex.join(words)}: {capsys.readouterr().err}")


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_mentioned_commands_exist(page: Path) -> None:
    unknown = [words for words in _commands_in(_spans(page)) if not _is_known(words)]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    lines = [*_fenced_lines(page), *_spans(page)]
    named = {match[1] for line in lines if (match := re.match(r"make ([a-z]+)", line))}
    assert sorted(named - targets) == []


@pytest.mark.parametrize("page", HOW_TO, ids=_name)
def test_verdicts_exist(page: Path) -> None:
    verdicts = {code for kind in QUESTIONS.values() for code in kind.verdicts}
    assert set(re.findall(r"--verdict (\w+)", _text(page))) <= verdicts


@pytest.mark.parametrize("page", HOW_TO, ids=_name)
def test_named_error_codes_exist(page: Path) -> None:
    codes = {span for span in _spans(page) if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", span)}
    statuses_and_variables = {"UNKNOWN", "NOT_DONE"}
    assert sorted(codes - set(CATALOGUE) - statuses_and_variables) == []


def test_the_operator_knows_every_question() -> None:
    text = _text(ROOT / "docs" / "howto" / "operator.md")
    verdicts = [code for kind in QUESTIONS.values() for code in kind.verdicts]
    assert [code for code in verdicts if f"`{code}`" not in text] == []


# ---- links and paths ----


def _anchors(page: Path) -> set[str]:
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(_text(page))
    }


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(_text(page)):
        target, _, anchor = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        if not place.exists() or (anchor and anchor not in _anchors(place)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_named_paths_exist(page: Path) -> None:
    named = {span.rstrip("/") for span in _spans(page) if OUR_PATH.fullmatch(span)}
    placeholders = {path for path in named if "NNNN" in path}
    missing = [path for path in named - placeholders if not any(ROOT.glob(path))]
    assert missing == []


def test_every_simulator_is_in_the_index() -> None:
    index = _text(REFERENCE / "simulators.md")
    pages = [_name(page) for page in sorted((ROOT / "simulators").glob("*/README.md"))]
    assert pages
    assert [page for page in pages if f"](../../{page})" not in index] == []


def test_decisions_are_numbered_and_whole() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in DECISIONS:
        headings = HEADING.findall(_text(page))
        assert headings[0].startswith(f"{page.name[:4]}: ")
        assert headings[1:] == ["Context", "Decision", "Consequence"]


# ---- the two commands, and what must not be in the tree ----


def test_ci_runs_what_the_readme_says() -> None:
    readme, ci = ROOT / "README.md", ROOT / ".ci" / "run"
    assert "make test" in list(_fenced_lines(readme))
    assert "make demo" in list(_fenced_lines(readme))
    commands = [line for line in _text(ci).splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make test"]


def test_the_readme_has_a_place_for_figures() -> None:
    assert re.search(r"<!-- figures -->\n.*<!-- /figures -->", _text(ROOT / "README.md"), re.DOTALL)


def test_the_lock_file_names_no_address() -> None:
    lock = _text(ROOT / "requirements.lock")
    assert "://" not in lock
    assert "--hash=sha256:" in lock


def _tree() -> Iterator[Path]:
    """Every file that is or will be committed; git itself may refuse to tell in a strange checkout."""
    lines = _text(ROOT / ".gitignore").splitlines()
    anywhere = {".git", *(line.strip("/") for line in lines if not line.startswith("/"))}
    at_root = {line.strip("/") for line in lines if line.startswith("/")}
    for folder, folders, files in os.walk(ROOT):
        ignored = anywhere | at_root if Path(folder) == ROOT else anywhere
        folders[:] = [name for name in folders if not _matches(name, ignored)]
        yield from (Path(folder) / name for name in files if not _matches(name, ignored))


def _matches(name: str, patterns: set[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def test_no_registry_is_named_anywhere() -> None:
    files = list(_tree())
    assert ROOT / "simulators" / "demo" / "__main__.py" in files
    found = []
    for file in files:
        content = file.read_bytes()
        if b"\0" not in content:
            text = content.decode("utf-8", "replace").lower()
            found += [f"{_name(file)}: {host}" for host in HOSTS if host in text]
    assert found == []
