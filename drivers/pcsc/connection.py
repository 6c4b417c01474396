"""What a chip driver needs of a reader: commands in, answers out."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Response:
    """Answer of a card to one command, ISO 7816-4 clause 5.1.

    Attributes:
        data: response data field.
        sw: status word, 16 bits.
    """

    data: bytes = field(repr=False)
    sw: int

    @classmethod
    def parse(cls, answer: bytes) -> "Response":
        """Split an answer of at least 2 bytes; the status word is its end.

        Raises:
            ValueError: fewer than 2 bytes.
        """
        if len(answer) < 2:
            raise ValueError(f"an answer of {len(answer)} bytes holds no status word")
        return cls(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def to_bytes(self) -> bytes:
        """Join data and status word as they are on the wire."""
        return self.data + self.sw.to_bytes(2, "big")


class CardConnection(Protocol):
    """A powered card behind some reader."""

    @property
    def session(self) -> int:
        """Number that rises with every power-up of a card; whatever the card forgot went with the last."""

    def transmit(self, apdu: bytes) -> Response:
        """Send one command and return the card's answer.

        Raises:
            ReaderError: no answer; `outcome_unknown` says whether the card may have acted.
        """
