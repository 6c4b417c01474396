"""The printer's verbs over a scripted transport: framing, outcomes, and the error mode that comes back."""

import time
from collections.abc import Callable, Iterable

import pytest

from drivers.evolis import (
    CapabilityError,
    CardPosition,
    Counters,
    EjectionTray,
    EvolisPrinter,
    EvolisTiming,
    InsertionTray,
    MalformedReplyError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PrinterRefusedError,
    RasterError,
    RejectionTray,
    Sensor,
    StillBusyError,
    UnknownModelError,
    find_model,
)
from drivers.transports import (
    ClosingQuestion,
    TransportBrokenError,
    TransportError,
    TransportTimeoutError,
    TransportUnreachableError,
    deadline_after,
)
from tests.unit.evolis_driver.evolis_faces import photo_face, white_face

IDLE = b"02000000 40000000 00000000 00000000:0"
BUSY = b"02000000 42000081 00000000 00000000:0"
Answer = bytes | TransportError

PRIMACY = find_model("Primacy 2")


class ScriptedTransport:
    """Answers from a table; the error mode is remembered as a printer would."""

    has_replies = True
    keeps_stale_replies = False

    def __init__(self) -> None:
        self.log: list[bytes] = []
        self.mode = b"0"
        self.jobs: list[bytes] = []
        self.job_failure: TransportError | None = None
        self.statuses: list[Answer] = []
        self.closed = False
        self.answers: dict[bytes, Answer] = {
            b"Rok": b"OK",
            b"Rtp": b"Evolis Primacy 2",
            b"Rfv": b"1.07",
            b"Rsn": b"10000123",
            b"Rkn": b"K77",
            b"Rcr": b"OK",
        }

    def exchange(self, command: bytes, deadline: float) -> bytes:
        assert command[:1] == b"\x1b"
        assert command[-2:] == b"\r\x00"
        word = command[1:-2]
        self.log.append(word)
        answer = self.answers.get(word)
        if isinstance(answer, TransportError):
            raise answer
        if answer is not None:
            return answer
        if word == b"Rem;1":
            return self.mode + b";0"
        if word.startswith(b"Pem;"):
            self.mode = word[4:]
        return b"OK"

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        self.log.append(b"status")
        answer = self.statuses.pop(0) if self.statuses else IDLE
        if isinstance(answer, TransportError):
            raise answer
        return answer

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        self.log.append(b"job")
        if self.job_failure is not None:
            raise self.job_failure
        self.jobs.append(b"".join(chunks))
        return len(self.jobs[-1])

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        raise AssertionError("nothing stale here")

    def reset(self, deadline: float) -> None:
        self.log.append(b"reset")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def transport() -> ScriptedTransport:
    return ScriptedTransport()


@pytest.fixture
def printer(transport: ScriptedTransport) -> EvolisPrinter:
    made = EvolisPrinter(transport, sleep=lambda _seconds: None, wall_clock=lambda: 1781255559.0)
    made.identify()
    transport.log.clear()
    return made


def test_identify(transport: ScriptedTransport) -> None:
    identity = EvolisPrinter(transport).identify()
    assert identity.model is PRIMACY
    assert identity.reported_model == "Evolis Primacy 2"
    assert (identity.firmware, identity.serial, identity.head_kit) == ("1.07", "10000123", "K77")


def test_an_unknown_or_unexpected_model_is_refused(transport: ScriptedTransport) -> None:
    with pytest.raises(CapabilityError, match="Zenius was expected"):
        EvolisPrinter(transport, find_model("Zenius")).identify()
    transport.answers[b"Rtp"] = b"Tattoo"
    with pytest.raises(UnknownModelError, match="Tattoo"):
        EvolisPrinter(transport).identify()


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (lambda printer: printer.insert(), b"Si"),
        (lambda printer: printer.feed_to("print"), b"Si"),
        (lambda printer: printer.feed_to("contact"), b"Sis"),
        (lambda printer: printer.feed_to("contactless"), b"Sic"),
        (lambda printer: printer.eject(), b"Sce"),
        (lambda printer: printer.reject(), b"Ser"),
        (lambda printer: printer.clear_errors(), b"Scs"),
    ],
)
def test_every_move_is_framed_by_the_error_mode(
    printer: EvolisPrinter, transport: ScriptedTransport, act: Callable[[EvolisPrinter], None], sent: bytes
) -> None:
    act(printer)
    assert transport.log == [b"Rem;1", b"Pem;2", sent, b"Pem;0"]


