"""The folder of one chip: `chip.json`, which changes, and `keys.json`, which the factory wrote."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from simulators.chip.state import ChipState

_STATE = "chip.json"
_KEYS = "keys.json"


@dataclass(frozen=True)
class StaticKeys:
    """The static SCP03 keys of one card, AES-128 each."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")

    encryption: bytes
    mac: bytes
    data: bytes  # Key-DEK: made and kept, used by no command of this profile


_STATE_FORM = TypeAdapter(ChipState)
_KEYS_FORM = TypeAdapter(StaticKeys)


def load_state(folder: Path) -> ChipState:
    """Read the saved chip.

    Raises:
        FileNotFoundError: no chip was made in this folder.
        ValueError: the file is no saved chip.
    """
    return _STATE_FORM.validate_json((folder / _STATE).read_bytes())


def load_keys(folder: Path) -> StaticKeys:
    """Read the static keys; raises as `load_state` does."""
    return _KEYS_FORM.validate_json((folder / _KEYS).read_bytes())


def save_state(folder: Path, state: ChipState) -> None:
    """Put the chip on the disk so that a power cut leaves the old or the new one, never a half."""
    _replace_file(folder / _STATE, _STATE_FORM.dump_json(state, indent=1))


def save_keys(folder: Path, keys: StaticKeys) -> None:
    """Put the static keys on the disk."""
    _replace_file(folder / _KEYS, _KEYS_FORM.dump_json(keys, indent=1))


def _replace_file(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # the rename itself is durable only with its directory
    finally:
        os.close(directory)
