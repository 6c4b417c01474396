"""Every synthetic person can be printed: the two parts agree on what a card may carry."""

import datetime
from collections import Counter
from pathlib import Path

import pytest

from simulators.people.folders import JsonValue
from templates.card import CardValues
from templates.card.fonts import FontSet, find_font_files
from templates.card.front import render_front
from templates.card.layout import load_layout
from templates.card.lint import lint
from templates.card.raster import Raster


def card_values(record: dict[str, JsonValue], folder: Path) -> CardValues:
    end = str(record["valid_until"])
    text = {key: str(value) for key, value in record.items()}
    return CardValues(
        province=text["province"],
        regency=text["regency"],
        nik=text["nik"],
        name=text["name"],
        birthplace=text["birthplace"],
        birth_date=datetime.date.fromisoformat(text["birth_date"]),
        sex=text["sex"],
        blood_group=text["blood_group"],
        address=text["address"],
        rt_rw=f"{text['rt']}/{text['rw']}",
        village=text["village"],
        district=text["district"],
        religion=text["religion"],
        marital_status=text["marital_status"],
        occupation=text["occupation"],
        nationality=text["nationality"],
        valid_until=None if end == "SEUMUR HIDUP" else datetime.date.fromisoformat(end),
        place_issued=text["place_issued"],
        date_issued=datetime.date.fromisoformat(text["date_issued"]),
        photo=(folder / "photo.jpg").read_bytes(),
        signature=(folder / "signature.png").read_bytes(),
    )


@pytest.mark.parametrize("raster", [Raster(1016, 648, 300, 300)])
def test_sixty_cards(records: list[dict[str, JsonValue]], people_folder: Path, raster: Raster) -> None:
    layout = load_layout()
    fonts = FontSet.load(layout, find_font_files(layout, [Path("/usr/share/fonts/truetype")]))
    warnings: Counter[str] = Counter()
    for number, record in enumerate(records, start=1):
        values = card_values(record, people_folder / f"{number:04}")
        warnings.update(warning.code for warning in lint(values, layout, fonts))
        face = render_front(values, layout, raster, fonts, specimen=True)
        assert 0.02 < face.black.mean() < 0.12
    # Titles, an older name and foreigners' hyphens and apostrophes; never a background, never a religion.
    assert warnings.keys() == {"name_not_only_letters"}
    assert warnings["name_not_only_letters"] >= 2
