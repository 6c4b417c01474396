"""What outlives a power cut and the simulator itself: `sensor.json`, replaced whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from simulators.files import write_durably
from simulators.zhiantec.codes import BROADCAST


@dataclass(frozen=True)
class Lying:
    """What lies on the plate.

    Attributes:
        what: nothing, finger, flat or bars.
        finger: seed of the finger.
        press: seed of the touch.
        cycles: pairs of bars in a millimetre.
        upright: whether bars run up and down.
    """

    what: str = "nothing"
    finger: int = 0
    press: int = 0
    difficulty: float = 1.0
    moisture: float = 0.0
    cycles: float = 5.0
    upright: bool = True


@dataclass
class SensorTruth:
    """The sensor's flash, its buffers, its plate, and what it has done. Templates are hexadecimal."""

    model: str
    address: int = BROADCAST
    password: int = 0
    baud: int = 57600
    security: int = 3
    packet_code: int = 2
    library: dict[int, str] = field(default_factory=dict)
    buffers: dict[int, str] = field(default_factory=dict)
    aura: list[int] = field(default_factory=list)  # mode, speed, colour, count
    lying: Lying = field(default_factory=Lying)
    defects: dict[str, str] = field(default_factory=dict)  # name -> argument
    plugged: bool = True
    images: int = 0
    uploads: int = 0
    template_touch: int = 0  # numbers the templates that were made


_TRUTH = TypeAdapter(SensorTruth)


def load_truth(path: Path, model: str, baud: int) -> SensorTruth:
    """Read the truth back, or make that of a sensor out of the box."""
    if path.exists():
        return _TRUTH.validate_json(path.read_bytes())
    return SensorTruth(model, baud=baud)


def save_truth(path: Path, truth: SensorTruth) -> None:
    """Write the truth durably."""
    write_durably(path, _TRUTH.dump_json(truth, indent=1))


def truth_as_json(truth: SensorTruth) -> dict[str, object]:
    """Return the truth as a JSON object."""
    value: dict[str, object] = _TRUTH.dump_python(truth, mode="json")
    return value
