"""Bundles of the independent writer, read by the station; and every way in which one is refused whole."""

import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from simulators.recording_station.bundle import Draft, framed, key_id
from station.bundles.agreement import Agreements
from station.bundles.manifest import LARGEST_MANIFEST
from station.bundles.reading import open_bundle
from station.bundles.senders import SenderKind, Senders
from station.errors import InputFault
from station.vault.sealed import open_sealed, unpack
from tests.fakes.exchange import SENDER, STATION, STRANGER, SoftRecipient, trust
from tests.unit.bundles.bundle_maker import draft, sealed_people, write, write_people

OTHER_STATION = ec.derive_private_key(0x0FF1CE, ec.SECP256R1())


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    trust(tmp_path / "senders")
    return Senders(tmp_path / "senders")


def refusal(file: Path, senders: Senders) -> InputFault:
    with pytest.raises(InputFault) as caught, open_bundle(file, senders, Agreements(SoftRecipient())):
        pass
    assert "{" not in str(caught.value)
    return caught.value


def test_every_record_opens_to_what_was_recorded(tmp_path: Path, senders: Senders) -> None:
    people = sealed_people(3)
    file = write(tmp_path / "three.bundle", SENDER.draft(people, STATION.public_key()))
    recipient = SoftRecipient()
    with open_bundle(file, senders, Agreements(recipient)) as bundle:
        assert (bundle.sender.name, bundle.sender.kind) == ("kaliwates", SenderKind.RECORDING_STATION)
        for position in (2, 0, 1):  # in any order
            carried = bundle.read(position)
            parts = unpack(open_sealed(carried.sealed, carried.key()))
            assert json.loads(parts["record.json"])["record_id"] == people[position].record
            assert carried.sealed.content_hash == people[position].sha256
    assert recipient.asked == 1  # the token, once a bundle


def test_memory_holds_one_record(tmp_path: Path, senders: Senders) -> None:
    import tracemalloc

    file = write_people(tmp_path / "many.bundle", 60)
    tracemalloc.start()
    with open_bundle(file, senders, Agreements(SoftRecipient())) as bundle:
        for position in range(60):
            bundle.read(position)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert file.stat().st_size > 3_000_000
    assert peak < 1_200_000


@pytest.mark.parametrize("missing", [1, 40, 20_000, 100_000])
def test_a_shorter_file_is_incomplete(tmp_path: Path, senders: Senders, missing: int) -> None:
    file = write_people(tmp_path / "cut.bundle", 2)
    os.truncate(file, file.stat().st_size - missing)
    assert refusal(file, senders).code == "BUNDLE_INCOMPLETE"


@pytest.mark.parametrize("size", [0, 1, 7, 8, 13, 14, 500])
def test_the_beginning_of_a_bundle_is_incomplete(tmp_path: Path, senders: Senders, size: int) -> None:
    file = write_people(tmp_path / "cut.bundle", 1)
    os.truncate(file, size)
    assert refusal(file, senders).code == "BUNDLE_INCOMPLETE"


def test_a_byte_more_is_no_bundle(tmp_path: Path, senders: Senders) -> None:
    file = write_people(tmp_path / "long.bundle", 1)
    with file.open("ab") as stream:
        stream.write(b"\0")
    assert refusal(file, senders).code == "BUNDLE_MALFORMED"


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\0" * 20, b"BUNDLE2\n" + b"\0" * 20])
def test_another_file_is_no_bundle(tmp_path: Path, senders: Senders, head: bytes) -> None:
    file = tmp_path / "other.bundle"
    file.write_bytes(head)
    assert refusal(file, senders).code == "BUNDLE_MALFORMED"


