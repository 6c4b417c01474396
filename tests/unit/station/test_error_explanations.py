"""`station errors show` explains every code in both languages; an error says the same wherever it goes."""

import json
import traceback
from string import Formatter

import pytest

from station import errors
from station.commands.context import error_document, explanation
from station.error_catalogue import CATALOGUE
from station.errors import DeviceFault, StationError
from station.language import Language
from station.service.control import ERROR_KINDS, rebuilt
from station.service.operations import ErrorReport
from tests.unit.station.office_desk import run_command

CODES = sorted(CATALOGUE)


def _values(code: str) -> dict[str, str]:
    entry = CATALOGUE[code]
    sentences = (entry.happened, entry.consequence, entry.operator, entry.technician)
    names = {name for sentence in sentences for _, name, _, _ in Formatter().parse(sentence) if name}
    return {name: f"<{name}>" for name in names - {"reasons"}}


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_in_both_languages(code: str) -> None:
    indonesian, english = (
        run_command("errors", "show", code),
        run_command("--lang", "en", "errors", "show", code),
    )
    assert indonesian.status == english.status == 0
    assert indonesian.words.startswith(f"[{code}] ")
    assert english.words.startswith(f"[{code}] ")
    assert indonesian.words.splitlines()[0] != english.words.splitlines()[0]
    assert len(indonesian.words.splitlines()) >= 4


@pytest.mark.parametrize("wanted", ["[printer_fault]", "printer_fault", "PRINTER_FAULT"])
def test_a_code_is_found_as_it_stands_on_the_screen(wanted: str) -> None:
    assert run_command("errors", "show", wanted, "--json").fields()["code"] == "PRINTER_FAULT"


def test_the_list_holds_every_code() -> None:
    listed = json.loads(run_command("errors", "list", "--json").words)
    assert [one["code"] for one in listed] == list(CATALOGUE)
    assert all(one["happened"] for one in listed)


@pytest.mark.parametrize("code", CODES)
def test_every_code_makes_a_line_for_logs_and_an_explanation(code: str) -> None:
    error = DeviceFault(code, reasons=("cover_open",), **_values(code))
    assert str(error).startswith(f"{code}: ")
    assert "{" not in str(error)
    assert "{" not in "\n".join(explanation(error, Language("id")))


def test_what_a_device_complains_of_stands_in_the_log_line() -> None:
    error = DeviceFault("PRINTER_FAULT", reasons=("cover_open", "no_ribbon"))
    assert "cover_open, no_ribbon" in str(error)
    assert "exception str() failed" not in "".join(traceback.format_exception(error))


def test_what_a_device_complains_of_is_said_in_indonesian_words() -> None:
    error = DeviceFault("PRINTER_FAULT", reasons=("cover_open", "no_ribbon"))
    happened = error_document(error, Language("id"))["happened"]
    assert "tutup" in happened
    assert "cover_open" not in happened


@pytest.mark.parametrize("kind", sorted(ERROR_KINDS))
def test_an_error_is_the_same_after_it_crossed_the_control_socket(kind: str) -> None:
    if ERROR_KINDS[kind] is DeviceFault:
        error: StationError = DeviceFault("PRINTER_FAULT", reasons=("cover_open",), details="seen twice")
    else:
        error = ERROR_KINDS[kind]("JOB_UNKNOWN", job=7, details="seen twice")
    again = rebuilt(ErrorReport.model_validate_json(ErrorReport.of(error).model_dump_json()))
    assert type(again) is type(error)
    assert again.exit_status == error.exit_status
    assert str(again) == str(error)
    language = Language("id")
    assert error_document(again, language) == error_document(error, language)


def test_every_kind_of_error_can_cross_the_control_socket() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, StationError)
    }
    assert kinds <= set(ERROR_KINDS)


def test_a_code_that_nobody_explains_cannot_be_raised() -> None:
    with pytest.raises(LookupError):
        StationError("NO_SUCH_CODE")
