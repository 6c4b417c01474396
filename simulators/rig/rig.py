"""The rig itself."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.rig.admin_client import AdminClient, CentreClient, PaperClient, ScannerClient
from simulators.rig.errors import RigError
from simulators.rig.letter_files import make_letter_files
from simulators.rig.options import RigOptions
from simulators.rig.part import Part
from simulators.rig.station_file import (
    PAPER_FOLDER,
    STATION,
    CentrePorts,
    PaperPorts,
    PrinterPorts,
    ScannerPorts,
    environment_text,
    replace_text,
    station_text,
)
from simulators.rig.token_files import TokenFiles, make_batch_key, write_secret
from simulators.stopping import StopWish

START = 60.0  # seconds; a busy machine takes its time
LONGEST_SOCKET_PATH = 107  # unix(7): sun_path has 108 bytes with its end
LONGEST_SOCKET_NAME = "pcscd.comm.partial"
READERS = "readers"
CENTRE = "centre"
PAPER = "paper printer"
SCANNER = "fingerprint scanner"
LOCK = "rig.lock"


class Rig:
    """Every simulator of one office. Use it as a context, or call `start` and `stop`.

    Its programs die with the thread that started them, so start and restart it from the main thread. One that
    is killed alone stays dead until `restart`.
    """

    def __init__(self, options: RigOptions, cancelled: StopWish | None = None) -> None:
        """Describe a rig; `cancelled` ends a start that is under way."""
        self.options = replace(options, folder=options.folder.resolve())
        self.files = TokenFiles(self.options.folder)
        self._cancelled = cancelled or StopWish()
        self._parts: dict[str, Part] = {}
        self._ports: dict[str, PrinterPorts] = {}
        self._centre_ports: CentrePorts | None = None
        self._paper_ports: PaperPorts | None = None
        self._scanner_ports: ScannerPorts | None = None
        self._lock: int | None = None
        self._short_folder: Path | None = None

    def __enter__(self) -> Self:
        """Start everything."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        self.stop()

    # ---- what others need to know ----

    @property
    def config(self) -> Path:
        """The `station.toml` that was written."""
        return self.options.folder / "station.toml"

    @property
    def lanes(self) -> tuple[str, ...]:
        """The names of the lanes."""
        return self.options.lanes

    def environment(self) -> dict[str, str]:
        """What a process that talks to this rig needs in its environment."""
        return {
            "SOFTHSM2_CONF": str(self.files.configuration),
            "PCSCLITE_CSOCK_NAME": str(self._reader_folder / "pcscd.comm"),
            "STATION_CONFIG": str(self.config),
        }

    def admin(self, lane: str = "A") -> AdminClient:
        """The admin port of a lane's printer."""
        return AdminClient(self._ports[lane].admin_port)

    @property
    def centre(self) -> CentreClient:
        """The admin port of the data centre.

        Raises:
            RigError: the rig was not started.
        """
        if self._centre_ports is None:
            raise RigError("the centre was not started")
        return CentreClient(self._centre_ports.admin_port)

    @property
    def paper(self) -> PaperClient:
        """The admin port of the paper printer.

        Raises:
            RigError: this rig has none.
        """
        if self._paper_ports is None:
            raise RigError("this rig has no paper printer")
        return PaperClient(self._paper_ports.admin_port)

    @property
    def scanner(self) -> ScannerClient:
        """The admin port of the fingerprint scanner.

        Raises:
            RigError: this rig has none.
        """
        if self._scanner_ports is None:
            raise RigError("this rig has no fingerprint scanner")
        return ScannerClient(self._scanner_ports.admin_port)

    def announce(self, folders: Sequence[Path]) -> None:
        """Have the centre say of these record folders what their record.json says: it has them, too.

        The station hears it with its next round: `station centre sync`.
        """
        if folders:
            names = [str(folder.resolve()) for folder in folders]
            self.centre.person("announce", station=STATION, folders=names)

    def ready_document(self) -> dict[str, object]:
        """The ready line: where everything is."""
        return {
            "ready": True,
            "config": str(self.config),
            "environment": self.environment(),
            "admin_ports": {lane: ports.admin_port for lane, ports in self._ports.items()},
            "printers": {lane: ports.model_dump() for lane, ports in self._ports.items()},
            "centre": self._centre_ports.model_dump() if self._centre_ports else None,
            "paper": self._paper_ports.model_dump() if self._paper_ports else None,
            "scanner": self._scanner_ports.model_dump() if self._scanner_ports else None,
        }

    def part_names(self) -> tuple[str, ...]:
        """The names of the programs: `readers`, `centre`, `printer A` for each lane, and others."""
        return tuple(self._parts)

    def dead_parts(self) -> dict[str, int]:
        """The programs that have ended by themselves, with their exit status."""
        ended = ((name, part.status) for name, part in self._parts.items())
        return {name: status for name, status in ended if status is not None}

    # ---- life ----

    def start(self) -> None:
        """Start every simulator and write `station.toml`.

        Raises:
            RigError: something is missing, or another rig works in this folder.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every program; the truth stays on the disk."""
        for part in self._parts.values():
            part.signal_end()
        for part in self._parts.values():
            part.stop()
        self._parts.clear()
        if self._short_folder is not None:
            shutil.rmtree(self._short_folder, ignore_errors=True)
            self._short_folder = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kill(self, part: str) -> None:
        """Kill one program where it stands; `readers`, `centre` or `printer A`.

        Raises:
            KeyError: there is no such part.
        """
        self._parts[part].kill()

    def end(self, part: str) -> None:
        """Switch one program off.

        Raises:
            KeyError: there is no such part.
        """
        self._parts.pop(part).stop()

    def restart(self, part: str) -> None:
        """Start one program again, at its former ports.

        Raises:
            RigError: it does not come up.
        """
        former = self._parts.pop(part, None)
        if former is not None:
            former.stop()
        self._parts[part] = self._make_part(part)
        self._parts[part].start()
        self._parts[part].wait_until_ready(time.monotonic() + START, self._cancelled)

    def kill_pcscd(self) -> None:
        """Kill the PC/SC daemon; its keeper starts another after a second.

        Raises:
            RigError: there is none.
        """
        try:
            os.kill(int((self._reader_folder / "pcscd.pid").read_text()), signal.SIGKILL)
        except (OSError, ValueError) as error:
            raise RigError(f"there is no pcscd to kill: {error}") from error

    # ---- inside ----

    @property
    def _reader_folder(self) -> Path:
        return self._short_folder or self.options.folder / "pcsc"

    def _start(self) -> None:
        folder = self.options.folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _take(folder / LOCK)
        if len(os.fsencode(folder / "pcsc" / LONGEST_SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            self._short_folder = Path(tempfile.mkdtemp(prefix="rig-"))
        if not self.files.batch_key.exists():
            write_secret(self.files.batch_key, make_batch_key(self.options.seed).hex() + "\n")
        maker = self._part("token maker", "simulators.rig.token_maker", ["--folder", str(folder)])
        self._parts = {READERS: self._readers(), CENTRE: self._centre()}
        self._parts |= {f"printer {lane}": self._printer(lane) for lane in self.lanes}
        if self.options.paper:
            self._parts[PAPER] = self._paper()
        if self.options.scanner:
            self._parts[SCANNER] = self._fingerprint_scanner()
        deadline = time.monotonic() + START
        for part in (maker, *self._parts.values()):
            part.start()
        try:
            maker.wait_until_ready(deadline, self._cancelled)
        finally:
            maker.stop()
        for name, part in self._parts.items():
            line = part.wait_until_ready(deadline, self._cancelled)
            if name == CENTRE:
                self._centre_ports = CentrePorts.model_validate_json(line)
            elif name == PAPER:
                self._paper_ports = PaperPorts.model_validate_json(line)
            elif name == SCANNER:
                self._scanner_ports = ScannerPorts.model_validate_json(line)
            elif name != READERS:
                self._ports[name.split()[-1]] = PrinterPorts.model_validate_json(line)
        make_letter_files(folder, self.files)
        (folder / PAPER_FOLDER).mkdir(exist_ok=True)
        self._write_files()
        self._introduce()

    def _introduce(self) -> None:
        """Let the centre and the station know each other's keys."""
        ports, folder = self._centre_ports, self.options.folder
        if ports is None:
            raise RigError("the centre was not started")
        self.centre.person(
            "enrol",
            station=STATION,
            signing=self.files.bundles_key.read_text(encoding="ascii"),
            encryption=self.files.exchange_key.read_text(encoding="ascii"),
        )
        for place, key in (("senders/centre", ports.signing), ("recipients", ports.encryption)):
            (folder / place).mkdir(parents=True, exist_ok=True)
            replace_text(folder / place / "centre.pem", Path(key).read_text(encoding="ascii"))

    def _write_files(self) -> None:
        folder = self.options.folder
        replace_text(self.config, self._station_text())
        replace_text(folder / "environment", environment_text(self.environment()))
        replace_text(folder / "rig.json", json.dumps(self.ready_document(), indent=1) + "\n")

    def _station_text(self) -> str:
        ports, centre, paper = self._ports, self._centre_ports, self._paper_ports
        return station_text(self.options, self.files, ports, centre, paper)

    def _readers(self) -> Part:
        names = [word for lane in self.lanes for word in ("--reader", self.options.reader_name(lane))]
        return self._part(READERS, "simulators.pcsc", ["--folder", str(self._reader_folder), *names])

    def _make_part(self, name: str) -> Part:
        if name == READERS:
            return self._readers()
        if name == PAPER:
            return self._paper()
        if name == SCANNER:
            return self._fingerprint_scanner()
        return self._centre() if name == CENTRE else self._printer(name.split()[-1])

    def _centre(self) -> Part:
        ports = self._centre_ports
        values = {
            "--folder": self.options.folder / "centre",
            "--port": ports.port if ports else 0,
            "--admin-port": ports.admin_port if ports else 0,
            "--seed": self.options.seed,
        }
        words = [word for name, value in values.items() for word in (name, str(value))]
        return self._part(CENTRE, "simulators.centre", words)

    def _paper(self) -> Part:
        ports = self._paper_ports
        values = {
            "--folder": self.options.folder / "paper",
            "--port": ports.port if ports else 0,
            "--admin-port": ports.admin_port if ports else 0,
        }
        words = [word for name, value in values.items() for word in (name, str(value))]
        return self._part(PAPER, "simulators.paper", words)

    def _fingerprint_scanner(self) -> Part:
        ports = self._scanner_ports
        values = {
            "--folder": self.options.folder / "scanner",
            "--link": self.options.scanner_link,
            "--admin-port": ports.admin_port if ports else 0,
            "--speed": self.options.speed,
            "--seed": self.options.seed,
        }
        words = [word for name, value in values.items() for word in (name, str(value))]
        return self._part(SCANNER, "simulators.zhiantec", words)

    def _printer(self, lane: str) -> Part:
        options, ports = self.options, self._ports.get(lane)
        values = {
            "--folder": options.printer_folder(lane),
            "--model": options.model,
            "--port": ports.port if ports else 0,
            "--usbip-port": ports.usbip_port if ports else 0,
            "--admin-port": ports.admin_port if ports else 0,
            "--broker": self._reader_folder / "vpcd.broker",
            "--reader": options.lanes.index(lane),
            "--hopper": options.hopper,
            "--batch-key-file": self.files.batch_key,
            "--speed": options.speed,
            "--seed": options.seed + options.lanes.index(lane),
            "--ribbon": options.ribbon,
            "--ribbon-sets": options.ribbon_sets,
            "--pictures": "all" if options.pictures else "none",
        }
        if options.tray_capacity is not None:
            values["--tray-capacity"] = options.tray_capacity
        words = [word for name, value in values.items() for word in (name, str(value))]
        return self._part(f"printer {lane}", "simulators.evolis", words)

    def _part(self, name: str, module: str, arguments: list[str]) -> Part:
        log = self.options.folder / "logs" / f"{name.replace(' ', '-')}.log"
        return Part(name, [sys.executable, "-m", module, *arguments], log, {"PYTHONUNBUFFERED": "1"})


def is_folder_busy(folder: Path) -> bool:
    """Whether a rig works in this folder now."""
    if not (folder / LOCK).exists():
        return False
    try:
        os.close(_take(folder / LOCK))
    except RigError:
        return True
    return False


def _take(path: Path) -> int:
    """Hold the folder's lock; the kernel gives it back when we die."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RigError(f"another rig works in {path.parent}") from None
    return descriptor
