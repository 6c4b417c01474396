"""The PC/SC reader over a library that answers as told: return codes, contexts, T=0."""

import threading
import time
from collections.abc import Callable

import pytest

from drivers.pcsc import (
    CardMute,
    CardRemoved,
    CardWasReset,
    DaemonGone,
    NoCard,
    OutcomeUnknown,
    PcscReader,
    ReaderBusy,
    ReaderError,
    ReaderFailure,
    ReaderHung,
    ReaderNotFound,
    list_readers,
)
from drivers.pcsc.winscard import ReturnCode, Winscard, error_for

UID_ANSWER = bytes.fromhex("041122334455669000")
PRESENT = 0x20


class ScriptedLibrary(Winscard):
    """PC/SC calls that end as a test says; `codes` by the call's name, `answers` in turn."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.states = [PRESENT]
        self.protocol = 2
        self.answers: list[bytes] = []
        self.sent: list[bytes] = []
        self.open_contexts = 0
        self.contexts_made = 0
        self.open_cards = 0
        self.hold: Callable[[], object] = lambda: None

    def establish_context(self) -> tuple[int, int]:
        if code := self.codes.get("establish_context", 0):
            return code, 0
        self.open_contexts += 1
        self.contexts_made += 1
        return 0, self.contexts_made

    def release_context(self, context: int) -> int:
        self.open_contexts -= 1
        return 0

    def list_readers(self, context: int) -> tuple[int, tuple[str, ...]]:
        return self.codes.get("list_readers", 0), ("A 00 00", "A 00 01")

    def get_status_change(self, context: int, reader: str, state: int, timeout: float) -> tuple[int, int]:
        if code := self.codes.get("get_status_change", 0):
            return code, 0
        return 0, self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def connect_exclusive(self, context: int, reader: str) -> tuple[int, int, int]:
        if code := self.codes.get("connect_exclusive", 0):
            return code, 0, 0
        self.open_cards += 1
        return 0, 7, self.protocol

    def status(self, card: int) -> tuple[int, bytes]:
        return self.codes.get("status", 0), b"\x3b\x80\x80\x01\x01"

    def transmit(self, card: int, protocol: int, apdu: bytes) -> tuple[int, bytes]:
        self.hold()
        self.sent.append(apdu)
        if code := self.codes.get("transmit", 0):
            return code, b""
        return 0, self.answers.pop(0) if self.answers else UID_ANSWER

    def disconnect(self, card: int) -> int:
        self.open_cards -= 1
        return 0


@pytest.fixture
def library() -> ScriptedLibrary:
    return ScriptedLibrary()


@pytest.fixture
def reader(library: ScriptedLibrary) -> PcscReader:
    return PcscReader("A 00 01", call_timeout=0.5, library=library)


RULES = [
    (0x80100003, DaemonGone),
    (0x8010001D, DaemonGone),
    (0x8010001E, DaemonGone),
    (0x8010006A, DaemonGone),
    (0x80100009, ReaderNotFound),
    (0x80100017, ReaderNotFound),
    (0x8010002E, ReaderNotFound),
    (0x8010000B, ReaderBusy),
    (0x8010000C, NoCard),
    (0x80100066, CardMute),
    (0x80100067, CardMute),
    (0x80100068, CardWasReset),
    (0x80100069, CardRemoved),
    (0x80100016, ReaderFailure),
    (0x8010000F, ReaderFailure),
    (0x80100001, ReaderFailure),
]


@pytest.mark.parametrize(("code", "kind"), RULES)
def test_every_return_code_has_its_error(code: int, kind: type[ReaderError]) -> None:
    error = error_for(code, "A 00 01", outcome_unknown=True)
    assert type(error) is kind
    assert error.outcome_unknown
    assert "A 00 01" in str(error)
    assert not error_for(code, "A 00 01").outcome_unknown


@pytest.mark.parametrize(("code", "kind"), RULES)
def test_a_command_that_failed_leaves_the_outcome_unknown(
    reader: PcscReader, library: ScriptedLibrary, code: int, kind: type[ReaderError]
) -> None:
    reader.connect()
    library.codes["transmit"] = code
    with pytest.raises(kind) as caught:
        reader.transmit(b"\x00\xa4\x00\x00")
    assert caught.value.outcome_unknown
    library.codes.clear()
    assert reader.reconnect().uid == UID_ANSWER[:-2]


@pytest.mark.parametrize("call", ["establish_context", "connect_exclusive", "status"])
@pytest.mark.parametrize(("code", "kind"), RULES)
def test_a_connection_that_failed_is_not_unknown_and_leaves_nothing_open(
    reader: PcscReader, library: ScriptedLibrary, call: str, code: int, kind: type[ReaderError]
) -> None:
    library.codes[call] = code
    with pytest.raises(kind) as caught:
        reader.connect()
    assert not caught.value.outcome_unknown
    reader.close()
    assert (library.open_contexts, library.open_cards) == (0, 0)


def test_after_the_daemon_died_a_fresh_context_is_made(reader: PcscReader, library: ScriptedLibrary) -> None:
    reader.connect()
    library.codes["transmit"] = ReturnCode.NO_SERVICE
    with pytest.raises(DaemonGone):
        reader.transmit(b"\x00\xa4\x00\x00")
    library.codes.clear()
    reader.reconnect()
    assert library.contexts_made == 2
    assert (library.open_contexts, library.open_cards) == (1, 1)


def test_a_busy_or_empty_reader_keeps_its_context(reader: PcscReader, library: ScriptedLibrary) -> None:
    for code in (ReturnCode.NO_SMARTCARD, ReturnCode.SHARING_VIOLATION):
        library.codes["connect_exclusive"] = code
        with pytest.raises(ReaderError):
            reader.connect()
    assert library.contexts_made == 1


def test_waiting_ends_with_the_card_the_deadline_or_the_reader(
    reader: PcscReader, library: ScriptedLibrary
) -> None:
    library.states = [0x10, 0x10, PRESENT]
    reader.wait_for_card(time.monotonic() + 5)
    library.states = [PRESENT, 0x10]
    reader.wait_for_removal(time.monotonic() + 5)
    library.states = [0x10]
    with pytest.raises(NoCard):
        reader.wait_for_card(time.monotonic() - 1)
    library.codes["get_status_change"] = ReturnCode.TIMEOUT
    with pytest.raises(ReaderFailure):
        reader.wait_for_card(time.monotonic() + 5)
    library.codes["get_status_change"] = ReturnCode.UNKNOWN_READER
    with pytest.raises(ReaderNotFound):
        reader.wait_for_card(time.monotonic() + 5)


def test_a_t0_card_is_asked_again_with_the_right_length_and_for_the_rest(
    reader: PcscReader, library: ScriptedLibrary
) -> None:
    library.protocol = 1
    reader.connect()
    library.sent.clear()
    library.answers = [b"\x6c\x05", b"\x61\x02", b"ab\x61\x03", b"cde\x90\x00"]
    response = reader.transmit(bytes.fromhex("00B0000000"))
    assert (response.data, response.sw) == (b"abcde", 0x9000)
    assert [apdu.hex() for apdu in library.sent] == ["00b0000000", "00b0000005", "00c0000002", "00c0000003"]


@pytest.mark.parametrize("cut", [b"", b"\x90"])
def test_a_t0_card_pulled_in_the_middle(reader: PcscReader, library: ScriptedLibrary, cut: bytes) -> None:
    library.protocol = 1
    reader.connect()
    library.answers = [b"\x61\x02", cut]
    with pytest.raises(OutcomeUnknown):
        reader.transmit(bytes.fromhex("00B0000000"))


def test_a_t1_answer_61_is_left_alone(reader: PcscReader, library: ScriptedLibrary) -> None:
    reader.connect()
    library.answers = [b"\x61\x02"]
    assert reader.transmit(bytes.fromhex("00B0000000")).sw == 0x6102


def test_a_stuck_call_gives_control_back_and_blocks_the_reader_until_it_ends(
    reader: PcscReader, library: ScriptedLibrary
) -> None:
    reader.connect()
    release = threading.Event()
    library.hold = lambda: release.wait(10)
    with pytest.raises(ReaderHung) as caught:
        reader.transmit(b"\x00\xa4\x00\x00")
    assert caught.value.outcome_unknown
    assert reader.hung
    reader.disconnect()  # nothing can be done, and nothing is raised
    with pytest.raises(ReaderHung) as again:
        reader.reconnect()
    assert not again.value.outcome_unknown
    release.set()
    reader.recover(time.monotonic() + 5)
    reader.close()
    assert (library.open_contexts, library.open_cards) == (0, 0)


def test_closing_a_hung_reader_does_not_wait(reader: PcscReader, library: ScriptedLibrary) -> None:
    reader.connect()
    release = threading.Event()
    library.hold = lambda: release.wait(10)
    with pytest.raises(ReaderHung):
        reader.transmit(b"\x00\xa4\x00\x00")
    reader.close()
    assert library.open_contexts == 1
    release.set()
    for _ in range(500):
        if (library.open_contexts, library.open_cards) == (0, 0):
            return
        time.sleep(0.01)
    raise AssertionError("the context was not released after the call had ended")


def test_a_card_that_tells_no_uid_is_still_a_card(reader: PcscReader, library: ScriptedLibrary) -> None:
    library.answers = [b"\x6e\x00"]
    assert reader.connect().uid == b""


def test_listing(library: ScriptedLibrary) -> None:
    assert list_readers(library) == ("A 00 00", "A 00 01")
    library.codes["list_readers"] = ReturnCode.NO_READERS_AVAILABLE
    assert list_readers(library) == ()
    for call, code, kind in (
        ("list_readers", ReturnCode.NO_SERVICE, DaemonGone),
        ("establish_context", ReturnCode.NO_SERVICE, DaemonGone),
    ):
        library.codes = {call: code}
        with pytest.raises(kind):
            list_readers(library)
    assert library.open_contexts == 0
