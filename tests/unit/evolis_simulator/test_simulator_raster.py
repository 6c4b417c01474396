"""Panels: packing, compression, orientation, colours, the stamp."""

from __future__ import annotations

import numpy as np
import pytest

from simulators.evolis.models import model_named
from simulators.evolis.raster import RasterError, compose, expand, unpack
from simulators.evolis.stamp import stamped

PRIMACY, ZENIUS = model_named("Primacy"), model_named("Zenius")


@pytest.mark.parametrize(("levels", "bits"), [(32, 5), (64, 6), (128, 7), (256, 8)])
def test_values_are_packed_bit_after_bit_most_significant_first(levels: int, bits: int) -> None:
    values = np.arange(1016 * 648) % levels
    packed = np.packbits(((values[:, None] >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8)).tobytes()
    ink = unpack(packed, levels, PRIMACY).reshape(-1)
    assert len(packed) == 1016 * 648 * bits // 8
    assert ink[0] == 0
    assert ink[levels - 1] == 255
    assert np.array_equal(ink, np.rint(values * 255 / (levels - 1)).astype(np.uint8))


def test_a_panel_of_the_guides_wrong_size_is_refused() -> None:
    with pytest.raises(RasterError):
        unpack(bytes(84_624), 2, PRIMACY)


def test_compressed_lines_expand() -> None:
    data = b"\x00" + b"\xff" + b"\x02\xf0\x0f" + b"\x00" * 1013
    panel = expand(data, ZENIUS)
    assert panel[:81] == bytes(81)
    assert panel[81:162] == b"\xff" * 81
    assert panel[162:243] == b"\xf0\x0f" + bytes(79)
    assert len(panel) == 82_296


@pytest.mark.parametrize("data", [bytes(1015), bytes(1017), bytes(1015) + b"\x52", bytes(1015) + b"\x05\x01"])
def test_compressed_panels_with_other_lines_are_refused(data: bytes) -> None:
    with pytest.raises(RasterError):
        expand(data, ZENIUS)


def test_line_0_is_the_left_column_and_dots_run_upwards() -> None:
    ink = np.zeros((1016, 648), dtype=np.uint8)
    ink[0, 0] = ink[1015, 647] = 255
    picture = compose({"k": ink}, PRIMACY)
    assert picture.shape == (648, 1016, 3)
    assert {(int(row), int(column)) for row, column in np.argwhere(picture[..., 0] == 0)} == {
        (647, 0),
        (0, 1015),
    }


def test_inks_take_their_colour_out_of_white_and_varnish_is_not_seen() -> None:
    full = np.full((1016, 648), 255, dtype=np.uint8)
    assert compose({"y": full}, PRIMACY)[0, 0].tolist() == [255, 255, 0]
    assert compose({"m": full}, PRIMACY)[0, 0].tolist() == [255, 0, 255]
    assert compose({"c": full}, PRIMACY)[0, 0].tolist() == [0, 255, 255]
    assert compose({"o": full}, PRIMACY)[0, 0].tolist() == [255, 255, 255]
    assert compose({"y": full, "k": full}, PRIMACY)[0, 0].tolist() == [0, 0, 0]


def test_the_stamp_shows_on_white_and_hides_no_black() -> None:
    white = np.full((648, 1016, 3), 255, dtype=np.uint8)
    marked = stamped(white)
    share = float(np.mean(np.any(marked != white, axis=-1)))
    assert 0.01 < share < 0.2
    assert marked.min() > 170
    lower_edge, middle = marked[600:], marked[200:450]
    assert lower_edge.min() < 255
    assert middle.min() < 255
    assert not stamped(np.zeros((648, 1016, 3), dtype=np.uint8)).any()