@pytest.mark.parametrize("size", [0, 1, LARGEST_MANIFEST + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_not_read(tmp_path: Path, senders: Senders, size: int) -> None:
    data = bytearray(SENDER.bundle(draft(1)))
    data[8:12] = size.to_bytes(4, "big")
    file = tmp_path / "long.bundle"
    file.write_bytes(data)
    assert refusal(file, senders).code == "BUNDLE_MALFORMED"


def test_an_unknown_sender_is_refused(tmp_path: Path, senders: Senders) -> None:
    file = write(tmp_path / "x.bundle", draft(1, sender=STRANGER), STRANGER)
    assert refusal(file, senders).code == "BUNDLE_SENDER_UNKNOWN"


def test_a_stranger_under_a_trusted_name_is_refused(tmp_path: Path, senders: Senders) -> None:
    made = draft(1)
    file = write(tmp_path / "x.bundle", made, STRANGER)
    assert refusal(file, senders).code == "BUNDLE_SIGNATURE_WRONG"


def test_a_bundle_for_another_station_is_refused(tmp_path: Path, senders: Senders) -> None:
    file = write(tmp_path / "x.bundle", SENDER.draft(sealed_people(1), OTHER_STATION.public_key()))
    assert refusal(file, senders).code == "BUNDLE_FOR_ANOTHER"


def test_a_point_off_the_curve_never_reaches_the_token(tmp_path: Path, senders: Senders) -> None:
    made = draft(1)
    made.manifest["ephemeral"] = "04" + "01" * 64
    file = write(tmp_path / "x.bundle", made)
    recipient = SoftRecipient()
    with pytest.raises(InputFault) as caught, open_bundle(file, senders, Agreements(recipient)):
        pass
    assert (caught.value.code, recipient.asked) == ("BUNDLE_MALFORMED", 0)


def test_keys_cannot_be_taken_over_into_another_senders_bundle(tmp_path: Path, senders: Senders) -> None:
    """The wrapped keys are bound to who sent them: a second trusted sender cannot pass them on as its own."""
    trust(tmp_path / "senders", STRANGER, name="other")
    stolen = draft(1)
    stolen.manifest["sender"] = STRANGER.id
    file = write(tmp_path / "x.bundle", stolen, STRANGER)
    with open_bundle(file, Senders(tmp_path / "senders"), Agreements(SoftRecipient())) as bundle:
        carried = bundle.read(0)
        with pytest.raises(InputFault) as caught:
            carried.key()
    assert caught.value.code == "RECORD_KEY_BROKEN"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'"format":', b'"format": '),
        lambda text: text.replace(b'{"bundle"', b'{"sender":"x","bundle"'),
        lambda text: text + b" ",
        lambda text: text.replace(b'"size":', b'"size":0'),
        lambda text: text[:-1],
        lambda text: b"[" * 5000,
        lambda text: b"\xff" + text,
        lambda text: text.replace(b'"bundle/1"', b'"bundle/2"'),
        lambda text: text.replace(b'"size":', b'"size":1e'),
    ],
)
def test_a_manifest_has_one_form(tmp_path: Path, senders: Senders, change: object) -> None:
    made = draft(1)
    assert callable(change)
    changed = change(made.manifest_bytes())
    file = tmp_path / "x.bundle"
    file.write_bytes(framed(changed, SENDER.sign(changed), made.contents))
    assert refusal(file, senders).code == "BUNDLE_MALFORMED"


@pytest.mark.parametrize("name", ["3509010101900001", "", "a" * 65, "a b", "3509-0101-0190-0001"])
def test_a_record_id_that_could_be_a_nik_is_refused(tmp_path: Path, senders: Senders, name: str) -> None:
    made = draft(1)
    records = made.manifest["records"]
    assert isinstance(records, list)
    records[0]["record"] = name
    fault = refusal(write(tmp_path / "x.bundle", made), senders)
    assert fault.code == "BUNDLE_MALFORMED"
    assert not name or name not in str(fault)


def test_a_pipe_or_a_folder_is_not_waited_for(tmp_path: Path, senders: Senders) -> None:
    os.mkfifo(tmp_path / "pipe.bundle")
    assert refusal(tmp_path / "pipe.bundle", senders).code == "BUNDLE_UNREADABLE"
    assert refusal(tmp_path, senders).code == "BUNDLE_UNREADABLE"


def test_a_damaged_record_leaves_the_others_alone(tmp_path: Path, senders: Senders) -> None:
    made = draft(3)
    made.contents[1] = made.contents[1][:-1] + bytes([made.contents[1][-1] ^ 1])
    with open_bundle(write(tmp_path / "x.bundle", made), senders, Agreements(SoftRecipient())) as bundle:
        bundle.read(0)
        with pytest.raises(InputFault) as caught:
            bundle.read(1)
        bundle.read(2)
    assert caught.value.code == "RECORD_DAMAGED"


def test_two_files_with_one_key_are_refused(tmp_path: Path) -> None:
    trust(tmp_path, name="one")
    trust(tmp_path, kind="centre", name="two")
    with pytest.raises(InputFault) as caught:
        Senders(tmp_path)
    assert caught.value.code == "TRUSTED_KEY_UNREADABLE"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_key_file_without_a_key_says_which(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "centre"
    place.mkdir()
    (place / "pusat.pem").write_bytes(content)
    with pytest.raises(InputFault) as caught:
        Senders(tmp_path)
    assert "pusat.pem" in str(caught.value)


def test_the_key_id_is_the_one_that_the_writer_reckons(senders: Senders) -> None:
    assert isinstance(draft(1), Draft)
    assert senders.require(SENDER.id).public_key.id == SENDER.id
    assert key_id(STATION.public_key()) != SENDER.id