@pytest.mark.parametrize("mode", [b"0", b"1", b"16", b"18", b"2"])
def test_the_old_mode_comes_back_whatever_it_was(
    printer: EvolisPrinter, transport: ScriptedTransport, mode: bytes
) -> None:
    transport.mode = mode
    transport.answers[b"Sis"] = b"ERR MECHANICAL"
    with pytest.raises(PrinterRefusedError, match="ERR MECHANICAL"):
        printer.feed_to("contact")
    assert transport.mode == mode


@pytest.mark.parametrize(
    "answer",
    [
        TransportTimeoutError("no answer", 6),
        TransportBrokenError("cut", 6),
        b"O",
        b"",
        b"\xff\xfe",
        b"Primacy 2",
    ],
)
def test_a_move_without_a_clear_answer_has_an_unknown_outcome(
    printer: EvolisPrinter, transport: ScriptedTransport, answer: Answer
) -> None:
    transport.answers[b"Sis"] = answer
    with pytest.raises(OutcomeUnknownError):
        printer.feed_to("contact")
    assert transport.mode == b"0"


@pytest.mark.parametrize("command", [b"Rem;1", b"Pem;2", b"Sis"])
def test_a_move_that_never_left_is_known_not_to_have_happened(
    printer: EvolisPrinter, transport: ScriptedTransport, command: bytes
) -> None:
    transport.answers[command] = TransportUnreachableError("no connection")
    with pytest.raises(NotSentError):
        printer.feed_to("contact")
    assert transport.log.count(b"Sis") == (command == b"Sis")


