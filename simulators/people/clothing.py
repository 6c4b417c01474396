"""Shoulders and clothes of a drawn portrait."""

from .look import Colour, Look
from .shapes import Sketch, shade

_WHITE: Colour = (244, 244, 242)


def draw_clothes(sketch: Sketch, look: Look) -> None:
    """Draw shoulders and what is worn on them."""
    _shoulders(sketch, look.cloth_colour if look.clothes != "batik" else (92, 58, 36))
    if look.clothes == "batik":
        _batik(sketch)
    elif look.clothes == "jacket":
        _jacket(sketch, look)
    if look.clothes == "collarless":
        sketch.ellipse(240, 478, 62, 36, shade(look.skin, 0.86))
    else:
        _collar(sketch, _WHITE if look.clothes == "jacket" else shade(look.cloth_colour, 0.92))


def _shoulders(sketch: Sketch, cloth: Colour) -> None:
    sketch.ellipse(240, 640, 205, 170, cloth)
    sketch.polygon([(150, 500), (240, 470), (330, 500), (330, 640), (150, 640)], cloth)


def _collar(sketch: Sketch, cloth: Colour) -> None:
    for side in (-1, 1):
        points = [(240 + side * 56, 448), (240 + side * 66, 488), (240 + side * 26, 530), (240, 496)]
        sketch.polygon(points, cloth)
        sketch.curve([points[1], points[2]], shade(cloth, 0.8), 2)
        sketch.curve([points[2], points[3]], shade(cloth, 0.8), 2)


def _jacket(sketch: Sketch, look: Look) -> None:
    dark = shade(look.cloth_colour, 0.55)
    _shoulders(sketch, dark)
    sketch.polygon([(196, 478), (284, 478), (240, 640)], _WHITE)
    sketch.polygon([(232, 508), (248, 508), (256, 640), (224, 640)], (120, 34, 40))
    for side in (-1, 1):
        inner, outer = [(40, 500), (6, 640)], [(30, 640), (84, 540), (50, 474)]
        sketch.polygon([(240 + side * x, y) for x, y in inner + outer], shade(dark, 0.8))


def _batik(sketch: Sketch) -> None:
    """Rows of lozenges on the cloth, those that lie on the shoulders."""
    for row in range(7):
        for column in range(-6, 7):
            x, y = 240 + column * 32 + (row % 2) * 16, 510 + row * 22
            if ((x - 240) / 190) ** 2 + ((y - 640) / 155) ** 2 > 1:
                continue
            sketch.polygon([(x - 10, y), (x, y - 8), (x + 10, y), (x, y + 8)], (206, 160, 92))
            sketch.ellipse(x, y, 3, 3, (92, 58, 36))
