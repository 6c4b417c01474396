"""Each fault of way and centre: received once by the centre's truth, counted once by the station."""

import pytest

from station.centre.deliveries import DeliveryState
from station.commands.context import explanation
from station.errors import StationError
from station.language import Language
from station.outage.facts import Answer, Facts
from station.outage.store import facts
from tests.fakes.centre import RunningCentre, SendingStation

COUNT = 5
AT_A_PUT = (
    "hang_up:PUT",
    "server_error:PUT",
    "server_error:PUT:503",
    "server_error:PUT:502",
    "cut_body",
    "cut_body::30000",
    "cut_answer:PUT",
    "cut_answer:PUT:300",
    "lost_receipt",
    "repeated_receipt",
    "wrong_receipt",
    "wrong_number",
    "wrong_signature:PUT",
    "redirect:PUT",
    "garbage:PUT",
    "not_json:PUT",
    "huge_answer:PUT",
    "no_answer:PUT",
    "slow:PUT:1.5",
    "drip:PUT:0.3",
)


def known(station: SendingStation) -> Facts:
    with station.database.reading() as transaction:
        return facts(transaction)


def trouble(station: SendingStation) -> StationError:
    """The error that a round ends with."""
    with pytest.raises(StationError) as caught:
        station.round()
    return caught.value


def words(error: StationError) -> str:
    return "\n".join(explanation(error, Language("id")))


@pytest.mark.parametrize("fault", AT_A_PUT)
def test_one_fault_loses_nothing_and_counts_nothing_twice(
    station: SendingStation, centre: RunningCentre, fault: str
) -> None:
    hashes = station.record(COUNT)
    centre.fault(fault, at=3)
    station.drain()
    assert sorted(centre.hashes()) == sorted(hashes)
    assert station.backlog().received == COUNT
    by_hash = {row["content_hash"]: row["number"] for row in centre.received()}
    assert {one: station.delivery(one).receipt_number for one in hashes} == by_hash


@pytest.mark.parametrize("fault", ["lost_receipt", "wrong_receipt", "wrong_signature:PUT", "cut_answer:PUT"])
def test_what_has_no_good_receipt_is_unknown_and_asked_about_before_it_is_sent_again(
    station: SendingStation, centre: RunningCentre, fault: str
) -> None:
    (content_hash,) = station.record(1)
    centre.fault(fault)
    station.round()
    assert station.delivery(content_hash).state is DeliveryState.UNKNOWN
    assert station.backlog().received == 0
    station.drain()
    assert station.delivery(content_hash).state is DeliveryState.RECEIVED
    assert [row["arrivals"] for row in centre.received()] == [1]  # its receipt was asked for


def test_a_receipt_that_stays_wrong_is_never_counted(station: SendingStation, centre: RunningCentre) -> None:
    (content_hash,) = station.record(1)
    centre.fault("wrong_signature:PUT", count=50)
    centre.fault("wrong_signature:GET", at=2, count=200)  # the first GET is the look at the flags
    for _ in range(5):
        try:
            station.round()
        except StationError as error:
            assert error.code in ("CENTRE_ANSWER_UNUSABLE", "CENTRE_RECEIPT_WRONG")
        station.clock.sleep(60)
    assert station.delivery(content_hash).state is DeliveryState.UNKNOWN
    assert station.backlog().received == 0
    centre.person("clear_faults")
    station.drain()
    assert [row["arrivals"] for row in centre.received()] == [1]


def test_a_begun_record_goes_on_where_the_centre_has_it(
    station: SendingStation, centre: RunningCentre
) -> None:
    assert station.settings.centre is not None
    pieces = station.settings.centre.model_copy(update={"piece": 8192})
    station.settings = station.settings.model_copy(update={"centre": pieces})
    (content_hash,) = station.record(1)
    centre.fault("hang_up:PUT", at=4)
    station.round()
    begun = centre.centre.truth.partial(content_hash).stat().st_size
    assert begun == 3 * 8192
    before = centre.count("requests_PUT")
    station.drain()
    size = station.delivery(content_hash).size
    assert centre.count("requests_PUT") - before == -(-(size - begun) // 8192)
    assert centre.hashes() == [content_hash]


def test_one_bad_record_is_set_aside_with_its_reason_and_the_others_go_on(
    station: SendingStation, centre: RunningCentre
) -> None:
    hashes = station.record(3)
    bad = station.delivery(hashes[1])
    station.values("SELECT 1")
    with station.database.transaction() as transaction:  # a record whose key is another's
        transaction.exec_driver_sql(
            "UPDATE held_records SET wrapped_key = ? WHERE record = ?",
            (station.vault._keys.wrap(str(bad.record), bytes(32)), bad.record),
        )
    done = station.round()
    assert (done.tally.received, done.tally.refused) == (2, 1)
    assert centre.hashes() == [hashes[0], hashes[2]]
    refused = station.delivery(hashes[1])
    assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "seal_broken")
    station.round()
    assert len(centre.received()) == 2


