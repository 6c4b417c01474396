"""Commands on templates: buffers, comparison, library (facts: scanners.md, the command table)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from simulators.zhiantec import templates
from simulators.zhiantec.answer import Answer, coded, numbers
from simulators.zhiantec.codes import Code, Command
from simulators.zhiantec.truth import SensorTruth

BUFFERS: Final = (1, 2)
_PAGES_A_BITMAP: Final = 256


class Library:
    """The two buffers and the library pages of a sensor."""

    def __init__(self, truth: SensorTruth, pages: int) -> None:
        self._truth = truth
        self._pages = pages

    def table(self) -> Mapping[Command, Callable[[bytes], Answer]]:
        """Return the commands that are served here."""
        return {
            Command.MATCH: self._match,
            Command.SEARCH: self._search,
            Command.FAST_SEARCH: self._search,
            Command.REGISTER_MODEL: self._register,
            Command.STORE: self._store,
            Command.LOAD: self._load,
            Command.UPLOAD_TEMPLATE: self._upload,
            Command.DOWNLOAD_TEMPLATE: self._download,
            Command.DELETE: self._delete,
            Command.EMPTY: self._empty,
            Command.COUNT: self._count,
            Command.INDEX: self._index,
        }

    def keep(self, buffer: int, template: bytes) -> None:
        """Put a template into a buffer."""
        self._truth.buffers[buffer] = template.hex()

    def _buffer(self, number: int) -> bytes | None:
        held = self._truth.buffers.get(number)
        return None if held is None else bytes.fromhex(held)

    def _match(self, payload: bytes) -> Answer:
        numbers(payload)
        one, other = self._buffer(1), self._buffer(2)
        value = templates.score(one, other) if one is not None and other is not None else 0
        return coded(Code.OK, value.to_bytes(2, "big")) if value else coded(Code.NO_MATCH)

    def _search(self, payload: bytes) -> Answer:
        buffer, start, count = numbers(payload, 1, 2, 2)
        sought = self._buffer(buffer)
        if sought is None:
            return coded(Code.NOT_FOUND)
        scores = {
            page: templates.score(sought, bytes.fromhex(held))
            for page, held in self._truth.library.items()
            if start <= page < start + count
        }
        best = max(scores, key=lambda page: (scores[page], -page), default=None)
        if best is None or not scores[best]:
            return coded(Code.NOT_FOUND)
        return coded(Code.OK, best.to_bytes(2, "big") + scores[best].to_bytes(2, "big"))

    def _register(self, payload: bytes) -> Answer:
        numbers(payload)
        one, other = self._buffer(1), self._buffer(2)
        if one is None or other is None or not templates.score(one, other):
            return coded(Code.NOT_ONE_FINGER)
        for number in BUFFERS:  # the model stands in both buffers
            self.keep(number, one)
        return coded(Code.OK)

    def _store(self, payload: bytes) -> Answer:
        buffer, page = numbers(payload, 1, 2)
        held = self._truth.buffers.get(buffer)
        if page >= self._pages or held is None:
            return coded(Code.PAGE)
        self._truth.library[page] = held
        return coded(Code.OK)

    def _load(self, payload: bytes) -> Answer:
        buffer, page = numbers(payload, 1, 2)
        if page >= self._pages or buffer not in BUFFERS:
            return coded(Code.PAGE)
        held = self._truth.library.get(page)
        if held is None:
            return coded(Code.LOAD)
        self._truth.buffers[buffer] = held
        return coded(Code.OK)

    def _upload(self, payload: bytes) -> Answer:
        (buffer,) = numbers(payload, 1)
        held = self._buffer(buffer)
        return coded(Code.LOAD) if held is None else Answer(bytes([Code.OK]), data=held)

    def _download(self, payload: bytes) -> Answer:
        (buffer,) = numbers(payload, 1)
        if buffer not in BUFFERS:
            return coded(Code.NO_DATA_PACKETS)
        return Answer(bytes([Code.OK]), expects=lambda data: self.keep(buffer, data[: templates.LENGTH]))

    def _delete(self, payload: bytes) -> Answer:
        page, count = numbers(payload, 2, 2)
        if page + count > self._pages:
            return coded(Code.DELETE)
        for number in range(page, page + count):
            self._truth.library.pop(number, None)
        return coded(Code.OK)

    def _empty(self, payload: bytes) -> Answer:
        numbers(payload)
        self._truth.library.clear()
        return coded(Code.OK)

    def _count(self, payload: bytes) -> Answer:
        numbers(payload)
        return coded(Code.OK, len(self._truth.library).to_bytes(2, "big"))

    def _index(self, payload: bytes) -> Answer:
        (part,) = numbers(payload, 1)
        bitmap = bytearray(_PAGES_A_BITMAP // 8)
        for page in self._truth.library:
            place = page - part * _PAGES_A_BITMAP
            if 0 <= place < _PAGES_A_BITMAP:
                bitmap[place // 8] |= 1 << place % 8  # the lowest bit is the lowest page
        return coded(Code.OK, bytes(bitmap))
