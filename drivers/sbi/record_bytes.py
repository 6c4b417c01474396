"""Taking a record apart from its beginning."""

import struct

from drivers.sbi.errors import Reason, RecordUnusable


class RecordBytes:
    """The bytes of a record, and how far they are read."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, length: int) -> bytes:
        """The next so many bytes.

        Raises:
            RecordUnusable: RECORD_MALFORMED, there are not so many.
        """
        part = self._content[self._at : self._at + length]
        if len(part) != length:
            raise RecordUnusable(Reason.RECORD_MALFORMED, "the record is cut off")
        self._at += length
        return part

    def unpack(self, form: struct.Struct) -> tuple[int, ...]:
        """The next numbers.

        Raises:
            RecordUnusable: RECORD_MALFORMED, the record ends before them.
        """
        return form.unpack(self.take(form.size))

    def byte(self) -> int:
        """The next byte.

        Raises:
            RecordUnusable: RECORD_MALFORMED, there is none.
        """
        return self.take(1)[0]

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._content) - self._at
