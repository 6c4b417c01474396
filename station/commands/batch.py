"""Running the lanes: a batch that ends, or the station that stays."""

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from station.batches.forecast import forecast, stock_of
from station.batches.preflight import require_supplies
from station.batches.worker import LaneWorker
from station.cards import store
from station.cards.store import JobState
from station.commands.context import WORDED, Context
from station.commands.forecast_view import show_forecast
from station.commands.office import office_of
from station.devices.readers import check_reader
from station.errors import DeviceAbsent, ExitStatus, LaneLatched, Refused, StationError
from station.lanes.tools import LaneTools, StopRequested
from station.language import marked
from station.notices import Notice
from station.office import Office
from station.service.control import ControlServer, is_listening
from station.service.erasure_operations import erasing_of
from station.service.lock import StationLock, lock_in_time

COMMANDS_TAKE = 30.0  # seconds: a printer that is away is asked so long


def run_batch(context: Context, limit: int | None) -> ExitStatus:
    """Work the queue off on every lane, and say what became of it."""
    with office_of(context) as office, StationLock(office.settings.lock_file):
        _show_notices(context, office)
        with _opened_lanes(office) as lanes:
            able = _require_supplies(context, office, lanes, limit)
            workers = [office.worker(tools) for tools in able]
            failures = _run_workers(context, workers, limit)
            return _report(context, office, workers, failures)


def stay(context: Context) -> ExitStatus:
    """Run the station until it is told to stop."""
    with office_of(context) as office, _only_station(context, office):
        _show_notices(context, office)
        _finish_erasures(context, office)
        with _opened_lanes(office) as lanes:
            server = ControlServer(office)
            server.start()
            try:
                context.output.say(
                    marked("The station runs on lanes {lanes}. Ctrl-C stops it safely."),
                    lanes=", ".join(tools.name for tools in lanes),
                )
                threads = [
                    threading.Thread(target=office.worker(tools).run_forever, name=tools.name)
                    for tools in lanes
                ]
                threads += _centre_threads(context, office, lanes)
                threads += _watch_threads(office, lanes)
                threads.append(threading.Thread(target=_keep_backups, args=(office, lanes), name="backup"))
                _join(threads)
            finally:
                server.stop()
    context.output.say(marked("The station has stopped."))
    context.output.document({"stopped": True})
    return ExitStatus.DONE


def _only_station(context: Context, office: Office) -> AbstractContextManager[None]:
    """The lock; a command that asks the printers, such as `backup compare`, has it for some seconds."""
    settings = office.settings
    return lock_in_time(
        settings.lock_file,
        office.clock,
        COMMANDS_TAKE,
        lambda: is_listening(settings.control_socket),
        lambda: context.output.say(marked("Another command is at work here; the station waits for it.")),
    )


def _centre_threads(context: Context, office: Office, lanes: Sequence[LaneTools]) -> list[threading.Thread]:
    """The centre's thread; cards are made even where its settings are wrong."""
    try:
        worker = office.centre_worker(lanes[0].stop)
    except StationError as error:
        context.output.explain(error)
        return []
    return [threading.Thread(target=worker.run_forever, name="centre")] if worker else []


def _watch_threads(office: Office, lanes: Sequence[LaneTools]) -> list[threading.Thread]:
    """The thread that looks into the watched folder, where one is set."""
    worker = office.watch_worker(lanes[0].stop)
    return [threading.Thread(target=worker.run_forever, name="watch")] if worker else []


def _keep_backups(office: Office, lanes: Sequence[LaneTools]) -> None:
    office.backup_keeper().run(lambda: all(tools.stop.is_set() for tools in lanes))


def _finish_erasures(context: Context, office: Office) -> None:
    """Clear what an erasure that was interrupted has left; cards are made even when that fails."""
    try:
        erasing_of(office).finish()
    except StationError as error:
        context.output.explain(error)


def _show_notices(context: Context, office: Office) -> None:
    """Say what the lanes report; with `--json` only the final document is written."""
    lock = threading.Lock()

    def show(notice: Notice) -> None:
        if context.output.as_json:
            return
        with lock:
            if notice.message:
                context.output.say(notice.message, **_worded(context, notice.values))
            if notice.error is not None:
                context.output.explain(notice.error)

    office.notices.listen(show)


