import json
from pathlib import Path

import pytest

from simulators.people.folders import JsonValue, write_people

COUNT = 60


@pytest.fixture(scope="session")
def people_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("people")
    write_people(seed=1, count=COUNT, out=out)
    return out


@pytest.fixture(scope="session")
def records(people_folder: Path) -> list[dict[str, JsonValue]]:
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(people_folder.glob("*/record.json"))
    ]
