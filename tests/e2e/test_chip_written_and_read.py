"""A chip written through a real pcscd with keys in a real token, then read by software that shares no code.

Who reads: a program of its own, written from the reference alone, and Debian's `opensc-tool`.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from drivers.chip import ChipFiles, ChipPersonaliser, ChipState, ktp_el_open
from drivers.chip.samples import BIODATA, JPEG, MINUTIAE, PNG
from drivers.pcsc import CardConnection, ObservedConnection, OutcomeUnknown, PcscReader, WireStatistics
from drivers.token import CardKeyService, SigningKey, TokenSession
from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.chip.reader_slot import ReaderSlot
from tests.pcscd_fixture import CONTACTLESS, PrivatePcscd
from tests.unit.token.soft_token import BATCH_KEY, make_token, module

pytest_plugins = ["tests.pcscd_plugin"]

READING_PROGRAM = Path(__file__).with_name("independent_chip_reader.py")
UID = bytes.fromhex("04A1B2C3D4E5F6")
PHOTO = JPEG[:-2] + bytes(0x10 + index % 199 for index in range(4096 - len(JPEG))) + JPEG[-2:]
FILES = ChipFiles(BIODATA, PHOTO, PNG, MINUTIAE, MINUTIAE, 1, "3201019999990001")


class CopiedSignature:
    """A signer that gives away one signature for everything."""

    def __init__(self, signature: bytes) -> None:
        self._signature = signature

    def sign(self, data: bytes) -> bytes:
        return self._signature

    def verify(self, data: bytes, signature: bytes) -> bool:
        return signature == self._signature


@dataclass(frozen=True)
class Station:
    """What a station has: a reader, keys in a token, and what the laboratory got of them."""

    reader: PcscReader
    keys: CardKeyService
    signer: SigningKey | CopiedSignature
    slot: ReaderSlot
    batch_key_file: Path
    public_key_file: Path

    def personaliser(self, connection: CardConnection | None = None) -> ChipPersonaliser:
        return ChipPersonaliser(connection or self.reader, ktp_el_open(), self.keys, self.signer)

    def run_reading_program(self, public_key: Path | None = None) -> dict[str, object]:
        """Let the independent program read the card; the exit status says what its verdict says."""
        command = [sys.executable, str(READING_PROGRAM), "--reader", self.reader.name]
        keys = [
            "--batch-key-file",
            str(self.batch_key_file),
            "--public-key",
            str(public_key or self.public_key_file),
        ]
        done = subprocess.run(command + keys, capture_output=True, text=True, timeout=60)
        finding: dict[str, object] = json.loads(done.stdout)
        assert done.returncode == (0 if finding["authentic"] else 1), done.stderr
        return finding


@pytest.fixture
def station(
    private_pcscd: PrivatePcscd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Station]:
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    token = make_token(tmp_path)
    module().reinitialize()
    token.fill()
    with closing(TokenSession(token.url(), token.state)) as session:
        signer = SigningKey(session, token.url("chip-data").selector)
        keys = CardKeyService(session, token.url("chip-batch").selector)
        batch_key_file, public_key_file = tmp_path / "batch.key", tmp_path / "public.pem"
        batch_key_file.write_text(BATCH_KEY.hex() + "\n")
        public_key_file.write_bytes(pem_of(signer.public_key()))
        reader_name = private_pcscd.reader(0, CONTACTLESS)
        with closing(private_pcscd.open_slot()) as slot, closing(PcscReader(reader_name)) as reader:
            yield Station(reader, keys, signer, slot, batch_key_file, public_key_file)
    with closing(PcscReader(reader_name)) as next_user:
        next_user.wait_for_removal(time.monotonic() + 5)
    module().finalize()


def pem_of(der: bytes) -> bytes:
    key = load_der_public_key(der)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def insert_blank(station: Station, folder: Path, uid: bytes = UID) -> Card:
    manufacture(folder / uid.hex(), uid, BATCH_KEY)
    card = Card(folder / uid.hex())
    station.slot.insert(card)
    station.reader.wait_for_card(time.monotonic() + 5)
    assert station.reader.connect().uid == uid
    return card


def test_a_chip_is_written_locked_and_read_by_programs_that_are_not_the_writer(
    station: Station, tmp_path: Path
) -> None:
    insert_blank(station, tmp_path)
    statistics = WireStatistics()
    personaliser = station.personaliser(ObservedConnection(station.reader, statistics.add))
    assert personaliser.read_state() is ChipState.BLANK
    personaliser.write(FILES)
    assert statistics.apdus <= 52
    assert personaliser.read_back(FILES) == ()
    personaliser.activate()
    station.reader.disconnect()

    finding = station.run_reading_program()
    assert finding["authentic"], finding
    assert finding["uid"] == "80" + UID.hex()
    assert finding["life_cycle"] == "activated"
    assert finding["issue"] == 1
    assert finding["biodata"] == BIODATA.decode()[1:-1].split('","')
    assert read_photo_with_opensc(station.reader.name) == PHOTO


def read_photo_with_opensc(reader_name: str) -> bytes:
    """Read 6FF2 in the clear with Debian's opensc-tool, which knows nothing of this card."""
    offsets = range(0, 4098, 128)
    reads = [
        f"00:B0:{offset >> 8:02X}:{offset & 0xFF:02X}:{min(128, 4098 - offset):02X}" for offset in offsets
    ]
    arguments = [
        word for apdu in ("00:A4:00:0C:02:7F:0A", "00:A4:00:0C:02:6F:F2", *reads) for word in ("-s", apdu)
    ]
    command = ["opensc-tool", "--reader", reader_name, "--card-driver", "default", *arguments]
    environment = os.environ | {"OPENSC_CONF": os.devnull}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    answers = re.split(r"^Received \(SW1=0x90, SW2=0x00\):?$", done.stdout, flags=re.MULTILINE)
    assert len(answers) == len(offsets) + 3, done.stdout
    image = b"".join(bytes_in_dump(answer) for answer in answers[3:])
    return image[2 : 2 + int.from_bytes(image[:2], "big")]


