"""The model table: sizes from the fact sheet, names as the vendor library takes them."""

import pytest

from drivers.evolis.errors import UnknownModelError
from drivers.evolis.models import K_LEVELS, MODELS, bits_of, find_model


@pytest.mark.parametrize(
    ("name", "colour_panel", "black_panel"),
    [
        ("Primacy", 658_368, 82_296),
        ("Primacy 2", 658_368, 82_296),
        ("KC200", 658_368, 82_296),
        ("Zenius", 576_072, 82_296),
        ("Badgy200", 499_618, 71_374),
        ("Agilia", 2_633_472, 329_184),
    ],
)
def test_panel_sizes_are_those_of_the_fact_sheet(name: str, colour_panel: int, black_panel: int) -> None:
    model = find_model(name)
    if name == "Badgy200":  # 1016 x 562 x 7 bits: 3,996,944 bits, no half byte
        assert model.lines * model.dots * bits_of(model.levels) % 8 == 0
    assert model.panel_size(model.levels) == colour_panel
    assert model.panel_size(K_LEVELS) == black_panel


def test_sizes_at_32_and_64_levels() -> None:
    primacy = find_model("Primacy")
    assert primacy.panel_size(32) == 411_480
    assert primacy.panel_size(64) == 493_776


@pytest.mark.parametrize(
    "name", ["Primacy 2", "primacy 2", "PRIMACY 2", "Evolis Primacy 2", "evolis primacy 2 "]
)
def test_names_as_the_vendor_library_takes_them(name: str) -> None:
    assert find_model(name).name == "Primacy 2"


@pytest.mark.parametrize("name", ["Primacy2", "", "Evolis", "Primacy 3", "Zebra ZXP7"])
def test_an_unknown_model_is_named_in_the_error(name: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        find_model(name)
    assert caught.value.name == name
    assert repr(name) in str(caught.value)


def test_every_panel_fills_whole_bytes() -> None:
    for model in MODELS:
        for levels in (K_LEVELS, model.levels):
            assert model.lines * model.dots * bits_of(levels) % 8 == 0


def test_other_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="16 levels"):
        bits_of(16)
