"""A disk that goes to the centre by hand and back: whole bundles, receipts one by one, nothing twice."""

import base64
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from simulators.centre.carried import answer_disk
from simulators.people.folders import write_people
from station.bundles.manifest import Manifest
from station.bundles.senders import PublicKey
from station.bundles.writing import Outgoing, Signer, write_bundle
from station.centre.deliveries import Channel, DeliveryState
from station.centre.messages import CardMessage, Topic
from station.centre.store import queue
from station.errors import InputFault
from station.exchange import carrying
from station.exchange.answers import Answers, Received
from station.exchange.assembling import centre_identity, take_in
from station.exchange.carrying import Carrying, Exported
from station.exchange.disk import CarriedDisk
from station.exchange.witness import Witness
from tests.fakes.centre import NAME, RunningCentre, SendingStation
from tests.fakes.exchange import SoftSigner


class Carrier:
    """Exports and receives for one station on one disk."""

    def __init__(self, station: SendingStation, centre: RunningCentre, folder: Path) -> None:
        self.station, self.centre = station, centre
        self.disk = CarriedDisk(folder, station.name)
        folder.mkdir(exist_ok=True)

    def export(self, *, again: bool = False) -> Exported:
        return self._carrying(self._note).export(self.disk, again=again)

    def export_and_die_before_noting(self) -> None:
        def die(bundle: str, hashes: Sequence[str]) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self._carrying(die).export(self.disk)

    def at_the_centre(self) -> None:
        answer_disk(self.centre.centre, self.disk.folder)

    def receive(self) -> Received:
        station = self.station
        answers = Answers(
            station.database,
            station.journal,
            station.clock,
            centre_identity(station.settings),
            station.name,
            Witness(station.database, station.journal, station.clock),
            lambda file: take_in(station.importer(), file),
        )
        return answers.receive(self.disk)

    def _note(self, bundle: str, hashes: Sequence[str]) -> None:
        from station.centre.store import note_carried

        with self.station.database.transaction() as transaction:
            note_carried(transaction, self.station.clock, self.station.journal, bundle, hashes)

    def _carrying(self, note: Callable[[str, Sequence[str]], None]) -> Carrying:
        station = self.station
        encryption = centre_identity(station.settings).encryption
        return Carrying(station.database, station.clock, station.holding, SoftSigner(), encryption, note)


@pytest.fixture
def carrier(station: SendingStation, centre: RunningCentre, tmp_path: Path) -> Carrier:
    return Carrier(station, centre, tmp_path / "disk")


def queue_message(station: SendingStation, card: str) -> None:
    message = CardMessage(card=card, record="r-1", issue=1, person="p")
    with station.database.transaction() as transaction:
        row = station.journal.event(transaction, "card_ready")
        queue(transaction, station.clock, row, Topic.CARD_ISSUED, message)


def test_there_and_back(carrier: Carrier, station: SendingStation, centre: RunningCentre) -> None:
    hashes = station.record(5)
    queue_message(station, "0102030405060708")
    done = carrier.export()
    assert (done.records, done.messages, done.left, done.full) == (5, 1, 0, False)
    assert station.backlog().left == 6  # a disk on its way settles nothing
    carrier.at_the_centre()
    assert {row["channel"] for row in centre.received()} == {"disk"}
    received = carrier.receive()
    assert (received.receipts, received.wrong, received.faults) == (6, {}, [])
    assert station.backlog().left == 0
    assert station.delivery(hashes[0]).channel is Channel.DISK
    assert station.count("outbox", "sent_at IS NULL") == 0
    assert received.statuses > 0
    assert station.count("centre_statuses", "status = 'PRINT_READY_RECORD'") == 5


def test_what_went_by_hand_counts_once_when_it_goes_over_the_wire_too(
    carrier: Carrier, station: SendingStation, centre: RunningCentre
) -> None:
    hashes = station.record(4)
    carrier.export()
    carrier.at_the_centre()
    station.round()  # the link is back before the disk is
    assert [row["arrivals"] for row in centre.received()] == [2] * 4
    numbers = {one: station.delivery(one).receipt_number for one in hashes}
    received = carrier.receive()
    assert (received.receipts, received.repeated) == (0, 4)
    assert {one: station.delivery(one).receipt_number for one in hashes} == numbers
    assert {station.delivery(one).channel for one in hashes} == {Channel.WIRE}
    assert len(centre.received()) == 4
    assert station.backlog().received == 4
    assert carrier.receive().receipts == 0  # the disk again


def test_only_what_no_disk_carries_goes_onto_the_next(carrier: Carrier, station: SendingStation) -> None:
    station.record(2)
    assert carrier.export().records == 2
    again = carrier.export()
    assert (again.records, again.bundles) == (0, 0)
    station.record(3, first=2)
    assert carrier.export().records == 3
    shutil.rmtree(carrier.disk.to_centre)  # the disk is lost
    assert carrier.export().records == 0
    assert carrier.export(again=True).records == 5


