"""`--help` speaks the right language, and is quick: it loads nothing that it does not need."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

HEAVY = frozenset(
    {
        "PIL", "alembic", "cryptography", "django", "fastapi", "flask", "numpy", "pkcs11", "pydantic",
        "reportlab", "smartcard", "sqlalchemy", "starlette", "usb",
    }
)  # fmt: skip
SCRIPT = """
import sys
from station.commands.main import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    status = stop.code
else:
    status = 0
print(*sorted({name.partition(".")[0] for name in sys.modules}), sep="\\n", file=sys.stderr)
raise SystemExit(status)
"""


def _station(*arguments: str, surroundings: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own; the top-level modules that it loaded come on standard error."""
    environment = {**os.environ, "PYTHONUTF8": "1", "LC_ALL": surroundings, "LANGUAGE": surroundings}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("surroundings", ["C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8"])
def test_help_is_indonesian_wherever_it_runs(surroundings: str) -> None:
    answer = _station("--help", surroundings=surroundings)
    assert answer.returncode == 0, answer.stderr
    for words in ("cara pakai: station", "pilihan:", "tampilkan bantuan ini", "buku blangko"):
        assert words in answer.stdout
    assert "usage" not in answer.stdout


@pytest.mark.parametrize("choice", [("--lang", "en"), ("--lang=en",)])
def test_help_is_english_on_request(choice: Sequence[str]) -> None:
    answer = _station(*choice, "--help", surroundings="id_ID.UTF-8")
    assert answer.returncode == 0, answer.stderr
    for words in ("usage: station", "options:", "show this help message and exit", "the ledger of"):
        assert words in answer.stdout
    assert "cara pakai" not in answer.stdout


def test_a_usage_error_is_indonesian() -> None:
    answer = _station("jobs", "show")
    assert answer.returncode == 2
    assert "station jobs show: perintah salah: masih harus diisi: job" in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("jobs", "--help"), ("jobs", "add", "--help"), ("errors", "show", "PRINTER_FAULT")],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: Sequence[str]) -> None:
    answer = _station(*arguments)
    assert answer.returncode == 0, answer.stderr
    loaded = set(answer.stderr.split())
    assert "argparse" in loaded
    assert sorted(HEAVY & loaded) == []