def bytes_in_dump(text: str) -> bytes:
    """The bytes of a hexadecimal dump of 16 a line, with the characters behind."""
    lines = re.findall(r"^((?:[0-9A-F]{2} ){1,16})", text, flags=re.MULTILINE)
    return b"".join(bytes.fromhex(line) for line in lines)


def test_the_independent_program_finds_what_is_not_authentic(station: Station, tmp_path: Path) -> None:
    insert_blank(station, tmp_path)
    station.personaliser().write(FILES)
    station.reader.disconnect()
    assert station.run_reading_program()["authentic"]

    stranger = tmp_path / "stranger.pem"
    foreign_key = ec.generate_private_key(ec.SECP256R1()).public_key()
    stranger.write_bytes(foreign_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    unsigned = station.run_reading_program(stranger)
    assert not unsigned["authentic"]

    station.batch_key_file.write_text(bytes(16).hex())
    refused = station.run_reading_program()
    assert refused == {"authentic": False, "error": "the card challenge is not the pseudo-random one"}


def test_one_persons_data_copied_to_another_chip_are_found_out(station: Station, tmp_path: Path) -> None:
    """The signature binds the UID: the same signed data on a second blank do not verify."""
    insert_blank(station, tmp_path)
    first = station.personaliser()
    first.write(FILES)
    copied = first.read_files()[0x6FF6]
    station.reader.disconnect()
    station.slot.remove()
    station.reader.wait_for_removal(time.monotonic() + 5)

    insert_blank(station, tmp_path, bytes.fromhex("04000000000002"))
    thief = replace(station, signer=CopiedSignature(copied))
    thief.personaliser().write(FILES)
    station.reader.disconnect()
    finding = station.run_reading_program()
    assert not finding["authentic"]
    assert finding["checks"] == {
        "public_files_equal": True,
        "diversification": True,
        "key_information": True,
        "control": True,
        "manifest_hash": True,
        "signature": False,
    }


def test_a_card_pulled_while_it_was_written_is_finished_when_it_comes_back(
    station: Station, tmp_path: Path
) -> None:
    card = insert_blank(station, tmp_path)
    personaliser = station.personaliser()
    card.faults.arm("tear_in_update", at=9)
    with pytest.raises(OutcomeUnknown):
        personaliser.write(FILES)
    station.reader.recover(time.monotonic() + 5)
    personaliser.write(FILES)
    assert personaliser.read_back(FILES) == ()
    personaliser.activate()
    station.reader.disconnect()
    assert station.run_reading_program()["authentic"]
