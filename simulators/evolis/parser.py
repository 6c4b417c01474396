"""The command stream: bytes in, commands out, however the bytes are split.

Evidence (fact sheet, Framing): ESC mnemonic;parameters CR (G). ESC may be left out right after a CR (G).
NUL between commands is padding (W, S), `<...>` tags stand outside commands (S). Bitmap data is never
searched: its length follows from the levels and the raster, or is declared (Dbc: G, W).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from simulators.evolis.framing import Framing
from simulators.evolis.models import BITS_OF_LEVELS, Model

LONGEST_HEADER = 256  # assumed; the longest one seen is far shorter
NUL = 0x00
TAG_START, TAG_END = ord("<"), ord(">")

# Fields between the mnemonic and the data. Dbc has three (W and guide section 4; section 8 lists four).
DATA_FIELDS = {"Db": 2, "Dbc": 3, "Dbx": 4, "Dbp": 4}


@dataclass(frozen=True)
class Command:
    """One command; `data` is what a bitmap command carries."""

    mnemonic: str
    parameters: tuple[str, ...] = ()
    data: bytes | None = None


@dataclass(frozen=True)
class Garbage:
    """Bytes that are no command; answered with ERR once for each run of them."""

    reason: str


Item = Command | Garbage


class _State(Enum):
    BETWEEN = auto()
    AFTER_END = auto()  # right behind a CR, where ESC may be left out (G)
    TAG = auto()
    HEADER = auto()
    DATA = auto()
    DATA_END = auto()
    NOISE = auto()


class CommandParser:
    """Cuts one connection's bytes into commands for one model of printer."""

    def __init__(self, model: Model, framing: Framing) -> None:
        self._model = model
        self._framing = framing
        self._buffer = bytearray()
        self._state = _State.BETWEEN
        self._command = Command("")
        self._wanted = 0
        self._noise = 0
        self.bitmaps_begun = 0

    def feed(self, chunk: bytes) -> Iterator[Item]:
        """Take a chunk; yield what has become complete, lazily, because a command may change the framing."""
        self._buffer += chunk
        while self._buffer or self._state is _State.DATA:
            before = (self._state, len(self._buffer))
            item = self._step()
            if item is not None:
                yield item
            elif before == (self._state, len(self._buffer)):
                return

    def _step(self) -> Item | None:
        if self._state is _State.HEADER:
            return self._header()
        if self._state is _State.DATA:
            return self._data()
        if self._state is _State.DATA_END:
            return self._data_end()
        if self._state is _State.TAG:
            self._skip_tag()
            return None
        if self._state is _State.NOISE:
            self._skip_noise()
            return None
        return self._between()

    def _between(self) -> Item | None:
        first = self._buffer[0]
        may_omit_start = self._state is _State.AFTER_END
        self._state = _State.BETWEEN
        if first == self._framing.start:
            del self._buffer[0]
            self._state = _State.HEADER
        elif first == NUL:
            del self._buffer[0]
        elif first == TAG_START:
            self._state = _State.TAG
        elif may_omit_start and chr(first).isascii() and chr(first).isalpha():
            self._state = _State.HEADER
        else:
            return self._broken("bytes outside a command")
        return None

    def _skip_tag(self) -> None:
        end = self._buffer.find(TAG_END)
        if end < 0:
            self._buffer.clear()
            return
        del self._buffer[: end + 1]
        self._state = _State.BETWEEN

    def _skip_noise(self) -> None:
        # a long run is lost bitmap data, in which only ESC is worth a new start (assumed)
        ends = {self._framing.start}
        if self._noise < LONGEST_HEADER:
            ends |= {self._framing.end, TAG_START}
        for index, byte in enumerate(self._buffer):
            if byte in ends:
                del self._buffer[: index + (byte == self._framing.end)]
                self._state = _State.BETWEEN
                return
        self._noise += len(self._buffer)
        self._buffer.clear()

    def _broken(self, reason: str) -> Garbage:
        self._state = _State.NOISE
        self._noise = 0
        return Garbage(reason)

    def _header(self) -> Item | None:
        fields: list[str] = []
        begin = 0
        for index, byte in enumerate(self._buffer[:LONGEST_HEADER]):
            if byte == self._framing.end:
                fields.append(self._buffer[begin:index].decode("ascii"))
                return self._plain(fields, index + 1)
            if byte == self._framing.separator:
                fields.append(self._buffer[begin:index].decode("ascii"))
                begin = index + 1
                if len(fields) == DATA_FIELDS.get(fields[0], LONGEST_HEADER) + 1:
                    return self._begin_data(fields, index + 1)
            elif not 0x20 <= byte <= 0x7E:
                del self._buffer[:index]
                return self._broken("a command broken off")
        if len(self._buffer) < LONGEST_HEADER:
            return None
        return self._broken("a command without an end")

    def _plain(self, fields: list[str], length: int) -> Item:
        del self._buffer[:length]
        self._state = _State.AFTER_END
        mnemonic, parameters = fields[0], tuple(fields[1:])
        if mnemonic in DATA_FIELDS:
            return Garbage(f"{mnemonic} without its data")
        if mnemonic == "Psc":
            # the change takes effect at once; a refused one is answered by the interpreter
            self._framing.change(parameters)
        return Command(mnemonic, parameters)

    def _begin_data(self, fields: list[str], length: int) -> Item | None:
        del self._buffer[:length]
        wanted = self._data_length(fields)
        if wanted is None:
            return self._broken(f"{fields[0]} whose length cannot be known")
        self._command = Command(fields[0], tuple(fields[1:]))
        self._wanted = wanted
        self.bitmaps_begun += 1
        self._state = _State.DATA
        return None

    def _data_length(self, fields: list[str]) -> int | None:
        mnemonic, levels = fields[0], _number(fields[2])
        if levels not in BITS_OF_LEVELS:
            return None
        if mnemonic == "Dbc":
            declared = _number(fields[3])
            # assumed: more than twice an uncompressed panel is refused
            return declared if 0 < declared <= 2 * self._model.panel_bytes(256) else None
        if mnemonic == "Dbp":
            # G: up to 420 lines
            lines = _number(fields[4])
            bits = BITS_OF_LEVELS[levels] * lines * self._model.dots
            return bits // 8 if 0 < lines <= 420 else None
        return self._model.panel_bytes(levels)

    def _data(self) -> Item | None:
        if len(self._buffer) < self._wanted:
            return None
        data = bytes(self._buffer[: self._wanted])
        del self._buffer[: self._wanted]
        self._command = Command(self._command.mnemonic, self._command.parameters, data)
        self._state = _State.DATA_END
        return None

    def _data_end(self) -> Item:
        if self._buffer[0] != self._framing.end:
            return self._broken(f"{self._command.mnemonic} with data of another length than declared")
        del self._buffer[0]
        self._state = _State.AFTER_END
        return self._command


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
