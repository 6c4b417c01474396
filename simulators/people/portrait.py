"""Drawn portraits: a head and shoulders of plain shapes before a coloured wall."""

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .clothing import draw_clothes
from .look import Colour, Look
from .shapes import BRUSH, Sketch, shade

SIZE: Final = (480, 640)
_QUALITY: Final = 85


def portrait_jpeg(look: Look, background: Colour, noise_key: str) -> bytes:
    """Return a portrait of 480 x 640 pixels as a JPEG. `noise_key` seeds the grain of the picture."""
    image = Image.new("RGB", (SIZE[0] * BRUSH, SIZE[1] * BRUSH), background)
    sketch = Sketch(ImageDraw.Draw(image))
    _behind(sketch, look)
    _neck(sketch, look)
    draw_clothes(sketch, look)
    _head(sketch, look)
    _features(sketch, look)
    _before(sketch, look)
    small = image.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.6))
    stream = BytesIO()
    _with_grain(small, noise_key).save(stream, format="JPEG", quality=_QUALITY)
    return stream.getvalue()


def _with_grain(image: Image.Image, key: str) -> Image.Image:
    """Add a camera's grain, so that the file is as large as a photograph's. Bytes of a hash are the noise."""
    noise = hashlib.shake_256(key.encode()).digest(SIZE[0] * SIZE[1])
    grain = Image.frombytes("L", SIZE, noise).point(lambda level: 124 + level // 36)
    return ImageChops.add(image, Image.merge("RGB", (grain, grain, grain)), scale=1.0, offset=-128)


def _behind(sketch: Sketch, look: Look) -> None:
    """Hair that falls behind the shoulders and the neck."""
    if look.hair == "long":
        sketch.ellipse(240, 300, 128 * look.face_width, 200, look.hair_colour)
        sketch.box(240 - 128 * look.face_width, 300, 240 + 128 * look.face_width, 500, look.hair_colour)
    elif look.hair == "bob":
        sketch.ellipse(240, 275, 124 * look.face_width, 150, look.hair_colour)
    elif look.hair == "bun":
        sketch.ellipse(240, 118, 52, 46, look.hair_colour)


def _neck(sketch: Sketch, look: Look) -> None:
    sketch.box(198, 370, 282, 500, shade(look.skin, 0.86))
    sketch.ellipse(240, 500, 52, 30, shade(look.skin, 0.86))


def _head(sketch: Sketch, look: Look) -> None:
    width, length = 100 * look.face_width, 135 * look.face_length
    for side in (-1, 1):
        sketch.ellipse(240 + side * width * 0.99, 285, 16, 28, shade(look.skin, 0.93))
    sketch.ellipse(240, 262, width, length * 0.93, look.skin)
    # The jaw is narrower than the skull.
    sketch.ellipse(240, 310, width * 0.86, length * 0.80, look.skin)
    if look.hair in ("headscarf", "songkok"):
        return
    _hair_cap(sketch, look, width)


def _hair_cap(sketch: Sketch, look: Look, width: float) -> None:
    """The hair on the skull, with an arched hair line; on a bald head only what is left at the sides."""
    for side in (-1, 1):
        sketch.ellipse(240 + side * width * 0.95, 232, 11, 42, look.hair_colour)
    if look.hair == "balding":
        sketch.half_ellipse(240, 226, width * 0.93, 92, look.skin)
        return
    sketch.half_ellipse(240, 216, width * 1.05, 92, look.hair_colour)
    if look.hair == "parted":
        sketch.polygon([(168, 218), (200, 186), (268, 166), (312, 218)], look.skin)
    else:
        sketch.half_ellipse(240, 218, width * 0.84, 40, look.skin)


def _features(sketch: Sketch, look: Look) -> None:
    dark = shade(look.skin, 0.55)
    for side in (-1, 1):
        x = 240 + side * 42 * look.eye_distance
        _eye(sketch, look, x, side)
        if look.wrinkles:
            sketch.curve([(x - 20, 291), (x, 297), (x + 20, 291)], shade(look.skin, 0.82), 2)
            sketch.curve(
                [(240 + side * 34, 330), (240 + side * 48, 350), (240 + side * 50, 368)],
                shade(look.skin, 0.82),
                3,
            )
    nose = 17 * look.nose_width
    sketch.curve([(234, 282), (230, 312), (240 - nose, 328)], shade(look.skin, 0.78), 3)
    sketch.curve([(240 - nose, 328), (240, 338), (240 + nose, 328)], shade(look.skin, 0.72), 4)
    mouth = 34 * look.mouth_width
    if look.moustache:
        sketch.curve([(240 - mouth, 352), (240, 344), (240 + mouth, 352)], look.hair_colour, 8)
    lips = shade((178, 92, 88), 0.6 + look.skin[0] / 600)
    sketch.curve([(240 - mouth, 366), (240, 366 + look.smile), (240 + mouth, 366)], lips, 8)
    sketch.curve([(240 - mouth, 366), (240, 364 + look.smile), (240 + mouth, 366)], dark, 2)
    if look.glasses:
        _glasses(sketch, look)


def _eye(sketch: Sketch, look: Look, x: float, side: int) -> None:
    size = look.eye_size
    sketch.ellipse(x, 272, 21 * size, 10 * size, (246, 244, 240))
    sketch.ellipse(x, 272, 9.5 * size, 9.5 * size, (52, 34, 24))
    sketch.ellipse(x + 3, 269, 2.5, 2.5, (255, 255, 255))
    lid = [(x - 22 * size, 272), (x, 272 - 13 * size), (x + 22 * size, 272)]
    sketch.curve(lid, shade(look.skin, 0.42), 4)
    inner, outer = 246 + look.brow_slope / 2, 246 - look.brow_slope / 2
    brow = [(x - side * 24, inner), (x, 238), (x + side * 27, outer + 4)]
    sketch.curve(brow, shade(look.hair_colour, 0.9), 7)


def _glasses(sketch: Sketch, look: Look) -> None:
    frame = (40, 36, 36)
    for side in (-1, 1):
        x = 240 + side * 42 * look.eye_distance
        sketch.ring(x, 273, 33, 25, frame, 4)
        sketch.curve([(x + side * 32, 268), (240 + side * 98 * look.face_width, 262)], frame, 4)
    sketch.curve([(240 - 10, 268), (240, 263), (240 + 10, 268)], frame, 4)


def _before(sketch: Sketch, look: Look) -> None:
    """What lies over the face: a cap, or a scarf that frames it."""
    if look.hair == "songkok":
        _songkok(sketch, look)
    elif look.hair == "headscarf":
        _headscarf(sketch, look)


def _songkok(sketch: Sketch, look: Look) -> None:
    width = 100 * look.face_width
    cloth = (26, 24, 28)
    for side in (-1, 1):
        sketch.box(240 + side * width * 0.96 - 6, 200, 240 + side * width * 0.96 + 6, 250, look.hair_colour)
    corners = [(240 - width * 1.04, 208), (240 - width * 0.92, 112), (240 + width * 0.92, 112)]
    sketch.polygon([*corners, (240 + width * 1.04, 208)], cloth)
    sketch.ellipse(240, 112, width * 0.92, 14, shade(cloth, 1.5))
    sketch.half_ellipse(240, 207, width * 1.04, -14, cloth)


def _headscarf(sketch: Sketch, look: Look) -> None:
    width, length = 100 * look.face_width, 135 * look.face_length
    cloth = look.scarf_colour
    sketch.frame(
        outer=(240, 285, width * 1.28, length * 1.32),
        inner=(240, 292, width * 0.83, length * 0.87),
        fill=cloth,
    )
    bottom = 292 + length * 0.84
    sketch.polygon(
        [
            (110, 640),
            (150, 430),
            (190, bottom - 28),
            (240, bottom),
            (290, bottom - 28),
            (330, 430),
            (370, 640),
        ],
        cloth,
    )
    for fold in (-1, 1):
        sketch.curve(
            [(240 + fold * 58, bottom - 10), (240 + fold * 20, bottom + 60), (240 - fold * 40, 600)],
            shade(cloth, 0.86),
            4,
        )
