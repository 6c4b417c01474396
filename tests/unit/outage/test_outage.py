"""Three facts apart, dated; the letter policy and the notice follow; nothing prints without permission."""

from datetime import timedelta
from pathlib import Path

import pytest

from station.audit.verify import verify
from station.cards.store import JobState
from station.clock import timestamp
from station.errors import Refused
from station.outage import store
from station.outage.backlog import backlog
from station.outage.facts import Answer, Facts, Observation, Situation, Source, Subject
from station.outage.letters import PrintReady, policy_of
from tests.fakes.backup import people
from tests.fakes.devices import FakeLane
from tests.fakes.software_keys import SoftSigner
from tests.fakes.station import FakeStation

DAY = 86_400.0
LETTER = "471.13/3256/DUKCAPIL"


@pytest.fixture
def station(tmp_path: Path) -> FakeStation:
    station = FakeStation(tmp_path, FakeLane(4))
    station.prepare(4)
    return station


def tell(
    station: FakeStation,
    subject: Subject,
    answer: Answer,
    source: Source = Source.CONTACT,
    how: str = "",
    by: str | None = None,
) -> bool:
    observation = Observation(subject=subject, answer=answer, source=source, how=how)
    with station.database.transaction() as transaction:
        return store.observe(transaction, station.journal, station.clock, observation, by)


def known(station: FakeStation) -> Facts:
    with station.database.reading() as transaction:
        return store.facts(transaction)


def rows(station: FakeStation, name: str) -> int:
    with station.database.reading() as transaction:
        found = transaction.exec_driver_sql("SELECT COUNT(*) FROM journal WHERE name = ?", (name,)).scalar()
    return int(found or 0)


def test_before_anybody_has_said_anything_permission_is_assumed_and_says_so(station: FakeStation) -> None:
    facts = known(station)
    assert (facts.link.answer, facts.receiving.answer) == (Answer.UNKNOWN, Answer.UNKNOWN)
    assert (facts.printing.answer, facts.printing.source) == (Answer.YES, Source.ASSUMED)
    assert not facts.is_outage


@pytest.mark.parametrize("subject", list(Subject))
def test_no_fact_is_concluded_from_another(station: FakeStation, subject: Subject) -> None:
    before = {fact.subject: fact for fact in known(station).all}
    tell(station, subject, Answer.NO)
    after = {fact.subject: fact for fact in known(station).all}
    assert {one for one in Subject if before[one] != after[one]} == {subject}


def test_each_has_since_when_and_when_it_was_last_good(station: FakeStation) -> None:
    tell(station, Subject.LINK, Answer.YES)
    good = timestamp(station.clock.now())
    station.clock.sleep(DAY)
    tell(station, Subject.LINK, Answer.NO, how="connection_refused")
    down = timestamp(station.clock.now())
    station.clock.sleep(30 * DAY)
    tell(station, Subject.LINK, Answer.NO, how="timed_out")
    link = known(station).link
    assert (link.since, link.last_good, link.how) == (down, good, "timed_out")
    assert link.observed_at == timestamp(station.clock.now())


def test_a_drain_of_thousands_is_one_row(station: FakeStation) -> None:
    for _ in range(1000):
        tell(station, Subject.LINK, Answer.YES)
        station.clock.sleep(0.01)
    assert rows(station, "outage_changed") == 1


@pytest.mark.parametrize(
    ("receiving", "printing", "situation", "letters"),
    [
        (Answer.YES, Answer.YES, Situation.NORMAL, PrintReady.CARD_ONLY),
        (Answer.NO, Answer.YES, Situation.PRINT_ONLY, PrintReady.CARD_ONLY),
        (Answer.YES, Answer.NO, Situation.RECEIVE_ONLY, PrintReady.LETTER_TOO),
        (Answer.NO, Answer.NO, Situation.STANDSTILL, PrintReady.LETTER_TOO),
    ],
)
def test_the_four_combinations(
    station: FakeStation,
    tmp_path: Path,
    receiving: Answer,
    printing: Answer,
    situation: Situation,
    letters: PrintReady,
) -> None:
    """Recording goes on in all four; cards are made by the permission alone; the letters follow both."""
    tell(station, Subject.RECEIVING, receiving)
    tell(station, Subject.PRINTING, printing, Source.PERSON, LETTER)
    facts = known(station)
    assert facts.situation is situation
    policy = policy_of(facts)
    assert (policy.print_ready, policy.needs_central_record) == (letters, receiving is Answer.YES)
    station.add(people(tmp_path / "people", 1))
    if printing is Answer.YES:
        station.worker().run_batch()
        assert station.job(1).state is JobState.READY
        return
    with pytest.raises(Refused) as refused:
        station.worker().run_batch()
    assert refused.value.code == "PRINTING_NOT_PERMITTED"
    assert refused.value.values["how"] == LETTER
    assert (station.job(1).state, station.devices.cards_inserted) == (JobState.QUEUED, 0)
    tell(station, Subject.PRINTING, Answer.YES, Source.PERSON, LETTER)
    station.worker().run_batch()
    assert station.job(1).state is JobState.READY


