"""pyfingerprint 1.5, which we did not write, unchanged against the simulated sensor."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy
import pytest
from PIL import Image
from pyfingerprint.pyfingerprint import PyFingerprint

from tests.contract.simulated_sensor import SimulatedSensor, simulated_sensor

RIGHT, LEFT = 1, 2  # two fingers


@pytest.fixture
def sensor(tmp_path: Path) -> Iterator[SimulatedSensor]:
    with simulated_sensor(tmp_path, "--finger", str(RIGHT)) as running:
        yield running


@contextmanager
def judged(sensor: SimulatedSensor, password: int = 0) -> Iterator[PyFingerprint]:
    """The library's own object; it closes its port when it is dropped."""
    assert version("pyfingerprint") == "1.5"
    time.sleep(0.1)  # the module is deaf after power-on, and the library does not try twice
    yield PyFingerprint(sensor.port, 57600, 0xFFFFFFFF, password)


def test_password(sensor: SimulatedSensor) -> None:
    with judged(sensor) as library:
        assert library.verifyPassword()
        assert library.setPassword(0x01020304)
        sensor.person("power_cycle")
    with judged(sensor) as library:
        assert not library.verifyPassword()
    with judged(sensor, 0x01020304) as library:
        assert library.verifyPassword()
        assert library.getStorageCapacity() == 200


def test_parameters(sensor: SimulatedSensor) -> None:
    with judged(sensor) as library:
        library.verifyPassword()
        assert library.getSystemParameters() == (0, 9, 200, 3, 0xFFFFFFFF, 2, 6)
        library.setSecurityLevel(5)
        library.setMaxPacketSize(64)
        assert (library.getSecurityLevel(), library.getMaxPacketSize()) == (5, 64)
        assert library.setAddress(0x11223344)  # the answer comes from the new address (assumed)
        assert library.getSystemParameters()[4] == 0x11223344
        assert library.generateRandomNumber() != library.generateRandomNumber()


def test_image_is_exact_to_four_bits(sensor: SimulatedSensor, tmp_path: Path) -> None:
    with judged(sensor) as library:
        library.verifyPassword()
        sensor.person("lift")
        assert not library.readImage()
        sensor.press(RIGHT, 3)
        assert library.readImage()
        library.downloadImage(str(tmp_path / "judge.bmp"))
    with Image.open(tmp_path / "judge.bmp") as picture:
        pixels = numpy.asarray(picture.convert("L"))
    assert pixels.shape == (288, 256)
    assert numpy.array_equal(pixels // 16, sensor.image())
    assert sensor.image().std() > 2


def test_template_up_and_down(sensor: SimulatedSensor) -> None:
    with judged(sensor) as library:
        library.verifyPassword()
        assert library.readImage()
        assert library.convertImage(1)
        template = library.downloadCharacteristics(1)
        assert len(template) == 512
        foreign = [number % 251 for number in range(512)]
        assert library.uploadCharacteristics(2, foreign)
        assert library.compareCharacteristics() == 0
        assert library.uploadCharacteristics(2, template)
        assert library.compareCharacteristics() > 100


def test_enrol_find_and_delete(sensor: SimulatedSensor) -> None:
    with judged(sensor) as library:
        library.verifyPassword()
        for buffer in (1, 2):
            assert library.readImage()
            assert library.convertImage(buffer)
        assert library.createTemplate()
        assert library.storeTemplate(17) == 17
        assert library.getTemplateCount() == 1
        assert [page for page, used in enumerate(library.getTemplateIndex(0)) if used] == [17]
        assert library.searchTemplate() == (17, pytest.approx(300, abs=200))
        sensor.press(LEFT)
        assert library.readImage()
        assert library.convertImage(1)
        assert library.searchTemplate() == (-1, -1)
        assert library.loadTemplate(17, 2)
        assert library.compareCharacteristics() == 0
        assert library.deleteTemplate(17)
        assert library.getTemplateCount() == 0
        assert library.clearDatabase()


def test_two_fingers_are_not_one(sensor: SimulatedSensor) -> None:
    with judged(sensor) as library:
        library.verifyPassword()
        assert library.readImage()
        assert library.convertImage(1)
        sensor.press(LEFT)
        assert library.readImage()
        assert library.convertImage(2)
        assert not library.createTemplate()
