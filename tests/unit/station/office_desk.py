"""The command line of a whole office in this process: settings, database and words are real, devices fake."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station.commands.main import main
from station.error_catalogue import CATALOGUE
from station.lanes.tools import LaneTools
from station.language import Language
from station.office import Office
from station.settings import LaneSettings
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeLane
from tests.fakes.exchange import SoftRecipient, SoftSigner
from tests.fakes.gate import BelievingGate
from tests.fakes.station import LANE, FakeKeys, FakeStation
from tests.fakes.vault import SoftMasterKey

SETTINGS = f"""\
data = "data"

[office]
province = "JAWA REKAAN"
regency = "KABUPATEN CONTOHARJO"

[keys]
person = "pkcs11:token=fake;object=person"
blanks = "pkcs11:token=fake;object=blanks"
signature = "pkcs11:token=fake;object=signature"
journal = "pkcs11:token=fake;object=journal"

[[lanes]]
name = "{LANE}"
printer = "socket://127.0.0.1:9"
reader = "pcsc:///Fake%20reader"
"""


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit status."""

    status: int
    words: str
    complaints: str

    def document(self) -> object:
        """The one JSON document on standard output; nothing may stand before or behind it."""
        document: object = json.loads(self.words)
        return document

    def fields(self) -> dict[str, object]:
        """The document, where it is an object."""
        document = self.document()
        assert isinstance(document, dict)
        return document

    def error(self) -> dict[str, object]:
        """The error of a document."""
        error = self.fields()["error"]
        assert isinstance(error, dict)
        return error


class FakeSigner:
    """Signs with a byte that everybody knows."""

    def sign(self, data: bytes) -> bytes:
        return bytes(64)

    def verify(self, data: bytes, signature: bytes) -> bool:
        return signature == bytes(64)

    def public_key(self) -> bytes:
        return b"public"


class FakeCardKeys:
    """The keys of one blank."""

    def cmac_enc(self, data: bytes) -> bytes:
        return bytes(16)


class FakeBatchKey:
    """Diversifies nothing."""

    @contextlib.contextmanager
    def card_keys(self, uid: bytes) -> Iterator[FakeCardKeys]:
        yield FakeCardKeys()


class DeskKeys(FakeKeys):
    """All keys of an office."""

    signature = FakeSigner()
    journal = FakeSigner()
    blanks = FakeBatchKey()
    records = SoftMasterKey()
    exchange = SoftRecipient()
    bundles = SoftSigner()


class Desk(FakeStation):
    """A station with a `station.toml`, and its commands."""

    def __init__(self, folder: Path, devices: FakeLane) -> None:
        self.office_folder, self.config = folder, folder / "station.toml"
        self.config.write_text(SETTINGS, encoding="utf-8")
        data = folder / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        super().__init__(data, devices)

    def run(self, *words: str) -> Said:
        """Give a command, in Indonesian."""
        return run_command("--config", str(self.config), *words)


def run_command(*words: str) -> Said:
    """Give a command without an office."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            status = int(main(words))
        except SystemExit as stop:  # argparse
            status = int(stop.code or 0)
    return Said(status, said.getvalue(), complained.getvalue())


def assert_explained(text: str, code: str) -> None:
    """The text names the code and explains it, in Indonesian and with every value filled in."""
    entry, language = CATALOGUE[code], Language("id")
    assert f"[{code}]" in text
    for sentence in (entry.consequence, entry.operator):
        translated = language.text(sentence)
        assert translated != sentence or sentence.startswith("{")
        if "{" not in sentence:
            assert translated in text
    assert "{" not in text
    assert "Traceback" not in text


def fake_devices(monkeypatch: pytest.MonkeyPatch, devices: FakeLane) -> None:
    """Have every office of this process work with these devices and with keys that are no secret."""

    def lane_tools(office: Office, lane: LaneSettings) -> LaneTools:
        return LaneTools(
            name=lane.name,
            database=office.database,
            journal=office.journal,
            clock=office.clock,
            notices=office.notices,
            printer=devices,
            encoder=devices,
            policy=office.settings.policy,
            seal=lambda: None,
            gate=office.gate,
        )

    monkeypatch.setenv("LANGUAGE", "")  # main() sets it: have it restored
    monkeypatch.setattr("station.office.SystemClock", FakeClock)
    monkeypatch.setattr(Office, "keys", DeskKeys())
    monkeypatch.setattr(Office, "gate", BelievingGate())
    monkeypatch.setattr(Office, "lane_tools", lane_tools)
    monkeypatch.setattr("station.commands.batch.check_reader", lambda url: url)
    monkeypatch.setattr("station.checkup.checks.check_reader", lambda url: url)
    monkeypatch.setattr("station.devices.printer.EvolisCardPrinter", lambda url, chip_station: devices)
