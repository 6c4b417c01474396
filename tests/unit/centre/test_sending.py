"""Sending when all is well: what the centre holds is what the station holds, counted once on both sides."""

import pytest

from station.centre.client import CentreClient, Sending
from station.centre.deliveries import Channel, DeliveryState
from station.centre.documents import Receipt
from station.vault.store import find as find_record
from tests.fakes.centre import RunningCentre, SendingStation


def test_everything_held_arrives_once_oldest_first(station: SendingStation, centre: RunningCentre) -> None:
    hashes = station.record(7)
    done = station.round()
    assert (done.tally.received, done.tally.failures) == (7, 0)
    assert centre.hashes() == hashes
    assert station.backlog().left == 0
    assert station.backlog().received == 7
    station.round()
    assert [row["arrivals"] for row in centre.received()] == [1] * 7


def test_a_received_record_is_on_its_way_through_the_centre(
    station: SendingStation, centre: RunningCentre
) -> None:
    (content_hash,) = station.record(1)
    station.round()
    delivery = station.delivery(content_hash)
    assert (delivery.state, delivery.channel) == (DeliveryState.RECEIVED, Channel.WIRE)
    assert delivery.receipt_number == centre.received()[0]["number"]
    with station.database.reading() as transaction:
        held = find_record(transaction, str(delivery.record))
    assert held is not None
    assert held.local_status == "SENT_FOR_ENROLLMENT"
    assert held.centre_status == "PRINT_READY_RECORD"  # the search of this centre takes no time


def test_a_large_record_goes_in_pieces(station: SendingStation, centre: RunningCentre) -> None:
    small = station.settings.model_copy(
        update={
            "centre": station.settings.centre and station.settings.centre.model_copy(update={"piece": 4096})
        }
    )
    station.settings = small
    hashes = station.record(2)
    station.round()
    assert centre.hashes() == hashes
    assert centre.count("requests_PUT") > 10


def test_one_signature_of_the_token_serves_a_whole_drain(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(12)
    station.round()
    station.round()
    assert centre.count("sessions") == 1


def test_a_centre_that_was_started_again_lets_us_in_again(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(2)
    station.round()
    centre.person("end_sessions")
    station.record(2, first=2)
    assert station.round().tally.received == 2
    assert centre.count("sessions") == 2


def test_a_record_that_is_erased_between_look_up_and_sending_is_not_sent(
    station: SendingStation, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All five are looked up together; while the first is on its way, the second (read ahead) and last go."""
    hashes = station.record(5)
    send = CentreClient.send

    def erase_and_send(client: CentreClient, sending: Sending, offset: int = 0) -> Receipt:
        if sending.content_hash == hashes[0]:
            for content_hash in (hashes[1], hashes[4]):
                with station.database.transaction() as transaction:
                    record = str(station.delivery(content_hash).record)
                    station.holding.erase(transaction, record, None, "withdrawn")
        return send(client, sending, offset)

    monkeypatch.setattr(CentreClient, "send", erase_and_send)
    done = station.round()
    assert centre.hashes() == [hashes[0], *hashes[2:4]]
    assert (done.tally.received, done.tally.refused) == (3, 2)
    for content_hash in (hashes[1], hashes[4]):
        refused = station.delivery(content_hash)
        assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "RECORD_ERASED")
