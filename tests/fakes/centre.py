"""A data centre in this process (real HTTPS, the simulator's truth), and a station that sends to it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from simulators.centre.centre import Centre, Equipment
from simulators.centre.http_port import HttpPort
from simulators.centre.identity import Identity, public_pem
from simulators.centre.program import Program
from simulators.centre.verdicts import Deduplication
from simulators.recording_station.recordings import recordings
from simulators.recording_station.sealing import sealed
from station.centre import store
from station.centre.deliveries import Backlog, Delivery
from station.errors import StationError
from station.exchange.assembling import make_exchange
from station.exchange.rounds import Exchange, Round
from station.gate.gate import PrintGate
from station.intake.importing import BundleImport
from station.settings import Settings
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import SENDER, STATION, SoftSigner
from tests.fakes.intake import IntakeStation

NAME = "contoharjo-1"
PATIENCE = 4


class RunningCentre:
    """The simulator, with what a test wants to know of its truth."""

    def __init__(
        self,
        folder: Path,
        *,
        speed: float = 0.0,
        deduplication: Deduplication | None = None,
        fail_one_in: int = 0,
        port: int = 0,
    ) -> None:
        equipment = Equipment(folder, deduplication or Deduplication(), speed, fail_one_in=fail_one_in)
        self.centre = Centre(equipment)
        self.program = Program(self.centre)
        self._port = HttpPort(self.centre, port)
        self.port, self._closed = self._port.port, False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def person(self, action: str, **arguments: object) -> object:
        """Let somebody at the centre act."""
        return self.program.person(action, arguments)

    def fault(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm a fault."""
        self.program.fault(name, at, count)

    @property
    def identity(self) -> Identity:
        """Its public keys and certificate."""
        return self.centre.identity

    def enrol(self, station: str = NAME) -> None:
        """Tell the centre the keys of a station."""
        pem = public_pem(STATION.public_key()).decode()
        self.person("enrol", station=station, signing=pem, encryption=pem)

    def received(self) -> list[Mapping[str, object]]:
        """Everything that was received, in order."""
        rows = self.person("received")
        assert isinstance(rows, list)
        return rows

    def hashes(self) -> list[str]:
        """The content hashes that were received, in order."""
        return [str(row["content_hash"]) for row in self.received()]

    def count(self, name: str) -> int:
        """How often something has happened."""
        return self.centre.truth.number_of(
            "SELECT COALESCE(SUM(count), 0) FROM counts WHERE name = ?", (name,)
        )

    def close(self) -> None:
        """Switch it off, once."""
        if not self._closed:
            self._closed = True
            self._port.close()
            self.centre.close()


@dataclass(frozen=True)
class KnownCentre:
    """A centre that runs in another process: where it is, and its public files."""

    folder: Path
    port: int

    @property
    def identity(self) -> Identity:
        """Its public keys and certificate."""
        return Identity(self.folder / "keys")

    def enrol(self, station: str) -> None:
        """It knows the station already."""


class ImpatientClock(FakeClock):
    """Sleeping takes no time; what takes time of itself, such as a slow answer, is felt by deadlines."""

    def monotonic(self) -> float:
        return self.elapsed + time.monotonic()


class SendingStation(IntakeStation):
    """A station with an outbox. Its clock stands still but for its own waits."""

    def __init__(
        self, folder: Path, centre: RunningCentre | KnownCentre, *, name: str = NAME, **more: object
    ) -> None:
        super().__init__(folder, ImpatientClock())
        self.name = name
        identity = centre.identity
        for place, key in (
            ("senders/centre", identity.signing_public),
            ("recipients", identity.encryption_public),
        ):
            (folder / place).mkdir(parents=True, exist_ok=True)
            (folder / place / "centre.pem").write_bytes(key.read_bytes())
        self.settings = _settings(folder, name, centre.port, identity.authority, more)
        centre.enrol(name)
        self.gate = PrintGate()
        self._exchange: Exchange | None = None

    def bundle_import(self) -> BundleImport:
        """Takes bundles in."""
        return self.importer()

    def centre_signer(self) -> SoftSigner:
        """The key that the centre knows us by."""
        return SoftSigner()

    def record(self, count: int, seed: int = 1, first: int = 0) -> list[str]:
        """Take in a recording team's records; return their content hashes in order."""
        people = list(recordings(seed, count, None, first))
        items = [sealed(one.record, one.captured_at, one.parts) for one in people]
        file = self.folder / f"team-{seed}-{first}.bundle"
        SENDER.write(file, items, STATION.public_key())
        (result,) = self.take(file)
        assert (result.accepted, result.fault) == (count, None)
        return [one.sha256 for one in items]

    @property
    def exchange(self) -> Exchange:
        """The exchange, kept over rounds."""
        if self._exchange is None:
            self._exchange = make_exchange(self, self.clock.sleep, Random(7))
        return self._exchange

    def round(self, patience: int = PATIENCE) -> Round:
        """Make one round."""
        return self.exchange.round(patience)

    def backlog(self) -> Backlog:
        """What waits."""
        with self.database.reading() as transaction:
            return store.backlog(transaction)

    def delivery(self, content_hash: str) -> Delivery:
        """One delivery."""
        with self.database.reading() as transaction:
            found = store.find(transaction, content_hash)
        assert found is not None
        return found

    def drain(self, rounds: int = 200) -> None:
        """Make rounds, with waits in between, until nothing is left."""
        for _ in range(rounds):
            try:
                self.round()
            except StationError as error:
                if not error.code.startswith("CENTRE_"):
                    raise
            if not self.backlog().left:
                return
            self.clock.sleep(30.0)
        raise AssertionError("the backlog does not come to an end")

    def restart(self) -> None:
        """Forget what is in memory, as a station does that dies."""
        if self._exchange is not None:
            self._exchange.close()
        self._exchange = None

    def close(self) -> None:
        """Close everything."""
        self.restart()
        super().close()


def _settings(folder: Path, name: str, port: int, authority: Path, more: Mapping[str, object]) -> Settings:
    keys = {key: f"pkcs11:token=fake;object={key}" for key in ("person", "blanks", "signature", "journal")}
    return Settings.model_validate(
        {
            "office": {"province": "JAWA REKAAN", "regency": "KABUPATEN CONTOHARJO"},
            "data": folder,
            "keys": keys,
            "intake": {"senders": folder / "senders", "recipients": folder / "recipients"},
            "centre": {
                "url": f"https://127.0.0.1:{port}",
                "station": name,
                "authority": authority,
                "patience": 1.0,
                **more,
            },
            "lanes": [{"name": "A", "printer": "socket://127.0.0.1:9", "reader": "pcsc:///Fake"}],
        }
    )
