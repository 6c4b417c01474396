"""URLs of readers, the observer of traffic, and the watched thread."""

import logging
import threading

import pytest

from drivers.pcsc import (
    ExchangeRecord,
    ObservedConnection,
    OutcomeUnknown,
    PcscReader,
    ReaderUrlError,
    Response,
    SlotReader,
    WireStatistics,
    log_exchange,
    open_reader,
)
from drivers.pcsc.watched import CallStuck, WatchedThread


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("pcsc:///Chip station 00 01", "Chip station 00 01"),
        ("pcsc:///Chip%20station%2300", "Chip station#00"),
        ("pcsc:///Maker/Model [x] (0) 00 00", "Maker/Model [x] (0) 00 00"),
    ],
)
def test_a_reader_is_named_by_its_url(url: str, name: str) -> None:
    reader = open_reader(url)
    assert isinstance(reader, PcscReader)
    assert reader.name == name


def test_a_socket_reader() -> None:
    assert isinstance(open_reader("apdu://127.0.0.1:4000"), SlotReader)
    assert isinstance(open_reader("apdu://[::1]:4000"), SlotReader)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Chip station",
        "usb:///x",
        "pcsc://",
        "pcsc:///",
        "pcsc://host/name",
        "pcsc:///name?x=1",
        "pcsc:///name#x",
        "apdu://",
        "apdu://127.0.0.1",
        "apdu://127.0.0.1:x",
        "apdu://127.0.0.1:99999",
        "apdu://192.0.2.1:4000",
        "apdu://127.0.0.1:4000/x",
    ],
)
def test_a_url_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(ReaderUrlError) as caught:
        open_reader(url)
    assert caught.value.url == url


class OneAnswer:
    """A connection that gives one answer, or none."""

    session = 3

    def __init__(self, answer: Response | None) -> None:
        self._answer = answer

    def transmit(self, apdu: bytes) -> Response:
        if self._answer is None:
            raise OutcomeUnknown("x", 0)
        return self._answer


def test_observers_see_lengths_and_never_data(caplog: pytest.LogCaptureFixture) -> None:
    statistics = WireStatistics()
    connection = ObservedConnection(OneAnswer(Response(b"secret", 0x9000)), statistics.add, log_exchange)
    with caplog.at_level(logging.DEBUG):
        assert connection.transmit(b"\x00\xd6\x00\x00\x06secret").sw == 0x9000
    assert (statistics.apdus, statistics.bytes_sent, statistics.bytes_received) == (1, 11, 8)
    assert "00d60000 sent=11 received=8 9000" in caplog.text
    assert "secret" not in caplog.text
    assert b"secret".hex() not in caplog.text
    assert connection.session == 3


def test_observers_see_that_no_answer_came(caplog: pytest.LogCaptureFixture) -> None:
    records: list[ExchangeRecord] = []
    connection = ObservedConnection(OneAnswer(None), records.append, log_exchange)
    with caplog.at_level(logging.DEBUG), pytest.raises(OutcomeUnknown):
        connection.transmit(b"\x00\xd6\x00\x00")
    assert [(record.sw, record.response_length) for record in records] == [(None, 0)]
    assert "no answer" in caplog.text


def test_the_watched_thread_gives_results_and_errors() -> None:
    thread = WatchedThread("test")
    assert thread.call(lambda: threading.current_thread().name, 1) == "test"
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 // 0, 1)
    assert thread.call(lambda: 5, 1) == 5
    ended = threading.Event()
    thread.close(ended.set)
    assert ended.wait(5)
    thread.close(ended.clear)
    assert ended.is_set()


def test_a_stuck_call_is_told_from_one_that_could_not_begin() -> None:
    thread = WatchedThread("test")
    release = threading.Event()
    with pytest.raises(CallStuck) as first:
        thread.call(lambda: release.wait(10), 0.05)
    assert first.value.begun
    with pytest.raises(CallStuck) as second:
        thread.call(lambda: 1, 1)
    assert not second.value.begun
    release.set()
    while thread.stuck:
        pass
    assert thread.call(lambda: 2, 1) == 2
    thread.close(release.clear)