def test_a_small_disk_takes_what_fits_and_the_next_the_rest(
    carrier: Carrier, station: SendingStation, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = station.record(6)
    size = station.delivery(hashes[0]).size
    usage = shutil.disk_usage(carrier.disk.folder)
    free = carrying.RESERVE + int(3.6 * (size + carrying.HEAD_BYTES))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free))
    done = carrier.export()
    assert (done.records, done.full, done.left) == (3, True, 3)
    monkeypatch.undo()
    assert carrier.export().records == 3
    carrier.at_the_centre()
    carrier.receive()
    assert sorted(centre.hashes()) == sorted(hashes)


def test_a_disk_that_lied_about_its_room_leaves_no_half_bundle(
    carrier: Carrier, station: SendingStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    station.record(2)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    carrier.disk.to_centre.mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = carrier.export()
    assert (done.records, done.full, done.left) == (0, True, 2)
    assert list(carrier.disk.to_centre.iterdir()) == []


def test_a_disk_that_is_pulled_loses_nothing(
    carrier: Carrier, station: SendingStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    station.record(2)

    def gone(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    carrier.disk.to_centre.mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", gone)
        with pytest.raises(InputFault) as caught:
            carrier.export()
    assert caught.value.code == "FILE_UNWRITABLE"
    assert station.backlog().on_disks == 0
    assert carrier.export().records == 2


def test_a_station_that_dies_before_it_noted_a_bundle_finds_it_on_the_disk(
    carrier: Carrier, station: SendingStation
) -> None:
    station.record(3)
    carrier.export_and_die_before_noting()
    assert station.backlog().on_disks == 0
    done = carrier.export()
    assert (done.found, done.records, done.left) == (3, 0, 0)


def test_half_a_bundle_is_no_bundle(carrier: Carrier, station: SendingStation, centre: RunningCentre) -> None:
    station.record(2)
    carrier.export_and_die_before_noting()
    (path,) = carrier.disk.to_centre.glob("*.bundle")
    path.write_bytes(path.read_bytes()[:-1])
    assert carrier.export().records == 2


def test_one_bad_receipt_never_blocks_the_others(carrier: Carrier, station: SendingStation) -> None:
    hashes = station.record(4)
    carrier.export()
    carrier.at_the_centre()
    (path,) = carrier.disk.from_centre.glob("receipts*.json")
    page = json.loads(path.read_bytes())
    page["receipts"][0]["number"] += 1  # no longer what was signed
    page["receipts"][1]["content_hash"] = page["receipts"][2]["content_hash"]
    page["receipts"].append("nonsense")
    path.write_text(json.dumps(page))
    received = carrier.receive()
    assert received.receipts == 2
    assert received.wrong == {"signature_wrong": 2, "malformed": 1}
    assert station.delivery(hashes[0]).state is not DeliveryState.RECEIVED


def test_a_forged_or_foreign_paper_counts_for_nothing(carrier: Carrier, station: SendingStation) -> None:
    station.record(1)
    carrier.export()
    carrier.at_the_centre()
    path = carrier.disk.from_centre / "answer.json"
    envelope = json.loads(path.read_bytes())
    document = json.loads(base64.b64decode(envelope["document"]))
    document["health"]["printing_allowed"] = False
    envelope["document"] = base64.b64encode(json.dumps(document).encode()).decode()
    path.write_text(json.dumps(envelope))
    (carrier.disk.from_centre / "answer-2.json").write_bytes(b"{")
    received = carrier.receive()
    assert received.receipts == 1
    assert [error.code for _, error in received.faults] == ["CENTRE_PAPER_UNUSABLE"] * 2
    assert station.count("centre_statuses") == 0


def test_print_ready_records_come_by_disk(carrier: Carrier, station: SendingStation, tmp_path: Path) -> None:
    carrier.at_the_centre()
    folders = write_people(3, 2, tmp_path / "people", "PRINT_READY_RECORD")
    carrier.centre.person("publish", station=NAME, folders=[str(one) for one in folders])
    station.record(1)
    carrier.export()
    carrier.at_the_centre()
    received = carrier.receive()
    assert [one.accepted for one in received.results] == [2]
    assert station.count("held_records", "origin LIKE 'centre:%'") == 2
    assert station.backlog().left == 0  # what came from the centre is not sent to it


def test_the_wrong_disk_says_so(carrier: Carrier) -> None:
    with pytest.raises(InputFault) as caught:
        carrier.receive()
    assert caught.value.code == "CENTRE_DISK_EMPTY"


def test_a_record_that_is_erased_while_a_disk_is_written_stays_off_it(
    carrier: Carrier, station: SendingStation, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = station.record(4)
    once = [str(station.delivery(hashes[2]).record)]

    def erase_and_write(
        path: Path, records: Sequence[Outgoing], recipient: PublicKey, signer: Signer, at: datetime
    ) -> Manifest:
        while once:
            with station.database.transaction() as transaction:
                station.holding.erase(transaction, once.pop(), None, "withdrawn")
        return write_bundle(path, records, recipient, signer, at)

    monkeypatch.setattr(carrying, "write_bundle", erase_and_write)
    done = carrier.export()
    assert (done.bundles, done.records, done.unreadable) == (1, 3, 1)
    carrier.at_the_centre()
    assert centre.hashes() == [hashes[0], hashes[1], hashes[3]]
