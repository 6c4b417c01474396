"""Ways to hurt JSON: values of other kinds, keys that come and go, text that is none."""

import json
from random import Random
from typing import Final

from tests.fuzz.bytes_hurt import hurt

VALUES: Final[tuple[object, ...]] = (
    None,
    True,
    0,
    -1,
    1,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    " ",
    "0",
    "a" * 64,
    "f" * 100_000,
    "\u0000",
    "\U0001f600",
    "é",
    "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01",
    "../../etc/passwd",
    "'; DROP TABLE held_records; --",
    "%s %n {0} {name}",
    [],
    [[]],
    {},
    {"a": {"b": {}}},
)


def other_value(random: Random, value: object) -> object:
    """Another value, or the same one a little hurt."""
    if isinstance(value, str) and random.random() < 0.5:
        changed = hurt(random, value.encode()).decode("utf-8", "replace")
        return changed if random.random() < 0.8 else value.upper()
    if isinstance(value, int) and random.random() < 0.5:
        return value + random.choice((-1, 1, 256, -value, 2**40))
    return random.choice(VALUES)


def edit(random: Random, document: dict[str, object]) -> dict[str, object]:
    """Change, drop or add a field."""
    changed = dict(document)
    name = random.choice(sorted(changed))
    way = random.randrange(6)
    if way == 0:
        del changed[name]
    elif way == 1:
        changed[random.choice(("extra", "", "__proto__", name.upper()))] = random.choice(VALUES)
    else:
        changed[name] = other_value(random, changed[name])
    return changed


def spoil(random: Random, text: bytes) -> bytes:
    """Make text that is not quite JSON, or JSON of another form."""
    return random.choice(
        (
            hurt(random, text),
            text.replace(b",", b", ", 1),
            text.replace(b"{", b'{"format":"x",', 1),
            text[:-1] + b',"a":NaN}',
            b"[" * random.choice((10, 1000, 100_000)),
            b'{"a":' * 2000,
            b"\xef\xbb\xbf" + text,
            text.decode().encode("utf-16"),
            text + b"\n",
            b"null",
            b"",
            text.replace(b'"', b"'", 2),
            json.dumps(json.loads(text), indent=1).encode(),
            json.dumps([json.loads(text)]).encode(),
        )
    )
