"""The other end of a simulator's admin port."""

from __future__ import annotations

import http.client
import json
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from simulators.rig.errors import RigError
from simulators.rig.printer_view import PrinterView

LOOPBACK = "127.0.0.1"
PATIENCE = 20.0  # seconds; a person's action waits for the printer's lock
View = TypeVar("View", bound=BaseModel)
_BREATHE, _BLUE = 1, 2  # mode and colour of the scanner's light (facts: scanners.md, 1, "Aura light")


class AdminRefusal(RigError):
    """The simulator refused what was asked, and says why."""


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    result: object = None
    error: str = "no reason given"


class _Admin:
    """Arms the faults of one simulator, and lends it a pair of hands."""

    def __init__(self, port: int) -> None:
        self.port = port

    def fault(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm a fault for its `at`th opportunity from now, `count` times in a row.

        Raises:
            AdminRefusal: it is not on the menu.
            RigError: the simulator does not answer.
        """
        self._ask("POST", "/fault", {"name": name, "at": at, "count": count})

    def person(self, action: str, **arguments: object) -> object:
        """Let a person do something there; the result is a JSON value.

        Raises:
            AdminRefusal: nobody can do that now.
            RigError: the simulator does not answer.
        """
        answer = self._ask("POST", "/person", {"action": action, **arguments})
        return _Reply.model_validate_json(answer).result

    def _truth(self, form: type[View], whose: str) -> View:
        try:
            return form.model_validate_json(self._ask("GET", "/truth", None))
        except ValidationError as error:
            raise RigError(f"{whose}'s truth is not as expected: {error}") from error

    def _ask(self, method: str, path: str, body: dict[str, object] | None) -> bytes:
        # http.client and not urllib.request: the latter would ask a proxy of the environment for loopback
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body).encode())
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise RigError(f"no answer from the admin port {self.port}: {error}") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise AdminRefusal(_Reply.model_validate_json(answer).error)
        return answer


class AdminClient(_Admin):
    """Asks one printer simulator for its truth, arms its faults, and lends it a pair of hands."""

    def truth(self) -> PrinterView:
        """Return what really is.

        Raises:
            RigError: the simulator does not answer.
        """
        return self._truth(PrinterView, "the printer simulator")


class CentreView(BaseModel):
    """The truth of the data centre, in figures."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    records: int
    messages: int
    arrivals: int
    statuses: int
    publications: int


class CentreClient(_Admin):
    """Asks the data centre for its truth, arms its faults, and lets people act there."""

    def truth(self) -> CentreView:
        """Return what it really has.

        Raises:
            RigError: the simulator does not answer.
        """
        return self._truth(CentreView, "the centre")


class LyingView(BaseModel):
    """What lies on the scanner's plate: `nothing`, `finger`, or a target."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    what: str


class ScannerView(BaseModel):
    """What can be seen of the fingerprint scanner from outside.

    Attributes:
        aura: of its light: mode, speed, colour, count (facts: scanners.md, 1); empty before the first.
        lying: what lies on its plate.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    aura: tuple[int, ...]
    lying: LyingView

    @property
    def asks_for_finger(self) -> bool:
        """Whether it breathes in blue."""
        return self.aura[0:1] + self.aura[2:3] == (_BREATHE, _BLUE)


class ScannerClient(_Admin):
    """Lends hands and fingers to the fingerprint scanner, and arms its faults."""

    def truth(self) -> ScannerView:
        """Return what can be seen of it.

        Raises:
            RigError: the simulator does not answer.
        """
        return self._truth(ScannerView, "the scanner")

    def press(self, finger: int, press: int = 1, difficulty: float = 1.0) -> None:
        """Lay the finger of a seed on the plate; which press of it says how.

        Raises:
            AdminRefusal: it cannot be.
            RigError: the simulator does not answer.
        """
        self.person("press", finger=finger, press=press, difficulty=difficulty)

    def lift(self) -> None:
        """Take the finger off.

        Raises:
            RigError: the simulator does not answer.
        """
        self.person("lift")


class PaperRun(BaseModel):
    """One job as it reached the paper printer.

    Attributes:
        job: cupsd's number. options: as cupsd passed them on.
        paper: `none`, `half` or `whole`: what really came out.
        sha256: of the bytes that arrived; empty where the printer took none.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: int
    title: str
    copies: int
    options: tuple[str, ...]
    paper: str
    sha256: str = ""


class PaperView(BaseModel):
    """The truth of the paper printer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    runs: tuple[PaperRun, ...]
    faults: tuple[str, ...]
    connected: bool
    cupsd: bool


class PaperClient(_Admin):
    """Asks the paper printer for what came out, arms its faults, and lends it a pair of hands."""

    def truth(self) -> PaperView:
        """Return what really came out.

        Raises:
            RigError: the simulator does not answer.
        """
        return self._truth(PaperView, "the paper printer")