def _worded(context: Context, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a notice, with words for codes; free text, such as a name, stays as it is."""
    return {
        name: context.output.word(str(value)) if name in WORDED else value for name, value in values.items()
    }


@contextmanager
def _opened_lanes(office: Office) -> Iterator[Sequence[LaneTools]]:
    """Open all lanes; SIGINT and SIGTERM let each finish the step that it is in and stop."""
    lanes = [office.lane_tools(lane) for lane in office.settings.lanes]

    def stop(number: int, frame: FrameType | None) -> None:
        for tools in lanes:
            tools.stop.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lanes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for tools in lanes:
            tools.encoder.release()
            try:
                tools.printer.close()
            except StationError:
                continue  # it was away already; there is nothing to give back


def _require_supplies(
    context: Context, office: Office, lanes: Sequence[LaneTools], limit: int | None
) -> Sequence[LaneTools]:
    """Refuse the batch before its first card, or say what it will need; return the lanes that are there.

    The queue is shared by the lanes, so each carries its part; a lane that is away leaves it to the others.
    """
    with office.database.reading() as transaction:
        cards = store.count_runnable(transaction)
    cards = min(cards, limit * len(lanes)) if limit is not None else cards
    if not cards:
        return lanes
    able, away = [], []
    for tools in lanes:
        try:
            check_reader(office.require_lane(tools.name).reader)
            tools.printer.identify()
        except DeviceAbsent as error:
            away.append(error)
            tools.say(marked("Lane {lane} is away and takes no cards."), None, error, {"lane": tools.name})
        else:
            able.append(tools)
    if not able:
        raise away[0]
    for tools in able:
        require_supplies(office.database, tools.name, tools.printer, -(-cards // len(able)))
    stocks = [stock_of(office.database, tools.name, tools.printer) for tools in able]
    show_forecast(context, forecast(office.database, cards, stocks))
    return able


def _run_workers(context: Context, workers: Sequence[LaneWorker], limit: int | None) -> list[StationError]:
    failures: list[StationError] = []

    def work(worker: LaneWorker) -> None:
        try:
            worker.run_batch(limit)
        except StopRequested:
            return
        except StationError as error:
            if not isinstance(error, LaneLatched):  # that was shown when the lane latched
                context.output.explain(error)
            failures.append(error)

    _join([threading.Thread(target=work, args=(worker,)) for worker in workers])
    return failures


def _join(threads: Sequence[threading.Thread]) -> None:
    """Start threads and wait; waiting in slices lets signals through to the main thread."""
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(timeout=0.2)


def _report(
    context: Context, office: Office, workers: Sequence[LaneWorker], failures: Sequence[StationError]
) -> ExitStatus:
    with office.database.reading() as transaction:
        counts = {state.value: store.count_jobs(transaction, state) for state in JobState}
    tally = {
        name: sum(tally_of(worker)[name] for worker in workers) for name in ("ready", "spoiled", "refused")
    }
    context.output.say(
        marked("This run: {ready} cards ready, {spoiled} blanks spoiled, {refused} jobs refused."), **tally
    )
    if counts["waiting"]:
        context.output.say(
            marked("{waiting} jobs wait for a person: station questions list."), waiting=counts["waiting"]
        )
    context.output.document(
        {"run": tally, "jobs": counts, "failures": [failure.code for failure in failures]}
    )
    if any(isinstance(failure, DeviceAbsent) for failure in failures):
        return ExitStatus.DEVICE_ABSENT
    if failures and all(isinstance(failure, Refused) for failure in failures):
        return ExitStatus.REFUSED
    if failures:
        return ExitStatus.LATCHED
    return ExitStatus.WAITS_FOR_PERSON if counts["waiting"] or counts["working"] else ExitStatus.DONE


def tally_of(worker: LaneWorker) -> dict[str, int]:
    """The tally of one lane by name."""
    return {"ready": worker.tally.ready, "spoiled": worker.tally.spoiled, "refused": worker.tally.refused}
