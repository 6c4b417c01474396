"""One suite for the printer driver against the printer simulator, over USB/IP and over TCP.

Driver and simulator are two independent readings of the fact sheet; where they disagree the sheet decides.
What really happened is always asked of the simulator, never of the driver.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from drivers.evolis import (
    CardPosition,
    EjectionTray,
    EvolisPrinter,
    EvolisStatus,
    EvolisTiming,
    InsertionTray,
    JobForm,
    MalformedReplyError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PrinterRefusedError,
    RejectionTray,
    Sensor,
    State,
)
from drivers.evolis.ribbons import K_BLACK, YMCK, YMCKO, Ribbon
from drivers.evolis.status_bits import Config, Info
from drivers.transports import PrinterTransport, deadline_after, open_printer_transport
from tests.contract.simulated_printer import SimulatedPrinter, SparePrinters, simulated_printer

TIMING = EvolisTiming(reply=2.0, move=2.0, job=30.0, poll=0.05)
LATE = "late_answer:2.5"  # later than the driver waits


@dataclass(frozen=True)
class Picture:
    """A face as the station's templates give it."""

    colour: npt.NDArray[np.uint8]
    black: npt.NDArray[np.bool_]


@dataclass
class Bench:
    """A driver on a running simulator."""

    simulator: SimulatedPrinter
    transport: PrinterTransport
    printer: EvolisPrinter

    def error_mode(self) -> bytes:
        """Ask the printer for its error mode, past the driver."""
        return self.transport.exchange(b"\x1bRem;1\r\x00", deadline_after(5)).partition(b";")[0]

    def idle(self) -> EvolisStatus:
        """Wait for the end of what the printer does."""
        return self.printer.wait_until_idle(deadline_after(20))

    def position(self) -> CardPosition:
        """Read where the card is."""
        return self.printer.read_status().position