def test_a_mode_that_was_perhaps_set_is_restored_although_nothing_moved(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.answers[b"Pem;2"] = TransportTimeoutError("no answer", 7)
    with pytest.raises(NotSentError):
        printer.insert()
    assert transport.log == [b"Rem;1", b"Pem;2", b"Pem;0"]


def test_a_restore_that_failed_does_not_hide_the_move_and_is_made_up_for(
    printer: EvolisPrinter, transport: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    transport.mode = b"16"
    transport.answers[b"Pem;16"] = TransportTimeoutError("no answer", 8)
    printer.insert()
    assert "error mode" in caplog.text
    assert transport.mode == b"2"
    del transport.answers[b"Pem;16"]
    printer.eject()
    assert transport.mode == b"16"


def test_a_printer_in_the_hands_of_the_vendors_suite_is_left_alone(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.mode = b"38"
    with pytest.raises(NotSentError, match="suite"):
        printer.insert()
    assert transport.log == [b"Rem;1"]


def test_stations_that_a_model_lacks_are_refused_before_a_byte_is_sent(transport: ScriptedTransport) -> None:
    transport.answers[b"Rtp"] = b"Badgy200"
    printer = EvolisPrinter(transport)
    printer.identify()
    transport.log.clear()
    face = white_face(find_model("Badgy200"))
    with pytest.raises(CapabilityError, match="Badgy200 has no contact station"):
        printer.feed_to("contact")
    with pytest.raises(CapabilityError, match="Badgy200 has no contactless station"):
        printer.feed_to("contactless")
    with pytest.raises(CapabilityError, match="Badgy200 has no reject tray"):
        printer.reject()
    with pytest.raises(CapabilityError, match="Badgy200 has no flip-over station"):
        printer.print_card(face, face)
    assert transport.log == []


def test_counters_ribbon_sensor_and_presence(printer: EvolisPrinter, transport: ScriptedTransport) -> None:
    transport.answers.update(
        {
            b"Rco;p": b"12345",
            b"Rco;c": b"2600",
            b"Rr": b"ymcko",
            b"Rrt;type": b"0",
            b"Rrt;count": b"187",
            b"Rse;p": b"212",
            b"Rlr;p": b"NO CARD",
        }
    )
    assert printer.read_counters() == Counters(panels_printed=12345, cards_inserted=2600)
    ribbon = printer.read_ribbon()
    assert (ribbon.configured, ribbon.reported_type, ribbon.prints_left) == ("ymcko", "0", 187)
    assert ribbon.ribbon is not None
    assert ribbon.ribbon.name == "YMCKO"
    assert printer.read_sensor(Sensor.CARD_PRESENCE) == 212
    assert not printer.has_card()
    transport.answers[b"Rrt;type"] = b"91"  # a hologram: read, but nothing to print with
    assert printer.read_ribbon().ribbon is None


def test_trays(printer: EvolisPrinter, transport: ScriptedTransport) -> None:
    printer.set_trays(ejection=EjectionTray.STANDARD, rejection=RejectionTray.STANDARD)
    assert transport.log == [b"Rem;1", b"Pem;2", b"Pcem;D", b"Pcrm;R", b"Pem;0"]
    transport.answers.update({b"Rcim": b"F", b"Rcem": b"D", b"Rcrm": b"R"})
    trays = printer.read_trays()
    assert (trays.insertion, trays.ejection) == (InsertionTray.FEEDER, EjectionTray.STANDARD)
    assert trays.rejection is RejectionTray.STANDARD


def test_an_unanswered_or_odd_question_is_typed(printer: EvolisPrinter, transport: ScriptedTransport) -> None:
    transport.answers[b"Rco;p"] = TransportTimeoutError("no answer", 8)
    with pytest.raises(NoAnswerError, match="Rco;p"):
        printer.read_counters()
    transport.answers[b"Rco;p"] = b"12x"
    with pytest.raises(MalformedReplyError):
        printer.read_counters()
    transport.statuses = [b"garbage", TransportTimeoutError("no answer")]
    with pytest.raises(MalformedReplyError):
        printer.read_status()
    with pytest.raises(NoAnswerError):
        printer.read_status()


def test_the_hosts_error_mode_lasts_until_the_printer_is_idle(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.statuses = [BUSY, BUSY, IDLE]
    printer.print_card(photo_face(PRIMACY))
    assert transport.log == [b"Rem;1", b"Pem;2", b"Rfv", b"Rcr", b"job"]
    assert transport.mode == b"2"
    status = printer.wait_until_idle(deadline_after(5))
    assert not status.busy
    assert status.position is CardPosition.NONE
    assert transport.log[5:] == [b"status"] * 3 + [b"Pem;0"]
    assert transport.jobs[0].startswith(b"\x1bPsync;1;0\r<HEADER>")


def test_a_printer_that_stays_busy_keeps_the_hosts_error_mode(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.statuses = [BUSY] * 1000
    printer.print_card(white_face(PRIMACY))
    with pytest.raises(StillBusyError):
        printer.wait_until_idle(time.monotonic())
    assert transport.mode == b"2"
    transport.statuses = []
    printer.wait_until_idle(deadline_after(5))
    assert transport.mode == b"0"


def test_a_missing_status_or_two_are_no_reason_to_give_up(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    silence = TransportTimeoutError("no answer")
    transport.statuses = [silence, b"cut", BUSY, silence, silence, IDLE]
    assert not printer.wait_until_idle(deadline_after(5)).busy
    transport.statuses = [silence] * 3
    with pytest.raises(NoAnswerError):
        printer.wait_until_idle(deadline_after(5))


def test_a_face_of_the_wrong_size_costs_nothing(printer: EvolisPrinter, transport: ScriptedTransport) -> None:
    with pytest.raises(RasterError):
        printer.print_card(white_face(find_model("Badgy200")))
    assert transport.log == []


@pytest.mark.parametrize("answer", [b"ERR RIBBON", TransportTimeoutError("x", 5), b"?"])
def test_a_ribbon_that_is_not_ready_stops_the_job_before_it_is_sent(
    printer: EvolisPrinter, transport: ScriptedTransport, answer: Answer
) -> None:
    transport.answers[b"Rcr"] = answer
    with pytest.raises((PrinterRefusedError, NotSentError)):
        printer.print_card(white_face(PRIMACY))
    assert transport.jobs == []
    assert transport.mode == b"0"


def test_a_job_that_never_left_is_known_not_to_be_printed(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.job_failure = TransportUnreachableError("no connection")
    with pytest.raises(NotSentError):
        printer.print_card(white_face(PRIMACY))
    assert transport.mode == b"0"


def test_a_job_cut_on_its_way_has_an_unknown_outcome(
    printer: EvolisPrinter, transport: ScriptedTransport
) -> None:
    transport.job_failure = TransportBrokenError("cut", 700_000)
    with pytest.raises(OutcomeUnknownError) as caught:
        printer.print_card(white_face(PRIMACY))
    assert caught.value.bytes_sent == 700_000
    printer.wait_until_idle(deadline_after(5))
    assert transport.mode == b"0"


def test_close_gives_the_error_mode_back(printer: EvolisPrinter, transport: ScriptedTransport) -> None:
    printer.print_card(white_face(PRIMACY))
    printer.close()
    assert transport.mode == b"0"
    assert transport.closed


def test_the_defaults_are_seconds() -> None:
    assert EvolisTiming().poll == 0.1  # the vendor library asks every 100 ms
