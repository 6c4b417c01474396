"""A day's statement is cut out of the ledger at the office's own midnight, and stays the same for ever."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.counts import store as counts
from station.counts.counting import CountedPlace, CountKind, ShiftCount
from station.local_time import Day, TimeZone
from station.settings import OfficeSettings
from station.statements import daily
from station.statements.daily import DailyStatement
from station.statements.paper import PaperWords, daily_values
from station.statements.store import daily_statement
from templates.reports.daily import draw_daily_statement
from templates.reports.fonts import ReportFonts
from tests.fakes.devices import FakeLane
from tests.fakes.station import FONTS, LANE, FakeStation, records
from tests.unit.reports.report_samples import read

# The fake clock begins on 17 March 2017 at 08:00 UTC: 15:00 in the west, 17:00 in the east.
FIRST, SECOND = date(2017, 3, 17), date(2017, 3, 18)
HOUR = timedelta(hours=1).total_seconds()
LATER = datetime(2017, 4, 1, tzinfo=UTC)
WORDS = PaperWords(OfficeSettings(province="JAWA REKAAN", regency="KOTA CONTOH", time_zone=TimeZone.WIB))


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(8))
    station.prepare(8)
    yield station
    station.close()


def receive(station: FakeStation, amount: int, carton: str) -> None:
    with station.database.transaction() as transaction:
        move = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=amount, cause=carton)
        book(transaction, station.journal, move)


def count(station: FakeStation, stock: int) -> None:
    with station.database.transaction() as transaction:
        line = counts.compare(transaction, CountedPlace(account=Account.STOCK, counted=stock))
        counts.record(transaction, station.journal, ShiftCount(kind=CountKind.CLOSING, lines=(line,)), "Siti")


def state(
    station: FakeStation, on: date, now: datetime = LATER, zone: TimeZone = TimeZone.WIB
) -> DailyStatement:
    with station.database.reading() as transaction:
        return daily_statement(transaction, on, zone, now)


def text_of(statement: DailyStatement) -> str:
    values = daily_values(statement, WORDS)
    return read(draw_daily_statement(values, ReportFonts.load(FONTS), specimen=True)).text


def test_a_day_ends_at_the_offices_midnight(station: FakeStation) -> None:
    station.clock.sleep(8.5 * HOUR)  # 16:30 UTC: 23:30 WIB, 01:30 of the next day in WIT
    receive(station, 100, "K-1")
    assert state(station, FIRST).closing[Account.STOCK] == 100
    assert state(station, FIRST, zone=TimeZone.WIT).closing[Account.STOCK] == 0
    assert state(station, SECOND, zone=TimeZone.WIT).closing[Account.STOCK] == 100
    station.clock.sleep(HOUR)  # 00:30 WIB
    receive(station, 7, "K-2")
    assert state(station, FIRST).closing[Account.STOCK] == 100
    assert state(station, SECOND).opening[Account.STOCK] == 100
    assert state(station, SECOND).closing[Account.STOCK] == 107


def test_days_border_on_each_other_without_a_gap() -> None:
    for zone in TimeZone:
        assert Day(FIRST, zone).end == Day(SECOND, zone).start
    assert Day(FIRST, TimeZone.WITA).start == "2017-03-16T16:00:00.000000+00:00"


def test_each_day_opens_as_the_last_one_closed_and_the_equation_holds(
    station: FakeStation, tmp_path: Path
) -> None:
    station.devices.cards[1].bad = True
    station.add(records(tmp_path / "records", 5))
    for day in range(3):
        station.worker().run_batch(limit=2)
        receive(station, 10 + day, f"K-{day}")
        station.clock.sleep(24 * HOUR)
    statements = [state(station, FIRST + timedelta(days=day)) for day in range(4)]
    for before, after in pairwise(statements):
        assert after.opening == before.closing
    assert all(daily.difference(one.closing) == 0 for one in statements)
    assert statements[-1].closing == dict(station.balances().totals)
    assert not any(statements[0].opening.values())
    assert daily.lane_balances(statements[-1].all_flows) == {LANE: station.balances().in_machine[LANE]}
    assert sum(daily.issued_by_lane(one.during).get(LANE, 0) for one in statements) == 5


def test_a_past_day_stays_the_same_whatever_comes_later(station: FakeStation, tmp_path: Path) -> None:
    station.add(records(tmp_path / "records", 2))
    station.worker().run_batch()
    count(station, 3)
    before = text_of(state(station, FIRST))
    station.clock.sleep(24 * HOUR)
    receive(station, 50, "K-9")
    count(station, 53)
    assert text_of(state(station, FIRST)) == before
    assert "Selisih +3 blangko di persediaan" in before
    assert "Selisih +3" in text_of(state(station, SECOND)), "it is open until it is adjusted"


def test_a_question_is_open_on_its_day_even_when_it_is_answered_later(
    station: FakeStation, tmp_path: Path
) -> None:
    station.policy = station.policy.model_copy(update={"quality_check_every": 1})
    station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    station.clock.sleep(24 * HOUR)
    (question,) = station.questions()
    station.answering.answer(question.sequence, "spoiled", "Siti", "scratched")
    assert [row.sequence for row in state(station, FIRST).questions] == [question.sequence]
    assert [row.name for row in state(station, SECOND).questions] == ["print_again"]
    assert "Pemeriksaan mutu" in text_of(state(station, FIRST))


def test_the_spoil_rate_is_what_was_spoiled_of_what_was_used(station: FakeStation, tmp_path: Path) -> None:
    station.devices.cards[0].bad = True
    station.add(records(tmp_path / "records", 3))
    station.worker().run_batch()
    statement = state(station, FIRST)
    assert daily.spoiled_by_cause(statement.during) == {"chip_readback": 1}
    assert daily.used(statement.during) == 4
    text = text_of(statement).replace("\u00a0", " ")
    assert "Hari ini 1 dari 4; sampai kini 1 dari 4. Pembanding: 4,7 %" in text
    assert "Jumlah rusak 1 25,0 % 1 25,0 %" in text


def test_a_rate_counts_destroyed_blanks_once_and_lent_ones_not_at_all() -> None:
    def flow(source: Account, target: Account, quantity: int) -> daily.Flow:
        return daily.Flow(source, "", target, "", "quality", None, quantity, 1)

    flows = [
        flow(Account.IN_MACHINE, Account.ISSUED, 54_834),
        flow(Account.IN_MACHINE, Account.SPOILED, 2706),
        flow(Account.ISSUED, Account.SPOILED, 1),
        flow(Account.SPOILED, Account.DESTROYED, 2000),
        flow(Account.STOCK, Account.LENT_OUT, 5000),
        flow(Account.STOCK, Account.IN_MACHINE, 60_000),
    ]
    spoiled = sum(daily.spoiled_by_cause(flows).values())
    assert (spoiled, daily.used(flows)) == (daily.BENCHMARK_SPOILED, daily.BENCHMARK_USED)
    assert daily.spoil_rate(spoiled, daily.used(flows)) == pytest.approx(0.047, abs=0.0001)
    assert daily.spoil_rate(0, 0) is None


def test_an_unfinished_day_says_up_to_when(station: FakeStation) -> None:
    statement = state(station, FIRST, now=station.clock.now())
    assert not statement.is_over
    assert "Keadaan sampai pukul 15.00 WIB; hari belum berakhir." in text_of(statement)
    assert state(station, FIRST).is_over


def test_the_head_is_the_last_row_of_the_day_with_the_first_signature_that_covers_it(
    station: FakeStation,
) -> None:
    head = state(station, FIRST).head
    assert head is not None
    assert head.signature is None
    station.clock.sleep(24 * HOUR)
    receive(station, 1, "K-1")
    with station.database.transaction() as transaction:
        transaction.execute(
            text(
                "INSERT INTO journal_heads SELECT sequence, hash, 'beef', at FROM journal WHERE sequence = :n"
            ),
            {"n": head.sequence + 1},
        )
    assert state(station, FIRST).head == daily.JournalHead(head.sequence, head.hash, "beef")
    assert state(station, date(2016, 1, 1)).head is None