@pytest.fixture(params=["usbip", "socket"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(simulator: SimulatedPrinter, scheme: str) -> Bench:
    transport = open_printer_transport(simulator.url(scheme))
    return Bench(simulator, transport, EvolisPrinter(transport, timing=TIMING))


@pytest.fixture(scope="module")
def spares(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparePrinters]:
    made = SparePrinters(lambda: tmp_path_factory.mktemp("printer"), "--hopper", "5", "--speed", "0")
    yield made
    made.close()


@pytest.fixture
def bench(scheme: str, spares: SparePrinters) -> Iterator[Bench]:
    with spares.take() as simulator:
        made = opened(simulator, scheme)
        made.printer.identify()
        yield made
        made.printer.close()


def picture(lines: int = 1016, dots: int = 648, seed: int = 7) -> Picture:
    """Return a face with noise on the left, white on the right, and black bars across both."""
    colour = np.full((dots, lines, 3), 255, dtype=np.uint8)
    colour[:, : lines // 3] = np.random.default_rng(seed).integers(0, 256, (dots, lines // 3, 3), np.uint8)
    black = np.zeros((dots, lines), dtype=np.bool_)
    black[40:60, 10:-5] = True
    return Picture(colour, black)


def black_picture() -> Picture:
    """Return a face without colours."""
    plain = picture()
    plain.colour[:] = 255
    return plain


def expected_ink(face: Picture, letter: str, levels: int) -> str:
    """Return the hash of a panel's ink, line by line, worked out dot by dot order as the sheet words it."""
    dots, lines = face.black.shape
    if letter == "o":
        ink = np.full((dots, lines), 255, dtype=np.uint8)
    elif letter == "k":
        ink = np.where(face.black, 255, 0).astype(np.uint8)
    else:
        taken = {"y": 2, "m": 1, "c": 0}[letter]
        ink = np.where(face.black, 0, 255 - face.colour[:, :, taken]).astype(np.uint8)
        steps = ink.astype(np.uint16) * levels // 256
        ink = ((steps * 255 + (levels - 1) // 2) // (levels - 1)).astype(np.uint8)
    panel = np.stack([ink[::-1, line] for line in range(lines)])  # line 0 left, dots from bottom to top
    return hashlib.sha256(np.ascontiguousarray(panel).tobytes()).hexdigest()


def assert_printed(simulator: SimulatedPrinter, side: str, face: Picture, letters: str, levels: int) -> None:
    (prints,) = simulator.prints(side)
    assert prints.times == 1
    assert prints.panels == tuple(letters)
    for letter in letters:
        assert prints.sha256[letter] == expected_ink(face, letter, levels), f"panel {letter}"


# ---- questions ----


def test_identity_and_what_is_fitted(bench: Bench) -> None:
    identity = bench.printer.identify()
    assert identity.model.name == "Primacy 2"
    assert identity.serial == bench.simulator.truth()["serial"]
    status = bench.printer.read_status()
    assert status.state is State.READY
    assert not status.busy
    assert status.position is CardPosition.NONE
    assert Config.X20 | Config.SMART | Config.CONTACTLESS | Config.FLIP in status.config
    assert status.reservation == 0


def test_counters_ribbon_sensors_and_trays(bench: Bench) -> None:
    counters = bench.printer.read_counters()
    assert (counters.panels_printed, counters.cards_inserted) == (0, 0)
    ribbon = bench.printer.read_ribbon()
    assert ribbon.ribbon == YMCKO
    assert ribbon.prints_left == 200
    assert bench.printer.read_sensor(Sensor.CARD_PRESENCE) > 0
    bench.printer.set_trays(InsertionTray.FEEDER, EjectionTray.REJECT, RejectionTray.REJECT)
    trays = bench.printer.read_trays()
    assert (trays.ejection, trays.rejection) == (EjectionTray.REJECT, RejectionTray.REJECT)
    assert bench.error_mode() == b"0"


# ---- moves ----


def test_the_card_is_where_it_was_sent_after_each_move(bench: Bench) -> None:
    printer = bench.printer
    assert not printer.has_card()
    printer.feed_to("contact")
    assert bench.position() is CardPosition.CONTACT
    assert printer.has_card()
    printer.feed_to("contact")  # names a state: twice is once
    assert bench.position() is CardPosition.CONTACT
    printer.feed_to("contactless")
    assert bench.position() is CardPosition.CONTACTLESS
    printer.insert()
    assert bench.position() is CardPosition.PRINT
    printer.eject()
    assert bench.position() is CardPosition.NONE
    assert not printer.has_card()
    assert bench.simulator.places() == ["tray"]
    assert bench.error_mode() == b"0"


def test_a_rejected_card_lies_in_the_reject_box(bench: Bench) -> None:
    bench.printer.set_trays(rejection=RejectionTray.REJECT)
    bench.printer.feed_to("contact")
    bench.printer.reject()
    assert bench.position() is CardPosition.NONE
    assert bench.simulator.places() == ["reject_box"]


def test_inserted_cards_and_printed_panels_are_counted_apart(bench: Bench) -> None:
    bench.printer.feed_to("contact")
    bench.printer.eject()
    counters = bench.printer.read_counters()
    assert (counters.panels_printed, counters.cards_inserted) == (0, 1)
    bench.printer.print_card(picture())
    bench.idle()
    counters = bench.printer.read_counters()
    assert (counters.panels_printed, counters.cards_inserted) == (5, 2)


def test_nothing_to_eject_is_refused(bench: Bench) -> None:
    with pytest.raises(PrinterRefusedError, match="NO CARD"):
        bench.printer.eject()
    assert bench.error_mode() == b"0"


# ---- printing ----


def test_one_side_dot_by_dot(bench: Bench) -> None:
    face = picture()
    bench.printer.feed_to("contact")
    bench.printer.print_card(face)
    status = bench.idle()
    assert (status.state, status.position) == (State.READY, CardPosition.NONE)
    assert bench.simulator.places() == ["tray"]
    assert_printed(bench.simulator, "front", face, "ymcko", 256)
    assert bench.simulator.prints("back") == []
    assert bench.simulator.number("panels_printed") == 5
    assert bench.printer.read_ribbon().prints_left == 199
    assert bench.error_mode() == b"0"


def test_both_sides_dot_by_dot(bench: Bench) -> None:
    front, back = picture(), picture(seed=8)
    bench.printer.print_card(front, back)
    bench.idle()
    assert_printed(bench.simulator, "front", front, "ymcko", 256)
    assert_printed(bench.simulator, "back", back, "ymcko", 256)
    assert bench.simulator.number("panels_printed") == 10
    assert bench.simulator.places() == ["tray"]


def test_the_bare_form_prints_the_same(bench: Bench) -> None:
    face = picture()
    bench.printer.print_card(face, form=JobForm.BARE)
    bench.idle()
    assert_printed(bench.simulator, "front", face, "ymcko", 256)


def test_the_hosts_error_mode_holds_while_the_card_is_printed(bench: Bench) -> None:
    bench.printer.print_card(picture())
    assert bench.error_mode() == b"2"
    bench.idle()
    assert bench.error_mode() == b"0"


@pytest.mark.parametrize(
    ("model", "ribbon", "lines", "dots", "levels"),
    [
        ("Zenius", YMCKO, 1016, 648, 128),
        ("Badgy200", YMCKO, 1016, 562, 128),
        ("Agilia", YMCK, 2032, 1296, 256),
        ("Primacy", K_BLACK, 1016, 648, 256),
    ],
)
def test_other_models_and_ribbons_dot_by_dot(
    scheme: str, tmp_path: Path, model: str, ribbon: Ribbon, lines: int, dots: int, levels: int
) -> None:
    face = black_picture() if ribbon is K_BLACK else picture(lines, dots)
    kind = "K" if ribbon is K_BLACK else ribbon.name
    options = ("--model", model, "--ribbon", kind, "--hopper", "1", "--speed", "0", "--job-replies", "none")
    with simulated_printer(tmp_path, *options) as simulator:
        bench = opened(simulator, scheme)
        bench.printer.print_card(face, ribbon=ribbon)
        bench.idle()
        assert bench.printer.read_ribbon().ribbon == ribbon
        assert_printed(simulator, "front", face, "".join(ribbon.front), levels)
        bench.printer.close()


# ---- supplies and jams ----


def test_an_empty_feeder_is_refused_named_and_mended(bench: Bench) -> None:
    bench.simulator.fault("feeder_empty")
    with pytest.raises(PrinterRefusedError):
        bench.printer.feed_to("contact")
    status = bench.printer.read_status()
    assert status.reasons == ("FEEDER_EMPTY",)
    assert bench.printer.read_counters().cards_inserted == 0
    assert bench.error_mode() == b"0"
    bench.simulator.person("fill_hopper", count=1)
    bench.printer.clear_errors()
    bench.printer.feed_to("contact")
    assert bench.position() is CardPosition.CONTACT


def test_an_open_cover_is_refused_and_named(bench: Bench) -> None:
    bench.simulator.fault("cover_open")
    with pytest.raises(PrinterRefusedError):
        bench.printer.feed_to("contact")
    status = bench.printer.read_status()
    assert status.state is State.ERROR
    assert "COVER_OPEN" in status.reasons
    bench.simulator.person("close_cover")
    bench.printer.clear_errors()
    assert bench.printer.read_status().state is State.READY
    bench.printer.feed_to("contact")


def test_a_ribbon_that_ends_between_two_panels_leaves_the_card_in_the_print_station(bench: Bench) -> None:
    bench.simulator.fault("ribbon_out_between_panels:2")
    with_fault = outcome_of(lambda: bench.printer.print_card(picture()))
    assert with_fault in (None, OutcomeUnknownError)
    status = bench.idle()
    assert status.state is State.ERROR
    assert "RIBBON_ENDED" in status.reasons
    assert status.position is CardPosition.PRINT
    assert bench.printer.read_counters().panels_printed == 2
    assert bench.error_mode() == b"0"
    bench.simulator.person("change_ribbon", kind="YMCKO", sets=100)
    bench.printer.clear_errors()
    bench.printer.set_trays(rejection=RejectionTray.REJECT)
    bench.printer.reject()
    assert bench.simulator.places() == ["reject_box"]
    print_a_good_card(bench)


def test_an_ended_ribbon_stops_the_job_before_a_blank_moves(bench: Bench) -> None:
    bench.simulator.person("change_ribbon", kind="YMCKO", sets=0)
    with pytest.raises(PrinterRefusedError):
        bench.printer.print_card(picture())
    assert bench.simulator.number("cards_inserted") == 0
    assert bench.error_mode() == b"0"


def test_another_ribbon_than_the_jobs_prints_nothing(bench: Bench) -> None:
    bench.simulator.person("change_ribbon", kind="K", sets=10)
    outcome_of(lambda: bench.printer.print_card(picture()))
    status = bench.idle()
    assert status.state is State.ERROR
    assert bench.printer.read_counters().panels_printed == 0
    assert bench.simulator.prints("front") == []


@pytest.mark.parametrize(
    ("fault", "panels"), [("jam_before_print", 0), ("jam_in_print:3", 3), ("jam_after_print", 5)]
)
def test_a_jam_is_a_mechanical_error_and_the_card_can_be_rejected(
    bench: Bench, fault: str, panels: int
) -> None:
    bench.printer.set_trays(rejection=RejectionTray.REJECT)
    bench.printer.feed_to("contact")
    bench.simulator.fault(fault)
    outcome_of(lambda: bench.printer.print_card(picture()))
    status = bench.idle()
    assert status.state is State.ERROR
    assert "MECHANICAL" in status.reasons
    assert status.position is not CardPosition.NONE
    assert bench.printer.has_card()
    assert bench.printer.read_counters().panels_printed == panels
    bench.simulator.person("clear_jam")
    bench.printer.clear_errors()
    bench.printer.reject()
    assert bench.simulator.places() == ["reject_box"]
    print_a_good_card(bench)


def test_a_jam_on_the_way_to_a_station_is_refused(bench: Bench) -> None:
    bench.simulator.fault("jam_at_station")
    with pytest.raises(PrinterRefusedError):
        bench.printer.feed_to("contact")
    assert "MECHANICAL" in bench.printer.read_status().reasons
    assert bench.error_mode() == b"0"


# ---- faults of the line ----


def test_a_move_without_an_answer_is_unknown_and_the_status_tells(bench: Bench) -> None:
    bench.simulator.fault("no_answer:Sis")
    with pytest.raises(OutcomeUnknownError):
        bench.printer.feed_to("contact")
    bench.idle()
    assert bench.position() is CardPosition.CONTACT
    assert bench.printer.read_counters().cards_inserted == 1
    assert bench.error_mode() == b"0"


def test_a_cut_answer_to_a_move_is_unknown_and_never_ok(bench: Bench) -> None:
    bench.simulator.fault("cut_answer:Sis")
    with pytest.raises(OutcomeUnknownError):
        bench.printer.feed_to("contact")
    assert bench.position() is CardPosition.CONTACT
    assert bench.printer.read_counters().cards_inserted == 1


@pytest.mark.parametrize("fault", ["no_answer:Rco", "cut_answer:Rco"])
def test_a_question_without_an_answer_is_asked_again_and_then_right(bench: Bench, fault: str) -> None:
    bench.simulator.fault(fault)
    with pytest.raises((NoAnswerError, MalformedReplyError)):
        bench.printer.read_counters()
    assert bench.printer.read_counters().cards_inserted == 0
    assert bench.printer.identify().model.name == "Primacy 2"


def test_a_status_without_an_answer_is_asked_again(bench: Bench) -> None:
    bench.simulator.fault("no_answer:status")
    with pytest.raises(NoAnswerError):
        bench.printer.read_status()
    assert bench.printer.read_status().state is State.READY


def test_a_cut_status_is_no_status(bench: Bench) -> None:
    bench.simulator.fault("cut_answer:status")
    with pytest.raises((NoAnswerError, MalformedReplyError)):
        bench.printer.read_status()
    assert bench.printer.read_status().state is State.READY


def test_a_late_ok_is_never_taken_for_another_answer(bench: Bench) -> None:
    bench.simulator.fault(LATE, at=3)  # Rem;1, Pem;2, and then the move
    with pytest.raises(OutcomeUnknownError):
        bench.printer.feed_to("contact")
    assert bench.printer.identify().serial == bench.simulator.truth()["serial"]
    assert bench.printer.read_counters().cards_inserted == 1
    assert bench.position() is CardPosition.CONTACT
    assert bench.error_mode() == b"0"


def test_a_late_count_is_never_taken_for_another_count(bench: Bench) -> None:
    bench.printer.print_card(picture())
    bench.idle()
    bench.simulator.fault(LATE)
    with pytest.raises(NoAnswerError):
        bench.printer.read_counters()
    counters = bench.printer.read_counters()
    assert (counters.panels_printed, counters.cards_inserted) == (5, 1)


@pytest.mark.parametrize("fault", ["double_answer", "split_answer"])
def test_doubled_and_split_answers_do_no_harm(bench: Bench, fault: str) -> None:
    bench.simulator.fault(fault, count=8)
    bench.printer.feed_to("contact")
    counters = bench.printer.read_counters()
    assert (counters.panels_printed, counters.cards_inserted) == (0, 1)
    assert bench.position() is CardPosition.CONTACT


def test_an_answer_of_another_kind_is_malformed(bench: Bench) -> None:
    bench.printer.set_trays(ejection=EjectionTray.STANDARD)
    bench.simulator.fault("wrong_answer:Rco")  # the answer before: OK
    with pytest.raises(MalformedReplyError):
        bench.printer.read_counters()
    assert bench.printer.read_counters().cards_inserted == 0


def test_a_disconnect_inside_a_panel_is_unknown_and_no_card_is_printed_twice(bench: Bench) -> None:
    bench.simulator.fault("disconnect", at=2)
    with pytest.raises(OutcomeUnknownError) as caught:
        bench.printer.print_card(picture())
    assert caught.value.bytes_sent > 0
    bench.idle()
    assert bench.error_mode() == b"0"
    assert bench.printer.read_counters().panels_printed == bench.simulator.number("panels_printed") < 5
    if bench.printer.has_card():
        bench.printer.set_trays(rejection=RejectionTray.REJECT)
        bench.printer.clear_errors()
        bench.printer.reject()
    print_a_good_card(bench)


def test_a_stalled_pipe_in_a_job_is_unknown_and_is_cleared(bench: Bench) -> None:
    if not bench.transport.keeps_stale_replies:
        pytest.skip("TCP has no pipes to stall")
    bench.printer.feed_to("contact")
    bench.simulator.fault("stall", at=20)
    with pytest.raises(OutcomeUnknownError):
        bench.printer.print_card(picture())
    bench.idle()
    assert bench.printer.read_counters().panels_printed < 5
    assert bench.error_mode() == b"0"
    bench.printer.set_trays(rejection=RejectionTray.REJECT)
    bench.printer.reject()
    print_a_good_card(bench)


def test_a_power_cut_before_the_answer_leaves_the_card_to_be_found(bench: Bench) -> None:
    bench.simulator.fault("power_cut:reply", at=3)
    with pytest.raises(OutcomeUnknownError):
        bench.printer.feed_to("contact")
    with pytest.raises(NotSentError):
        bench.printer.eject()
    bench.simulator.person("power_cycle")
    status = bench.idle()
    assert Info.JUST_REBOOTED in status.info
    assert status.position is CardPosition.CONTACT
    assert bench.printer.has_card()
    assert bench.printer.read_counters().cards_inserted == 1
    bench.printer.eject()
    assert bench.simulator.places() == ["tray"]


def test_an_absent_printer_is_a_typed_error_and_its_return_is_noticed(scheme: str, tmp_path: Path) -> None:
    with simulated_printer(tmp_path, "--hopper", "2", "--speed", "0") as simulator:
        bench = opened(simulator, scheme)
        bench.printer.feed_to("contact")
        serial = bench.printer.identify().serial
    with pytest.raises(NoAnswerError):
        bench.printer.read_status()
    with pytest.raises(NotSentError):
        bench.printer.eject()
    with simulated_printer(tmp_path, "--speed", "0") as again:
        second = opened(again, scheme)
        assert second.printer.identify().serial == serial
        assert second.position() is CardPosition.CONTACT
        second.printer.close()


def test_the_printer_is_busy_while_it_prints(scheme: str, tmp_path: Path) -> None:
    with simulated_printer(tmp_path, "--hopper", "1", "--speed", "8") as simulator:
        bench = opened(simulator, scheme)
        started = time.monotonic()
        bench.printer.print_card(picture())
        first = bench.printer.read_status()
        last = bench.idle()
        spent = time.monotonic() - started
        assert first.busy
        assert last.position is CardPosition.NONE
        assert simulator.number("panels_printed") == 5
        assert spent > 1.5  # 16 s of a real machine's time at eightfold speed
        bench.printer.close()


def outcome_of(act: Callable[[], None]) -> type[Exception] | None:
    """Return the kind of error that a print ends with, or None: that depends on how fast the printer is."""
    try:
        act()
    except (OutcomeUnknownError, PrinterRefusedError) as error:
        return type(error)
    return None


def print_a_good_card(bench: Bench) -> None:
    """Show that the driver and the printer understand each other again."""
    before = bench.simulator.number("panels_printed")
    bench.printer.print_card(picture(seed=99))
    assert bench.idle().state is State.READY
    assert bench.simulator.number("panels_printed") == before + 5
    assert "tray" in bench.simulator.places()
