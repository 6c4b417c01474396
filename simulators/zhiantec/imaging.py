"""Commands on images: taking one, sending it, making a template of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.fault_menu import FaultMenu
from simulators.zhiantec import templates
from simulators.zhiantec.answer import Answer, coded, numbers
from simulators.zhiantec.codes import Code, Command
from simulators.zhiantec.library import BUFFERS, Library
from simulators.zhiantec.plate import IMAGE_BYTES, packed, picture_of
from simulators.zhiantec.truth import Lying, SensorTruth

_STORM: Final = 40
_DRIEST: Final = -0.8  # a drier finger has too few points (assumed)
_HARDEST: Final = 2.5


@dataclass(frozen=True)
class _Shot:
    """What the sensor saw; the picture is computed when somebody wants it."""

    lying: Lying
    defects: Mapping[str, str]
    number: int


class Imaging:
    """The image buffer of a sensor. What was last sent of it is kept as `image.bin`, byte for byte."""

    def __init__(self, truth: SensorTruth, library: Library, faults: FaultMenu, folder: Path) -> None:
        self._truth, self._library, self._faults = truth, library, faults
        self._path = folder / "image.bin"
        self._held: _Shot | bytes | None = None

    def table(self) -> Mapping[Command, Callable[[bytes], Answer]]:
        """Return the commands that are served here."""
        return {
            Command.GET_IMAGE: self._take,
            Command.IMAGE_TO_TEMPLATE: self._to_template,
            Command.UPLOAD_IMAGE: self._upload,
            Command.DOWNLOAD_IMAGE: self._download,
        }

    def forget(self) -> None:
        """Lose the image, as without power."""
        self._held = None

    def _take(self, payload: bytes) -> Answer:
        numbers(payload)
        storm = self._faults.strike("storm")
        if storm is not None:
            return Answer(bytes([Code.NO_FINGER]), times=int(storm or _STORM))
        if self._faults.strike("no_finger") is not None:
            return coded(Code.NO_FINGER)
        if self._truth.lying.what != "nothing" and self._faults.strike("finger_lifted", "03") is not None:
            self._truth.lying = Lying()
            return coded(Code.IMAGING)
        self._truth.images += 1
        self._held = _Shot(self._truth.lying, dict(self._truth.defects), self._truth.images)
        # The picture of an empty plate stays in the buffer, where it can be fetched (assumed).
        return coded(Code.NO_FINGER if self._truth.lying.what == "nothing" else Code.OK)

    def _to_template(self, payload: bytes) -> Answer:
        (buffer,) = numbers(payload, 1)
        if buffer not in BUFFERS or not isinstance(self._held, _Shot):
            return coded(Code.NO_IMAGE)
        lying = self._held.lying
        if self._faults.strike("finger_lifted", "06") is not None:
            self._truth.lying = Lying()
            return coded(Code.MESSY)
        if lying.what != "finger" or lying.difficulty > _HARDEST:
            return coded(Code.MESSY)
        if lying.moisture < _DRIEST:
            return coded(Code.FEW_POINTS)
        self._truth.template_touch += 1
        self._library.keep(buffer, templates.made_from(lying.finger, self._truth.template_touch))
        return coded(Code.OK)

    def _upload(self, payload: bytes) -> Answer:
        numbers(payload)
        if self._held is None:
            return coded(Code.NO_IMAGE)
        if isinstance(self._held, _Shot):
            image = packed(picture_of(self._held.lying, self._held.defects, self._held.number))
        else:
            image = self._held
        self._path.write_bytes(image)
        self._truth.uploads += 1
        return Answer(bytes([Code.OK]), data=image)

    def _download(self, payload: bytes) -> Answer:
        numbers(payload)
        return Answer(bytes([Code.OK]), expects=self._keep)

    def _keep(self, data: bytes) -> None:
        if len(data) == IMAGE_BYTES:  # another length is dropped (assumed)
            self._held = data
