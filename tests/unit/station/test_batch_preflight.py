"""A batch is refused before its first card when its lane cannot carry it: nothing moves, nothing is begun."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station.batches.preflight import require_supplies
from station.cards.store import JobState
from station.errors import DeviceAbsent, DeviceFault, ExitStatus, OutcomeUnknown, StationError
from station.ports import PrinterCondition, PrinterReading, Supplies
from tests.fakes.devices import FakeLane, raising
from tests.fakes.station import LANE, records
from tests.unit.station.office_desk import Desk, assert_explained

CARDS = 3
Change = Callable[[Desk, pytest.MonkeyPatch], None]


def reading(
    condition: PrinterCondition, *, errors: tuple[str, ...] = (), warnings: tuple[str, ...] = ()
) -> Change:
    """Have the printer feel like this."""

    def change(desk: Desk, patch: pytest.MonkeyPatch) -> None:
        look = desk.devices.read()
        felt = look.model_copy(update={"condition": condition, "errors": errors, "warnings": warnings})
        patch.setattr(desk.devices, "read", _always(felt))

    return change


def supplies(**changes: object) -> Change:
    """Have the printer say this of its supplies."""

    def change(desk: Desk, patch: pytest.MonkeyPatch) -> None:
        values = {**vars(desk.devices.supplies()), **changes}
        patch.setattr(desk.devices, "supplies", _always(Supplies(**values)))

    return change


def _always(value: PrinterReading | Supplies) -> Callable[[], PrinterReading | Supplies]:
    return lambda: value


def failing(method: str, error: StationError) -> Change:
    """Have a method of the printer fail."""
    return lambda desk, patch: patch.setattr(desk.devices, method, raising(error))


def reader(error: StationError) -> Change:
    """Have the look at the reader fail."""

    def check(url: str) -> str:
        raise error

    return lambda desk, patch: patch.setattr("station.commands.batch.check_reader", check)


def hopper_booked(count: int) -> Change:
    """Book blanks out of the lane until so many are left."""

    def change(desk: Desk, patch: pytest.MonkeyPatch) -> None:
        words = ("blanks", "unload", "--lane", LANE, "--count", str(8 - count), "--by", "Siti")
        assert desk.run(*words).status == ExitStatus.DONE

    return change


ABSENT = DeviceAbsent("PRINTER_ABSENT", url="socket://127.0.0.1:9")
REFUSALS: list[tuple[str, Change, ExitStatus]] = [
    ("BATCH_HOPPER_SHORT", hopper_booked(CARDS - 1), ExitStatus.REFUSED),
    ("HOPPER_MISCOUNT", supplies(hopper_empty=True), ExitStatus.REFUSED),
    ("BATCH_RIBBON_SHORT", supplies(faces_left=CARDS - 1), ExitStatus.REFUSED),
    ("BATCH_RIBBON_SHORT", supplies(faces_left=0), ExitStatus.REFUSED),
    ("BATCH_RIBBON_UNSUITABLE", supplies(ribbon="KO", panels_per_face=2), ExitStatus.REFUSED),
    ("BATCH_RIBBON_UNSUITABLE", supplies(ribbon="?", panels_per_face=0, faces_left=None), ExitStatus.REFUSED),
    ("BATCH_REJECT_BOX_FULL", supplies(reject_box_full=True), ExitStatus.REFUSED),
    (
        "BATCH_PRINTER_NOT_READY",
        reading(PrinterCondition.ERROR, errors=("mechanical",)),
        ExitStatus.REFUSED,
    ),
    ("BATCH_PRINTER_NOT_READY", reading(PrinterCondition.ERROR), ExitStatus.REFUSED),
    ("BATCH_PRINTER_NOT_READY", reading(PrinterCondition.OFF), ExitStatus.REFUSED),
    (
        "BATCH_PRINTER_NOT_READY",
        reading(PrinterCondition.WARNING, warnings=("cover_open",)),
        ExitStatus.REFUSED,
    ),
    (
        "PRINTER_MODEL_UNKNOWN",
        failing("identify", DeviceFault("PRINTER_MODEL_UNKNOWN", model="Securion")),
        ExitStatus.REFUSED,
    ),
    (
        "PRINTER_UNSUITABLE",
        failing("identify", DeviceFault("PRINTER_UNSUITABLE", url="u", problem="p")),
        ExitStatus.REFUSED,
    ),
    ("PRINTER_ABSENT", failing("identify", ABSENT), ExitStatus.DEVICE_ABSENT),
    ("PRINTER_ABSENT", failing("read", ABSENT), ExitStatus.DEVICE_ABSENT),
    ("PRINTER_ABSENT", failing("supplies", ABSENT), ExitStatus.DEVICE_ABSENT),
    (
        "PRINTER_SILENT",
        failing("read", OutcomeUnknown("PRINTER_SILENT", operation="read_status")),
        ExitStatus.REFUSED,
    ),
    ("READER_ABSENT", reader(DeviceAbsent("READER_ABSENT", reader="Fake reader")), ExitStatus.DEVICE_ABSENT),
    ("PCSC_DAEMON_ABSENT", reader(DeviceAbsent("PCSC_DAEMON_ABSENT")), ExitStatus.DEVICE_ABSENT),
]


@pytest.mark.parametrize(
    ("code", "change", "status"), REFUSALS, ids=[f"{n}-{one[0]}" for n, one in enumerate(REFUSALS)]
)
def test_the_batch_is_refused_and_nothing_was_begun(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    change: Change,
    status: ExitStatus,
) -> None:
    jobs = desk.add(records(tmp_path / "records", CARDS))
    change(desk, monkeypatch)
    before = desk.balances()
    said = desk.run("jobs", "run")
    assert said.status == status
    assert_explained(said.complaints, code)
    assert (desk.devices.cards_inserted, desk.devices.panels_printed) == (0, 0)
    assert desk.balances() == before
    for job in jobs:
        assert desk.job(job.id).state is JobState.QUEUED
        assert desk.attempts(job.id) == []


def test_the_reason_is_named_even_where_the_printer_names_none(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(records(tmp_path / "records", 1))
    reading(PrinterCondition.OFF)(desk, monkeypatch)
    error = desk.run("--lang", "en", "jobs", "run", "--json").error()
    assert error["happened"] == "The printer of lane A is not ready: off."


def test_exactly_enough_is_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    supplies(faces_left=8)(desk, monkeypatch)
    require_supplies(desk.database, LANE, desk.devices, 8)


def test_a_printer_that_does_not_count_its_ribbon_is_believed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplies(faces_left=None)(desk, monkeypatch)
    require_supplies(desk.database, LANE, desk.devices, 8)


def test_a_smaller_batch_may_be_run(desk: Desk, tmp_path: Path) -> None:
    desk.devices.faces_left = 2
    jobs = desk.add(records(tmp_path / "records", CARDS))
    assert desk.run("jobs", "run").status == ExitStatus.REFUSED
    assert desk.run("jobs", "run", "--limit", "2").status == ExitStatus.DONE
    assert [desk.job(job.id).state for job in jobs] == [JobState.READY, JobState.READY, JobState.QUEUED]


def test_an_empty_queue_asks_nothing_of_the_printer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failing("identify", ABSENT)(desk, monkeypatch)
    assert desk.run("jobs", "run").status == ExitStatus.DONE


def test_a_fake_lane_is_ready() -> None:
    lane = FakeLane(1)
    assert replace(lane.supplies()) == lane.supplies()
    assert lane.read().condition is PrinterCondition.READY