def test_a_card_that_is_begun_is_finished_when_the_permission_goes(
    station: FakeStation, tmp_path: Path
) -> None:
    station.add(people(tmp_path / "people", 2))

    def withdraw(where: str) -> None:
        if where == "after feed":
            tell(station, Subject.PRINTING, Answer.NO, Source.PERSON, LETTER)

    station.devices.hook = withdraw
    with pytest.raises(Refused):
        station.worker().run_batch()
    assert [station.job(number).state for number in (1, 2)] == [JobState.READY, JobState.QUEUED]


def test_the_policy_of_any_day_can_be_read_later(station: FakeStation) -> None:
    days = []
    for receiving, printing in ((Answer.YES, Answer.YES), (Answer.NO, Answer.YES), (Answer.NO, Answer.NO)):
        tell(station, Subject.RECEIVING, receiving)
        tell(station, Subject.PRINTING, printing)
        station.clock.sleep(1)
        days.append(timestamp(station.clock.now()))
        station.clock.sleep(30 * DAY)
    with station.database.reading() as transaction:
        found = [store.policy_at(transaction, day).policy.situation for day in days]
        first = store.policy_at(transaction, "2016-01-01T00:00:00.000000+00:00")
    assert found == [Situation.NORMAL, Situation.PRINT_ONLY, Situation.STANDSTILL]
    assert (first.journal, first.policy.situation) == (None, Situation.NORMAL)
    assert rows(station, "letter_policy_changed") == 2


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE centre_facts SET answer = 'yes'", "centre_differs"),
        ("DROP TRIGGER letter_policies_DELETE; DELETE FROM letter_policies", "policies_differ"),
    ],
)
def test_what_was_changed_with_a_tool_is_found(
    station: FakeStation, tmp_path: Path, statement: str, kind: str
) -> None:
    tell(station, Subject.PRINTING, Answer.NO, Source.PERSON, LETTER)
    key, anchor = SoftSigner(), tmp_path / "heads"
    assert verify(station.database, key, anchor).faults == []
    with station.database.transaction() as transaction:
        for part in statement.split("; "):
            transaction.exec_driver_sql(part)
    assert [fault.kind.value for fault in verify(station.database, key, anchor).faults] == [kind]


def test_a_policy_is_never_rewritten(station: FakeStation) -> None:
    tell(station, Subject.RECEIVING, Answer.NO)
    for statement in ("DELETE FROM letter_policies", "UPDATE letter_policies SET print_ready = 'letter_too'"):
        with pytest.raises(Refused), station.database.transaction() as transaction:
            transaction.exec_driver_sql(statement)


# ---- the backlog ----


def test_the_backlog_is_shown_by_age(station: FakeStation) -> None:
    now = station.clock.now() + timedelta(days=400)
    with station.database.transaction() as transaction:
        for number, days in enumerate((0, 6, 7, 29, 30, 100, 200, 399)):
            at = timestamp(now - timedelta(days=days, seconds=1))
            received = (number, at, "s", "wire") if days == 29 else (None, None, None, None)
            state = "received" if days == 29 else "waiting"
            transaction.exec_driver_sql(
                "INSERT INTO held_records (record, person, issue, content_hash, record_sha256, segment, "
                '"offset", length, wrapped_key, received_at, origin, local_status) '
                "VALUES (?, 'p', 1, ?, 'x', 1, 0, 1, x'00', ?, 'centre:test', 'BIO_CAPTURED')",
                (f"r{number}", f"h{number}", at),
            )
            transaction.exec_driver_sql(
                "INSERT INTO deliveries (kind, content_hash, record, size, queued_at, state, tries, "
                "receipt_number, receipt_at, receipt_signature, channel) "
                "VALUES ('record', ?, ?, 1, ?, ?, 0, ?, ?, ?, ?)",
                (f"h{number}", f"r{number}", at, state, *received),
            )
    with station.database.reading() as transaction:
        found = backlog(transaction, now)
    assert (found.unsent.counts, found.unsent.oldest) == ((2, 1, 1, 1, 2), 399)
    assert (found.without_result.counts, found.without_result.oldest) == ((0, 1, 0, 0, 0), 29)
