"""Pictures to panels: orientation, packing, the K rule, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.evolis.errors import CapabilityError, InkLimitError, RasterError
from drivers.evolis.models import PrinterModel, bits_of, find_model
from drivers.evolis.panels import Panel, ink_share, make_panels, pack_levels, to_lines
from tests.unit.evolis_driver.evolis_faces import PlainFace, photo_face, white_face

PRIMACY = find_model("Primacy 2")
TINY = replace(PRIMACY, lines=16, dots=8)
"""A card of 8 rows and 16 columns, small enough to write panels down by hand."""


def panels_by_letter(face: PlainFace, model: PrinterModel) -> dict[str, Panel]:
    return {panel.letter: panel for panel in make_panels(face, model, ("y", "m", "c", "k", "o"))}


def unpack(data: bytes, bits: int) -> list[int]:
    """Read the bits one after another, as the fact sheet words it: a second, slow reading of the packing."""
    text = "".join(f"{byte:08b}" for byte in data)
    return [int(text[i : i + bits], 2) for i in range(0, len(text) - bits + 1, bits)]


def test_line_0_is_the_left_column_read_from_bottom_to_top() -> None:
    picture = np.arange(8 * 16, dtype=np.uint8).reshape(8, 16)
    lines = to_lines(picture)
    assert lines.shape == (16, 8)
    assert lines[0].tolist() == picture[::-1, 0].tolist()
    assert lines[15].tolist() == picture[::-1, 15].tolist()
    assert np.array_equal(np.rot90(lines, 1), picture)  # the sheet: image = panel turned counter-clockwise


def test_a_black_dot_in_the_lower_left_corner_is_the_first_bit_of_k() -> None:
    face = white_face(TINY)
    face.black[7, 0] = True
    assert panels_by_letter(face, TINY)["k"].data == b"\x80" + bytes(15)


def test_a_black_dot_in_the_upper_right_corner_is_the_last_bit_of_k() -> None:
    face = white_face(TINY)
    face.black[0, 15] = True
    assert panels_by_letter(face, TINY)["k"].data == bytes(15) + b"\x01"


def test_yellow_takes_blue_away_magenta_green_and_cyan_red() -> None:
    face = white_face(TINY)
    face.colour[7, 0] = (10, 20, 30)
    panels = panels_by_letter(face, TINY)
    assert (panels["y"].data[0], panels["m"].data[0], panels["c"].data[0]) == (225, 235, 245)
    assert panels["y"].data[1:] == bytes(127)


def test_ink_is_cleared_under_k_and_true_black_in_the_colours_stays_colour() -> None:
    face = white_face(TINY)
    face.colour[7, 0] = (0, 0, 0)
    face.black[7, 0] = True
    face.colour[6, 0] = (0, 0, 0)
    panels = panels_by_letter(face, TINY)
    for letter in ("y", "m", "c"):
        assert panels[letter].data[:2] == b"\x00\xff"
    assert panels["k"].data[0] == 0x80


def test_the_overlay_is_full_and_white_paper_takes_no_ink() -> None:
    panels = panels_by_letter(white_face(PRIMACY), PRIMACY)
    assert panels["o"].data == b"\xff" * 82_296
    assert panels["y"].data == bytes(658_368)
    assert [len(panel.data) for panel in panels.values()] == [658_368] * 3 + [82_296] * 2
    assert [panel.levels for panel in panels.values()] == [256, 256, 256, 2, 2]


@given(st.binary(min_size=8, max_size=64), st.sampled_from([2, 32, 64, 128, 256]))
def test_packing_is_msb_first_without_gaps(ink: bytes, levels: int) -> None:
    ink = ink[: len(ink) // 8 * 8]
    bits = bits_of(levels)
    packed = pack_levels(np.frombuffer(ink, dtype=np.uint8), levels)
    assert len(packed) == len(ink) * bits // 8
    assert unpack(packed, bits) == [value >> (8 - bits) for value in ink]


@pytest.mark.parametrize("levels", [2, 32, 64, 128, 256])
def test_full_ink_is_all_ones(levels: int) -> None:
    assert set(pack_levels(np.full((16, 8), 255, dtype=np.uint8), levels)) == {0xFF}


@given(st.binary(min_size=64, max_size=64), st.sampled_from([32, 64, 128, 256]))
@settings(max_examples=30)
def test_ink_share_is_the_mean_of_the_levels(ink: bytes, levels: int) -> None:
    packed = pack_levels(np.frombuffer(ink, dtype=np.uint8), levels)
    values = unpack(packed, bits_of(levels))
    assert ink_share(Panel("y", levels, packed)) == pytest.approx(sum(values) / 64 / (levels - 1))


@pytest.mark.parametrize("turned", ["colour", "black", "both"])
def test_a_picture_turned_by_90_degrees_is_refused(turned: str) -> None:
    face = white_face(PRIMACY)
    colour = face.colour if turned == "black" else np.ascontiguousarray(face.colour.swapaxes(0, 1))
    black = face.black if turned == "colour" else np.ascontiguousarray(face.black.T)
    with pytest.raises(RasterError, match=r"648, 1016"):
        make_panels(PlainFace(colour, black), PRIMACY, ("y", "m", "c", "k", "o"))


def test_a_full_black_k_panel_is_refused_because_it_snapped_the_ribbon() -> None:
    face = white_face(PRIMACY)
    face.black[:, :] = True
    with pytest.raises(InkLimitError, match="100%"):
        make_panels(face, PRIMACY, ("y", "m", "c", "k", "o"))


def test_colours_on_a_black_ribbon_are_refused_instead_of_left_out() -> None:
    with pytest.raises(CapabilityError, match="colours"):
        make_panels(photo_face(PRIMACY), PRIMACY, ("k",))
    black_only = white_face(PRIMACY)
    black_only.black[10:20, 10:20] = True
    black_only.colour[10:20, 10:20] = 0
    assert len(make_panels(black_only, PRIMACY, ("k",))) == 1


def test_black_on_a_ribbon_without_k_is_refused() -> None:
    with pytest.raises(CapabilityError, match="no K panel"):
        make_panels(photo_face(PRIMACY), PRIMACY, ("y", "m", "c"))