def test_damaged_bytes_of_our_own_are_never_sent(station: SendingStation, centre: RunningCentre) -> None:
    hashes = station.record(2)
    segment = next((station.folder / "vault").glob("*"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 4] ^= 1
    segment.write_bytes(content)
    done = station.round()
    assert (done.tally.received, done.tally.refused) == (1, 1)
    assert station.delivery(hashes[0]).reason == "RECORD_SEAL_BROKEN"
    assert centre.hashes() == [hashes[1]]


def test_an_unsigned_no_is_not_the_centres_word(station: SendingStation, centre: RunningCentre) -> None:
    """A proxy that answers 404 or 403 must not have records set aside."""
    (content_hash,) = station.record(1)
    centre.fault("server_error:PUT:404")
    station.round()
    assert station.delivery(content_hash).state is DeliveryState.UNKNOWN


def test_an_expired_certificate_sends_nothing_and_says_so(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(2)
    centre.person("let_certificate_expire")
    error = trouble(station)
    assert error.code == "CENTRE_CERTIFICATE_BAD"
    assert "certificate has expired" in words(error)
    assert centre.count("requests_POST") == 0
    assert known(station).link.answer is Answer.NO
    centre.person("renew_certificate")
    station.drain()
    assert len(centre.received()) == 2
    assert known(station).link.answer is Answer.YES


def test_a_certificate_of_another_authority_counts_for_nothing(
    station: SendingStation, centre: RunningCentre
) -> None:
    from simulators.centre.identity import Identity

    other = Identity(station.folder / "other")
    other.make()
    assert station.settings.centre is not None
    centre_settings = station.settings.centre.model_copy(update={"authority": other.authority})
    station.settings = station.settings.model_copy(update={"centre": centre_settings})
    assert trouble(station).code == "CENTRE_CERTIFICATE_BAD"


def test_receiving_and_link_and_permission_are_three_facts(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(1)
    centre.person("stop_deduplication")
    station.round()
    assert centre.received() == []
    told = known(station)
    assert (told.link.answer, told.receiving.answer) == (Answer.YES, Answer.NO)
    assert told.printing.answer is Answer.YES
    centre.person("withdraw_printing")
    station.clock.sleep(61)
    centre.person("pass_time", seconds=61)
    station.round()
    assert known(station).printing.answer is Answer.NO
    centre.person("start_deduplication")
    centre.person("allow_printing")
    centre.person("pass_time", seconds=61)
    station.drain()
    told = known(station)
    assert {fact.answer for fact in told.all} == {Answer.YES}
    assert len(centre.received()) == 1


def test_a_full_disk_of_the_centre_sets_nothing_aside(station: SendingStation, centre: RunningCentre) -> None:
    hashes = station.record(3)
    centre.person("fill_disk")
    done = station.round()
    assert done.tally.trouble is not None
    assert done.tally.trouble.code == "CENTRE_NOT_RECEIVING"
    assert station.backlog().waiting == 3
    assert centre.count("requests_PUT") == 1  # the next one would meet the same disk
    centre.person("free_disk")
    station.drain()
    assert centre.hashes() == hashes


def test_a_centre_that_does_not_know_us_says_what_to_do(
    station: SendingStation, centre: RunningCentre
) -> None:
    assert station.settings.centre is not None
    stranger = station.settings.centre.model_copy(update={"station": "somebody-else"})
    station.settings = station.settings.model_copy(update={"centre": stranger})
    error = trouble(station)
    assert error.code == "CENTRE_REFUSES_STATION"
    assert "station_unknown" in words(error)


def test_nothing_listens(station: SendingStation, centre: RunningCentre) -> None:
    station.record(1)
    centre.close()
    error = trouble(station)
    assert error.code == "CENTRE_UNREACHABLE"
    assert "Connection refused" in words(error)
