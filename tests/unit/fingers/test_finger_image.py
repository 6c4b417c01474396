"""Images of fingers: read, refused, and brought to 500 dpi."""

import io

import numpy as np
import pytest
from PIL import Image

from station.errors import InputFault
from station.fingers.image import FingerImage, read_finger_image


def png(image: Image.Image, form: str = "PNG") -> bytes:
    target = io.BytesIO()
    image.save(target, form)
    return target.getvalue()


def grey(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.tile(np.arange(width, dtype=np.uint8), (height, 1)))


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "PPM"])
def test_forms_without_loss_are_read(form: str) -> None:
    image = read_finger_image(png(grey(120, 90), form))
    assert (image.width, image.height) == (120, 90)
    assert image.pixels[5].tolist() == list(range(120))


def test_colours_become_grey() -> None:
    assert read_finger_image(png(Image.new("RGB", (100, 100), (255, 255, 255)))).pixels.min() == 255


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FINGER_IMAGE_UNREADABLE"),
        (b"hello", "FINGER_IMAGE_UNREADABLE"),
        (png(grey(200, 200))[:-60], "FINGER_IMAGE_UNREADABLE"),
        (png(grey(200, 200), "JPEG"), "FINGER_IMAGE_UNREADABLE"),
        (png(Image.new("L", (1601, 4))), "FINGER_IMAGE_IMPOSSIBLE"),
        (png(Image.new("1", (20_000, 20_000))), "FINGER_IMAGE_UNREADABLE"),  # 400 million pixels, unpacked
    ],
)
def test_what_is_no_image_of_a_finger_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputFault) as fault:
        read_finger_image(data)
    assert fault.value.code == code


@pytest.mark.parametrize("dpi", [0.0, 249.0, 2001.0, float("nan"), float("inf")])
def test_a_resolution_that_cannot_be(dpi: float) -> None:
    with pytest.raises(InputFault) as fault:
        FingerImage(np.zeros((100, 100), np.uint8), dpi, 500)
    assert fault.value.code == "FINGER_IMAGE_IMPOSSIBLE"


def test_an_image_at_500_dpi_is_left_alone() -> None:
    image = FingerImage(np.arange(10_000, dtype=np.uint8).reshape(100, 100), 501, 499)
    assert image.at_500_dpi().pixels is image.pixels


def test_another_resolution_is_resampled_each_way() -> None:
    level = FingerImage(np.zeros((250, 400), np.uint8), 1000, 250).at_500_dpi()
    assert level.pixels.shape == (500, 200)
